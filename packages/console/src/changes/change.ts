import type { ActionName } from '@landbridge/catalogue/services';
import type { Parameters } from '../calls/call.ts';

/** One call that changes something, to be previewed before it is made. */
export interface Change {
  readonly action: ActionName;
  readonly parameters: Readonly<Record<string, unknown>>;
}

export function change<Name extends ActionName>(action: Name, parameters: Parameters<Name>): Change {
  return { action, parameters: parameters as Readonly<Record<string, unknown>> };
}
