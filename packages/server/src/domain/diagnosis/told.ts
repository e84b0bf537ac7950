import { cutText } from '../cut-text.ts';
import type { VpnConnection } from '../vpn/vpn-connection.ts';
import { longestEvidence, mostEvidence, type Finding } from './finding.ts';

/** What of a finding is told by whoever finds it in the rows of a tunnel; the rest they have in common. */
export type Told = Pick<Finding, 'code'> & Partial<Pick<Finding, 'ours' | 'evidence' | 'since'>>;

/** Of rows nobody knows since when they are as they are: the tunnel is at least as old. */
export function findingOf({ id, createdAt }: Pick<VpnConnection, 'id' | 'createdAt'>, told: Told): Finding {
  const { code, ours = null, evidence = [], since = createdAt } = told;
  const lines = evidence.slice(0, mostEvidence).map((line) => cutText(line, longestEvidence));
  return { code, object: id, ours, theirs: null, evidence: lines, since };
}

const mostShown = 5;

/** Such as `10.1.0.0/16, 10.2.0.0/16`, and how many more. */
export function listed(values: Iterable<string>): string {
  const all = [...new Set(values)];
  const shown = all.slice(0, mostShown).join(', ');
  return all.length > mostShown ? `${shown} (+${all.length - mostShown})` : shown;
}
