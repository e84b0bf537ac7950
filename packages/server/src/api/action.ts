import type { Static, TObject } from 'typebox';
import type { Caller } from '../services/caller.ts';

export type WireObject = Readonly<Record<string, unknown>>;

/** One Action of a service: what it takes and what it does. Answers the content of `Response` without RequestId. */
export interface Action {
  readonly name: string;
  readonly request: TObject;
  /** `parameters` fit `request`. */
  readonly handle: (caller: Caller, parameters: WireObject) => Promise<WireObject>;
}

/** Ties the handler's parameter type to the schema. */
export function action<S extends TObject>(
  name: string,
  request: S,
  handle: (caller: Caller, parameters: Static<S>) => Promise<WireObject>,
): Action {
  return { name, request, handle: (caller, parameters) => handle(caller, parameters as Static<S>) };
}
