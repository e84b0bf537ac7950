import type { FindingCode } from '../domain/diagnosis/finding-codes.ts';
import { negotiationFindings } from '../domain/diagnosis/negotiation-findings.ts';
import type { Finding } from '../domain/diagnosis/finding.ts';

/** Why a tunnel has no CHILD_SA: nobody answers, what was there ended, this host cannot, or one end does not agree. */
export type DownBy = 'silence' | 'ending' | 'host' | 'refusal';

const kinds: Readonly<Partial<Record<FindingCode, DownBy>>> = {
  'peer-silent': 'silence',
  'peer-stopped-answering': 'silence',
  'authentication-unanswered': 'silence',
  'ikev1-authentication-unanswered': 'silence',
  'authentication-not-received': 'silence',
  'peer-never-began': 'ending',
  'caller-from-other-address': 'ending',
  'closed-by-peer': 'ending',
  'closed-before-child': 'ending',
  'reopened-by-peer': 'ending',
  'sa-not-installed': 'host',
  'packets-not-sent': 'host',
};

const ofNegotiation: ReadonlySet<string> = new Set(negotiationFindings);

/** By what was found of its negotiation; null: nothing. */
export function downBy(findings: readonly Finding[]): DownBy | null {
  const found = findings.find(({ code }) => ofNegotiation.has(code));
  return found === undefined ? null : (kinds[found.code] ?? 'refusal');
}
