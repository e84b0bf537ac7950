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

/** A token for a call that may have to be sent twice: it is done once. */
export function newToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
