/** How many tests ended how. */
export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** The closing line of a run of tests, which any CI can read. */
export function tallyLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`;
}

/**
 * What a run counted, by its last closing line. One that failed without counting a failure (it crashed), or that counted nothing
 * at all, is one failure.
 */
export function tallyOf(output: string, exitCode: number): Tally {
  const line = [...output.matchAll(/^(\d+) passed, (\d+) failed(?:, (\d+) skipped)?$/gm)].at(-1);
  if (line === undefined) return { passed: 0, failed: 1, skipped: 0 };
  const [passed, failed, skipped] = [Number(line[1]), Number(line[2]), Number(line[3] ?? 0)];
  return { passed, failed: exitCode !== 0 ? Math.max(failed, 1) : failed, skipped };
}

export function sumOf(tallies: readonly Tally[]): Tally {
  const sum = (count: (tally: Tally) => number): number => tallies.reduce((total, tally) => total + count(tally), 0);
  return {
    passed: sum(({ passed }) => passed),
    failed: sum(({ failed }) => failed),
    skipped: sum(({ skipped }) => skipped),
  };
}
