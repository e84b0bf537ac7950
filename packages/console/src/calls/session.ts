import { signal } from '@preact/signals';
import { ask } from './ask.ts';
import { CallError } from './call-error.ts';

/** Who is signed in, as the server tells. */
export interface Session {
  readonly SecretId: string;
  readonly AccountId: string;
  readonly AccountName: string;
  readonly IsAdministrator: boolean;
  /** Those that the account has gateways in, and the usual one. */
  readonly Regions: readonly string[];
  readonly Version: string;
}

export type EndedBy = 'signed-out' | 'expired' | 'key-gone' | 'too-many';

/** Undefined: nobody knows yet; null: nobody is. */
export const session = signal<Session | null | undefined>(undefined);
/** Why there is none any more; null: there was none. */
export const endedBy = signal<EndedBy | null>(null);

/** Asks the server who is signed in. Throws CallError where it does not say. */
export async function readSession(): Promise<void> {
  try {
    session.value = (await ask({ method: 'GET', path: 'session' })) as unknown as Session;
  } catch (error) {
    if (!(error instanceof CallError) || error.status !== 401) throw error;
    session.value = null;
  }
}

/** Throws CallError. */
export async function signIn(SecretId: string, SecretKey: string): Promise<void> {
  const reply = await ask({ method: 'POST', path: 'session', body: { SecretId, SecretKey } });
  endedBy.value = null;
  session.value = reply as unknown as Session;
}

export async function signOut(): Promise<void> {
  await ask({ method: 'DELETE', path: 'session' }).catch((error: unknown) => {
    if (!(error instanceof CallError) || error.status !== 401) throw error;
  });
  ended('signed-out');
}

/** What was shown is shown no longer. */
export function ended(by: EndedBy): void {
  if (session.value !== null && session.value !== undefined) endedBy.value = by;
  session.value = null;
}
