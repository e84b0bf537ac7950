import type { RequestOf, ResponseOf } from '@landbridge/catalogue/action-definition';
import type { ActionName, Actions } from '@landbridge/catalogue/services';
import { ask } from './ask.ts';
import { CallError } from './call-error.ts';
import { ended } from './session.ts';

export type Parameters<Name extends ActionName> = RequestOf<Actions[Name]>;
export type Reply<Name extends ActionName> = ResponseOf<Actions[Name]> & { readonly RequestId: string };

export interface CallOptions {
  /** The service's usual one unless given. */
  readonly region?: string;
  /** The page looks by itself. */
  readonly isBackground?: boolean;
  readonly signal?: AbortSignal;
}

/** Calls an Action as the signed call of the session's key. Throws CallError; who is signed in no longer is shown the sign-in page. */
export async function call<Name extends ActionName>(
  Action: Name,
  Parameters: Parameters<Name>,
  { region, ...options }: CallOptions = {},
): Promise<Reply<Name>> {
  const body = { Action, Parameters, ...(region === undefined ? {} : { Region: region }) };
  try {
    return (await ask({ method: 'POST', path: 'call', body, region, ...options })) as Reply<Name>;
  } catch (error) {
    if (error instanceof CallError && error.status === 401) ended('expired');
    throw error;
  }
}
