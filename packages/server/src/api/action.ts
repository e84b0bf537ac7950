import type { ActionDefinition, RequestOf, ResponseOf } from '@landbridge/catalogue/action-definition';
import type { Caller } from '../services/caller.ts';

export type WireObject = Readonly<Record<string, unknown>>;

export type Handler<Definition extends ActionDefinition> = (
  caller: Caller,
  parameters: RequestOf<Definition>,
) => Promise<ResponseOf<Definition>>;

/** A handler for each Action that the catalogue has in this group, and for no other. */
export type Handlers<Group extends Readonly<Record<string, ActionDefinition>>> = {
  readonly [Name in keyof Group]: Handler<Group[Name]>;
};

/** One Action of a service: what it takes and what it does. Answers the content of `Response` without RequestId. */
export interface Action {
  readonly name: string;
  readonly definition: ActionDefinition;
  /** `parameters` fit the definition's request. */
  readonly handle: (caller: Caller, parameters: WireObject) => Promise<WireObject>;
}

/** What is defined, with what does it. */
export function actionsOf(
  group: Readonly<Record<string, ActionDefinition>>,
  handlers: Readonly<Record<string, Handler<never>>>,
): Action[] {
  return Object.entries(group).flatMap(([name, definition]) => {
    const handle = handlers[name] as Action['handle'] | undefined;
    return handle === undefined ? [] : { name, definition, handle };
  });
}
