import type { VpnConnectionId } from '../resource-id.ts';
import type { FindingCode } from './finding-codes.ts';
import type { PeerProposals } from './peer-proposals.ts';

/**
 * Something that is wrong with a tunnel, or will be: whether it is up or down. What its code means, in which layer and
 * field, and what to do, is in the catalogue (packages/catalogue/src/findings).
 */
export interface Finding {
  readonly code: FindingCode;
  /** The tunnel that it is about. */
  readonly object: VpnConnectionId;
  /** What we have in the field; null where it has no value. */
  readonly ours: string | null;
  /** What the peer has there; null where it did not tell, or has nothing to do with it. */
  readonly theirs: string | null;
  /** Where the peer was asked what it would accept (peer-questions/). */
  readonly accepts?: Pick<PeerProposals, 'verdict' | 'offered' | 'settable'>;
  /** What it was seen by, such as lines of charon's log without secrets: at most `mostEvidence`, the newest last. */
  readonly evidence: readonly string[];
  /** Milliseconds since the epoch. */
  readonly since: number;
}

/** Characters of what either end has in a field: a peer says as much as it likes. */
export const longestValue = 1000;
export const mostEvidence = 5;
/** Characters of a line of evidence. */
export const longestEvidence = 300;

/** One that was told, and not yet that it is gone. */
export interface ToldFinding {
  readonly resourceId: VpnConnectionId;
  readonly code: FindingCode;
}

/** Who finds: each replaces what it found before. */
export type FindingSource = 'negotiation' | 'data-plane' | 'path-mtu' | 'acting-side';

/** True where nothing but the evidence differs, of any of them. */
export function areSameFindings(one: readonly Finding[], other: readonly Finding[]): boolean {
  return (
    one.length === other.length &&
    one.every((finding, index) => {
      const twin = other[index];
      return twin !== undefined && isSameFinding(finding, twin) && finding.since === twin.since;
    })
  );
}

/** The same thing is wrong, whatever the values. */
export function isSameKind(one: Finding, other: Finding): boolean {
  return one.code === other.code && one.object === other.object;
}

/** True where nothing but the evidence differs, and since when it is so. */
export function isSameFinding(one: Finding, other: Finding): boolean {
  const isAlike = one.ours === other.ours && one.theirs === other.theirs;
  return isSameKind(one, other) && isAlike && one.accepts?.verdict === other.accepts?.verdict;
}
