import type { ActionDefinition, RequestOf, ResponseOf } from '@landbridge/catalogue/action-definition';
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

export type Handler<Definition extends ActionDefinition> = (
  caller: Caller,
  parameters: RequestOf<Definition>,
) => Promise<ResponseOf<Definition>>;

/** A handler for each Action that the catalogue has in this group, and for no other. */
export type Handlers<Group extends Readonly<Record<string, ActionDefinition>>> = {
  readonly [Name in keyof Group]: Handler<Group[Name]>;
};

/** What is defined, with what does it. */
export function actionsOf<Group extends Readonly<Record<string, ActionDefinition>>>(
  group: Group,
  handlers: Handlers<Group>,
): Action[] {
  return Object.entries(group).map(([name, { request }]) => {
    const handle = handlers[name] as unknown as Action['handle'];
    return { name, request, handle };
  });
}
