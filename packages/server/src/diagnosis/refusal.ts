import { cutText } from '../domain/cut-text.ts';
import type { NegotiationFindingCode } from '../domain/diagnosis/negotiation-findings.ts';
import { longestEvidence, mostEvidence } from '../domain/diagnosis/finding.ts';
import type { Explanation } from './explanation.ts';

/** Something that was found of a tunnel, since when and by what. */
export interface Found extends Explanation {
  /** By the clock that nobody sets. */
  readonly since: number;
  readonly evidence: readonly string[];
}

type Codes = readonly NegotiationFindingCode[];

/** What says least comes first; codes that are not listed say what it is. */
const saysLittle: readonly Codes[] = [
  // It is over.
  ['closed-by-peer', 'peer-stopped-answering'],
  // Nothing came.
  [
    ...(['peer-silent', 'authentication-unanswered', 'ikev1-authentication-unanswered'] as const),
    ...(['authentication-not-received', 'closed-before-child'] as const),
  ],
  // The peer said no.
  [
    ...(['ike-proposal-refused', 'authentication-refused', 'ikev1-authentication-refused'] as const),
    ...(['esp-proposal-refused', 'selectors-refused', 'message-not-understood'] as const),
  ],
];
/** So long one that says more stands before one that says less. */
const freshMs = 60_000;

function clarityOf(code: NegotiationFindingCode): number {
  const rank = saysLittle.findIndex((codes) => codes.includes(code));
  return rank < 0 ? saysLittle.length : rank;
}

/** It says only that it is over: whatever was found before explains more. */
export function isEnd(code: NegotiationFindingCode): boolean {
  return clarityOf(code) === 0;
}

/** The one thing that keeps a tunnel down, by the newest attempt of either end. */
export class Refusal {
  #found: Found | null = null;
  #seenAt = -Infinity;

  get found(): Found | null {
    return this.#found;
  }

  /** True when that is news. */
  note(explanation: Explanation, line: string, now: number): boolean {
    const before = this.#found;
    if (before !== null && isSame(before, explanation)) {
      this.#seenAt = now;
      this.#found = { ...before, evidence: withLine(before.evidence, line) };
      return false;
    }
    if (before !== null && !this.#replaces(explanation.code, before.code, now)) return false;
    this.#found = { ...explanation, since: now, evidence: withLine([], line) };
    this.#seenAt = now;
    return true;
  }

  #replaces(code: NegotiationFindingCode, before: NegotiationFindingCode, now: number): boolean {
    if (isEnd(code)) return false;
    return clarityOf(code) >= clarityOf(before) || now - this.#seenAt > freshMs;
  }
}

/** @param evidence the newest last. */
export function withLine(evidence: readonly string[], line: string): readonly string[] {
  const short = cutText(line, longestEvidence);
  return [...evidence.filter((one) => one !== short), short].slice(-mostEvidence);
}

function isSame(one: Explanation, other: Explanation): boolean {
  return one.code === other.code && one.ours === other.ours && one.theirs === other.theirs;
}
