/** Of several samples; all in the unit of the samples. */
export interface Summary {
  readonly median: number;
  /** By nearest rank: with fewer than a hundred samples it is the highest. */
  readonly p99: number;
  readonly lowest: number;
  readonly highest: number;
  readonly samples: readonly number[];
}

/** Throws for no samples. Pure. */
export function summarise(samples: readonly number[]): Summary {
  const sorted = [...samples].sort((a, b) => a - b);
  const [lowest, highest] = [sorted[0], sorted.at(-1)];
  if (lowest === undefined || highest === undefined) throw new Error('no samples');
  const upper = sorted[Math.floor(sorted.length / 2)] ?? highest;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? lowest;
  return {
    median: round((lower + upper) / 2),
    p99: round(sorted[Math.ceil(sorted.length * 0.99) - 1] ?? highest),
    lowest: round(lowest),
    highest: round(highest),
    samples: samples.map(round),
  };
}

/** To three decimals, which is finer than anything measured here. */
export function round(value: number): number {
  return Math.round(value * 1000) / 1000;
}
