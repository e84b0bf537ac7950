import type { NegotiationFindingCode } from '../domain/diagnosis/negotiation-findings.ts';
import { longestEvidence, mostEvidence } from '../domain/diagnosis/finding.ts';
import type { Explanation } from './explanation.ts';

/** Something that was found of a tunnel, since when and by what. */
export interface Found extends Explanation {
  readonly since: number;
  readonly evidence: readonly string[];
}

/** These leave open what it is: they do not replace one that says it, as long as that is fresh. */
const vague: ReadonlySet<NegotiationFindingCode> = new Set([
  ...(['ike-proposal-refused', 'authentication-refused', 'ikev1-authentication-refused'] as const),
  ...(['authentication-unanswered', 'ikev1-authentication-unanswered', 'authentication-not-received'] as const),
  ...(['esp-proposal-refused', 'selectors-refused', 'message-not-understood', 'peer-silent'] as const),
]);
/** These say only that it is over: whatever was found before explains more. */
const ends: ReadonlySet<NegotiationFindingCode> = new Set([
  ...(['closed-by-peer', 'closed-before-child', 'peer-stopped-answering'] as const),
]);
const freshMs = 60_000;

export function isEnd(code: NegotiationFindingCode): boolean {
  return ends.has(code);
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
    if (ends.has(code)) return false;
    return !vague.has(code) || vague.has(before) || ends.has(before) || now - this.#seenAt > freshMs;
  }
}

/** @param evidence the newest last. */
export function withLine(evidence: readonly string[], line: string): readonly string[] {
  const short = line.slice(0, longestEvidence);
  return [...evidence.filter((one) => one !== short), short].slice(-mostEvidence);
}

function isSame(one: Explanation, other: Explanation): boolean {
  return one.code === other.code && one.ours === other.ours && one.theirs === other.theirs;
}
