/**
 * A call that a client may send again: whoever repeats it with the same token is answered what was answered first, and
 * nothing is made twice.
 */
export interface ClientToken {
  /** Of the access key: tokens of different keys have nothing to do with each other. */
  readonly keyId: string;
  readonly token: string;
  /** Equal for calls of the same Action with the same parameters. */
  readonly callDigest: string;
  /** What the decision came to, sealed: it may hold secrets. */
  readonly sealedAnswer: string;
  readonly createdAt: number;
}

/** How long a token is remembered, and how many of a key: the oldest go first. */
export const clientTokenBounds = { retentionMs: 24 * 3600 * 1000, perKey: 500, characters: 64 } as const;
