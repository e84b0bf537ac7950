import { dataPlaneFindings } from './data-plane-findings.ts';
import type { FindingEntry } from './finding-entry.ts';
import { negotiationFindings } from './negotiation-findings.ts';
import { planFindings } from './plan-findings.ts';

const entries = { ...negotiationFindings, ...dataPlaneFindings, ...planFindings } as const;

export type FindingName = keyof typeof entries;

/** Every kind of finding by its code: what it means and what to do, in both languages. */
export const findingRegistry: Readonly<Record<FindingName, FindingEntry>> = entries;
