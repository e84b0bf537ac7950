import type { DhGroup, Encryption, IkeOptions, Integrity } from '../vpn/vpn-connection.ts';

/** What an IKE_SA is protected by (RFC 7296 section 2.7), in strongSwan's keywords. */
export interface IkeSuite {
  readonly encryption: Exclude<Encryption, 'null'>;
  /** Null: the encryption has integrity of its own (RFC 5282). */
  readonly integrity: Integrity | null;
  readonly prf: Integrity;
  readonly group: DhGroup;
}

/**
 * What came of asking a peer: `ours`: it accepts what the tunnel offers; `other`: not that, but something that could be offered;
 * `nothing`: none of it; `silent`: it answered no question; `unclear`: its answers are no answers.
 */
export type PeerVerdict = 'ours' | 'other' | 'nothing' | 'silent' | 'unclear';

export const peerVerdicts = ['ours', 'other', 'nothing', 'silent', 'unclear'] as const satisfies readonly PeerVerdict[];

/** What a peer accepts of what it was asked (peer-questions/). */
export interface PeerProposals {
  readonly verdict: PeerVerdict;
  /** What the tunnel offered then. */
  readonly offered: IkeSuite;
  /** What it chose; null unless it accepts something other than ours. */
  readonly suite: IkeSuite | null;
  /** What it accepts in place of what it chose, one at a time. */
  readonly also: {
    readonly [Type in keyof IkeSuite]: readonly NonNullable<IkeSuite[Type]>[];
  };
  /** The one nearest to ours that it accepts and that our parameters can be set to; null: there is none, or none is needed. */
  readonly settable: IkeSuite | null;
  /** Everything was asked that there was to ask. */
  readonly isComplete: boolean;
  /** Messages that were sent to it. */
  readonly messages: number;
  /** Questions that it accepted: each has left a half-open IKE_SA there for a while (30 s by charon's default). */
  readonly halfOpen: number;
  /** Milliseconds since the epoch. */
  readonly askedAt: number;
}

/** What has to be set for a tunnel to offer it: what differs. The hash of our parameters is integrity and PRF. */
export function settingsFor({ offered, settable }: Pick<PeerProposals, 'offered' | 'settable'>): IkeSettings {
  if (settable === null) return {};
  return {
    ...(settable.encryption === offered.encryption ? {} : { encryption: settable.encryption }),
    ...(settable.prf === offered.prf ? {} : { integrity: settable.prf }),
    ...(settable.group === offered.group ? {} : { dhGroup: settable.group }),
  };
}

export type IkeSettings = Partial<Pick<IkeOptions, 'encryption' | 'integrity' | 'dhGroup'>>;

/** Who asks peers what they would accept. Whoever cannot be reached now rejects with NotAskingError. */
export interface PeerAsking {
  /** @param accountId whose tunnel it is: says nothing to the side that asks but how often. */
  ask(tunnel: string, accountId: string): Promise<PeerProposals | AskRefusal>;
}

/** Why a peer is not asked now. */
export type AskRefusal =
  'not-there' | 'not-ikev2' | 'peer-asked-now' | 'account-asks-often' | 'host-busy' | 'not-started';

export const askRefusals = [
  ...(['not-there', 'not-ikev2', 'peer-asked-now', 'account-asks-often', 'host-busy', 'not-started'] as const),
] as const satisfies readonly AskRefusal[];

/** The acting side is away, or of a version that asks no peers. */
export class NotAskingError extends Error {
  override readonly name = 'NotAskingError';
}

export const askBounds = {
  /** Of one series, to the peer: repetitions and cookies count. */
  messages: 24,
  /** Between two messages. */
  spacingMs: 200,
  /** For an answer, after which it is sent once more, and waited for as long again. */
  answerMs: 1000,
  seriesMs: 20_000,
  /**
   * Half-open IKE_SAs that a series may leave at the peer: charon's `block_threshold` is 5 for an address, and what is blocked is our
   * tunnels' own.
   */
  halfOpen: 4,
  /** So long nobody asks at an address again: until what was left there is gone. */
  restMs: 30_000,
  /** By itself a tunnel's peer is asked so often. */
  ownEveryMs: 3_600_000,
  /** Where it accepted nothing or was silent: it may have had no configuration yet. */
  ownAgainMs: 300_000,
  /** That run at a time, one at an address. */
  running: { byItself: 1, perHost: 3 },
  perAccountAndMinute: 4,
} as const;
