import type { AccessPolicy } from './access-policy.ts';

/** What a token holds, sealed: nothing is kept of temporary credentials. They end with the key that made them, at the latest. */
export interface TokenContent {
  readonly secretKey: string;
  /** The access key that made it. */
  readonly keyId: string;
  /** In addition to that key's own; null: none. */
  readonly policy: AccessPolicy | null;
  /** Milliseconds since the epoch. */
  readonly expiresAt: number;
}

/** Seconds that temporary credentials may live. */
export const tokenLifetime = { least: 60, usual: 1800, most: 43_200 } as const;
/** Characters: no token of ours is longer, and longer ones are not opened. */
export const longestToken = 12_000;
