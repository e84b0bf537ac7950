import type { Words } from '../action-definition.ts';

/** The gravest first. */
export const findingSeverities = ['error', 'warning', 'notice'] as const;

export type FindingSeverity = (typeof findingSeverities)[number];

/** Where it is wrong, from the host outwards and upwards. */
export type FindingLayer =
  'host' | 'uplink' | 'ike' | 'ike-auth' | 'esp' | 'path' | 'routing' | 'policy' | 'health-check';

/** One of several things that a peer's answer may mean. */
export interface FindingCause {
  readonly field: string;
  /** What tells it apart from the others. */
  readonly tells: Words;
}

/** What came of asking a peer that says no and nothing else (AskPeerProposals). */
export type AskedOutcome =
  /** It accepts something that the tunnel can be set to, or something that it cannot. */
  | 'settable'
  | 'unsettable'
  /** It accepts what is offered, or nothing that can be. */
  | 'ours'
  | 'nothing'
  | 'silent';

/** One kind of finding. Texts hold `{ours}` and `{theirs}` where the values belong. */
export interface FindingEntry {
  /** `error`: packets are lost because of it; `warning`: they will be, or something is weaker than meant; `notice`: worth knowing. */
  readonly severity: FindingSeverity;
  readonly layer: FindingLayer;
  /** The parameter that has to change, as the API writes it (`IKEOptionsSpecification.IKEDhGroupName`); or in words of the field where there is none. */
  readonly field: string;
  /** At most three, the likeliest first; absent: the field it is. */
  readonly causes?: readonly FindingCause[];
  /** One sentence. */
  readonly summary: Words;
  /** What is said instead once the peer was asked; `{settings}` is what has to be set here. */
  readonly asked?: Readonly<
    Partial<Record<AskedOutcome, Pick<FindingEntry, 'summary' | 'causes' | 'fixHere' | 'fixThere'>>>
  >;
  /** What to do on our side; absent: nothing helps here. */
  readonly fixHere?: Words;
  /** What to do on the peer's side; absent: nothing helps there. */
  readonly fixThere?: Words;
}
