import type { AccessPolicy } from './access-policy.ts';

/** Who calls, once a signature has proven it. */
export interface Principal {
  readonly accountId: string;
  readonly isAdministrator: boolean;
  /** Of the key that signed. */
  readonly secretId: string;
  /** Of the access key behind it: another one where temporary credentials signed. */
  readonly keyId: string;
  /** Each of them has to allow what is asked. */
  readonly policies: readonly AccessPolicy[];
  /** Of the access key; null: it has no limit of its own. */
  readonly callsPerSecond: number | null;
}

/** Who it is if the signature was made with this key. */
export interface Credentials {
  readonly principal: Principal;
  readonly secretKey: string;
}

export function isTemporary({ secretId, keyId }: Principal): boolean {
  return secretId !== keyId;
}

/** Whether pre-shared keys are shown to it in clear. */
export function seesSecrets({ policies }: Principal): boolean {
  return policies.every(({ showsSecrets }) => showsSecrets);
}

/** Nothing but its account bounds what it may do: only such a one may give keys to others. */
export function isUnbounded(principal: Principal): boolean {
  return principal.policies.length === 0 && !isTemporary(principal);
}
