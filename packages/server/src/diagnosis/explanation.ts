import type { NegotiationFindingCode } from '../domain/diagnosis/negotiation-findings.ts';

/** A finding without what is the same for all of a tunnel. */
export interface Explanation {
  readonly code: NegotiationFindingCode;
  /** As in `Finding`. */
  readonly ours: string | null;
  readonly theirs: string | null;
}

export function told(
  code: NegotiationFindingCode,
  ours: string | null = null,
  theirs: string | null = null,
): Explanation {
  return { code, ours, theirs };
}
