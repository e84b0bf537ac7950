/** A tenant, or the operator. Its resources are invisible to other accounts. */
export interface Account {
  readonly id: string;
  /** Unique; `admin` is the operator's. */
  readonly name: string;
  readonly isAdministrator: boolean;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** An access key without its secret half. */
export interface AccessKey {
  readonly secretId: string;
  readonly accountId: string;
  readonly accountName: string;
  readonly isAdministrator: boolean;
  readonly createdAt: number;
}

export const administratorAccount = 'admin';

/** An access key as it is kept. */
export interface SealedAccessKey {
  readonly secretId: string;
  readonly accountId: string;
  readonly sealedSecretKey: string;
  readonly createdAt: number;
}

/** Bytes of randomness in the two halves of an access key. */
const accessKeySizes = { secretId: 16, secretKey: 24 } as const;

/** `AKID` and 32 hex characters, 48 hex characters. @param token that many random bytes in hex. */
export function newAccessKey(token: (bytes: number) => string): {
  readonly secretId: string;
  readonly secretKey: string;
} {
  return { secretId: `AKID${token(accessKeySizes.secretId)}`, secretKey: token(accessKeySizes.secretKey) };
}
