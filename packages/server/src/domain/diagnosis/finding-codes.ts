import { dataPlaneFindings } from './data-plane-findings.ts';
import { negotiationFindings } from './negotiation-findings.ts';
import { planFindings } from './plan-findings.ts';

/** Every kind of finding that there is. */
const findingCodes = [...negotiationFindings, ...dataPlaneFindings, ...planFindings] as const;

export type FindingCode = (typeof findingCodes)[number];

const known: ReadonlySet<string> = new Set(findingCodes);

/** False for those of a later version. */
export function isFindingCode(code: string): code is FindingCode {
  return known.has(code);
}
