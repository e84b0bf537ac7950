import { cutText } from '../domain/cut-text.ts';
import { longestValue } from '../domain/diagnosis/finding.ts';
import type { NegotiationFindingCode } from '../domain/diagnosis/negotiation-findings.ts';

/** A finding without what is the same for all of a tunnel. */
export interface Explanation {
  readonly code: NegotiationFindingCode;
  /** As in `Finding`. */
  readonly ours: string | null;
  readonly theirs: string | null;
}

/** Whatever is found is found by this: what the peer says is cut to what may be told. */
export function told(
  code: NegotiationFindingCode,
  ours: string | null = null,
  theirs: string | null = null,
): Explanation {
  return { code, ours: cutValue(ours), theirs: cutValue(theirs) };
}

/** To what the values of a finding may be. */
export function cutValue(value: string | null): string | null {
  return value === null ? null : cutText(value, longestValue);
}
