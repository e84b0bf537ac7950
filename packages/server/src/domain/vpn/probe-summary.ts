/** Probes that ended in the last minute, as Cloud Monitor counts them: PkgDrop and Delay (docs/spec/semantics.md section 15). */
export interface ProbeSummary {
  readonly sent: number;
  /** Not answered in time, those that could not even be sent included. */
  readonly lost: number;
  readonly unsent: number;
  /** Mean time to the answer, milliseconds; null without answers. */
  readonly meanDelayMs: number | null;
}

export const noProbes: ProbeSummary = { sent: 0, lost: 0, unsent: 0, meanDelayMs: null };
