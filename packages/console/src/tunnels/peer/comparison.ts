import type { Parameters, Reply } from '../../calls/call.ts';

export type Comparison = Reply<'ComparePeerConfiguration'>;
export type Difference = Comparison['DifferenceSet'][number];
export type Dialect = NonNullable<Parameters<'ComparePeerConfiguration'>['Dialect']>;

/** Every form that the service reads; the key of a record, so that none is forgotten. */
const dialects: Readonly<Record<Dialect, true>> = {
  swanctl: true,
  'strongswan-ipsec-conf': true,
  libreswan: true,
  vyos: true,
  'cisco-ios': true,
  fortigate: true,
  routeros: true,
};
export const dialectNames = Object.keys(dialects) as readonly Dialect[];

/** `choose`: it is not known yet which tunnel of the file is meant; `unsure`: the file does not tell everything. */
export type Verdict = 'choose' | Difference['Severity'] | 'unsure' | 'equal';

/** The gravest that can be said of it. */
export function verdictOf(comparison: Comparison): Verdict {
  const { TunnelName, CandidateSet, DifferenceSet, UnknownSet, Key } = comparison;
  if (TunnelName === '' && CandidateSet.length > 0) return 'choose';
  const [gravest] = byGravity(DifferenceSet);
  if (gravest !== undefined) return gravest.Severity;
  return UnknownSet.length > 0 || Key !== 'equal' ? 'unsure' : 'equal';
}

const gravity: Readonly<Record<Difference['Severity'], number>> = { breaks: 0, warns: 1, notes: 2 };

/** What breaks the tunnel first. */
export function byGravity(differences: readonly Difference[]): readonly Difference[] {
  return differences.toSorted((a, b) => gravity[a.Severity] - gravity[b.Severity]);
}
