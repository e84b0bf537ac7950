/** What a tunnel's probes say about it. `unknown`: none was answered since the check was switched on. */
export type ProbeState = 'unknown' | 'available' | 'unavailable';

export interface ProbeHealth {
  readonly state: ProbeState;
  /** Unanswered probes in a row. */
  readonly failures: number;
}

export const neverAnswered: ProbeHealth = { state: 'unknown', failures: 0 };

/**
 * `threshold` unanswered probes in a row fail a tunnel, one answer ends the failure. Probes that were never answered fail
 * nothing: the usual reason is a probe address that the peer does not have (docs/spec/gotchas.md section C, entry 2).
 */
export function afterProbe(before: ProbeHealth, isAnswered: boolean, threshold: number): ProbeHealth {
  if (isAnswered) return { state: 'available', failures: 0 };
  const failures = before.failures + 1;
  const hasFailed = before.state !== 'unknown' && failures >= threshold;
  return { state: hasFailed ? 'unavailable' : before.state, failures };
}
