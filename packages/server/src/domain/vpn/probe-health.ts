import type { ProbeSummary } from './probe-summary.ts';

/** What a tunnel's probes say about it. `unknown`: none was answered since the check was switched on. */
export type ProbeState = 'unknown' | 'available' | 'unavailable';

export interface ProbeHealth {
  readonly state: ProbeState;
  /** Unanswered probes in a row. */
  readonly failures: number;
}

/**
 * How the probes of a check stand. It is told for each unanswered probe until there are as many in a row as the threshold,
 * for the first answer afterwards, and every few seconds.
 */
export interface ProbeReport {
  /** Of the probe that ended last. */
  readonly isAnswered: boolean;
  /** Unanswered in a row: now, or, where the last one was answered, before it. */
  readonly run: number;
  /** Milliseconds since the last unanswered one; null: none so far. */
  readonly sinceLossMs: number | null;
  readonly summary: ProbeSummary;
}

export const neverAnswered: ProbeHealth = { state: 'unknown', failures: 0 };

/**
 * `threshold` unanswered probes in a row fail a tunnel, one answer ends the failure. Probes that were never answered fail
 * nothing: the usual reason is a probe address that the peer does not have (docs/spec/gotchas.md section C, entry 2).
 */
export function afterReport(
  before: ProbeHealth,
  { isAnswered, run }: Pick<ProbeReport, 'isAnswered' | 'run'>,
  threshold: number,
): ProbeHealth {
  if (isAnswered) return { state: 'available', failures: 0 };
  const hasFailed = before.state !== 'unknown' && run >= threshold;
  return { state: hasFailed ? 'unavailable' : before.state, failures: run };
}
