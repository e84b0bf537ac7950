import type { AccessPolicy } from './access-policy.ts';

/** A tenant, or the operator. Its resources are invisible to other accounts. */
export interface Account {
  readonly id: string;
  /** Unique; `admin` is the operator's. */
  readonly name: string;
  readonly isAdministrator: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** What a key may be used for. */
export interface KeyTerms {
  /** Null: whatever its account may do. */
  readonly policy: AccessPolicy | null;
  /** Calls a second, of all Actions together; null: only the limits of each Action count. */
  readonly callsPerSecond: number | null;
  /** Milliseconds since the epoch; null: it does not expire. */
  readonly expiresAt: number | null;
}

export const unboundedTerms: KeyTerms = { policy: null, callsPerSecond: null, expiresAt: null };

/** An access key without its secret half. */
export interface AccessKey extends KeyTerms {
  readonly secretId: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly isAdministrator: boolean;
  readonly createdAt: number;
}

export const administratorAccount = 'admin';

/** An access key as it is kept. */
export interface SealedAccessKey extends KeyTerms {
  readonly secretId: string;
  readonly accountId: string;
  readonly sealedSecretKey: string;
  readonly createdAt: number;
}

/** With it everything can be put right: it may do all that there is, for ever. */
export function isMasterKey({ isAdministrator, policy, expiresAt }: AccessKey): boolean {
  return isAdministrator && policy === null && expiresAt === null;
}

export function isExpired({ expiresAt }: Pick<KeyTerms, 'expiresAt'>, now: number): boolean {
  return expiresAt !== null && expiresAt <= now;
}

/** Bytes of randomness in the two halves of an access key. */
const accessKeySizes = { secretId: 16, secretKey: 24 } as const;

/** `AKID` and 32 hex characters, 48 hex characters. */
export function newAccessKey(ids: { readonly token: (bytes: number) => string }): {
  readonly secretId: string;
  readonly secretKey: string;
} {
  return { secretId: `AKID${ids.token(accessKeySizes.secretId)}`, secretKey: ids.token(accessKeySizes.secretKey) };
}
