import type { Traffic } from './read-past.ts';

/** What probes said over time; instants in milliseconds since the epoch. */
export interface ProbeNumbers {
  /** Delays without a gap between them: where no answer came, a line ends. */
  readonly lines: readonly (readonly DelayAt[])[];
  /** Steps in which some were lost. */
  readonly losses: readonly { readonly at: number; readonly ratio: number }[];
  readonly mostDelayMs: number;
  readonly meanDelayMs: number | null;
  /** Of all steps. */
  readonly lossRatio: number;
}

export interface DelayAt {
  readonly at: number;
  readonly delayMs: number;
}

/** Null: nothing was probed then. */
export function probeNumbers({ points, stepSeconds }: Pick<Traffic, 'points' | 'stepSeconds'>): ProbeNumbers | null {
  const probed = points.flatMap(({ Time, ProbeLossRatio: ratio, ProbeDelayMs: delayMs }) =>
    ratio === null ? [] : [{ at: Date.parse(Time), ratio, delayMs }],
  );
  if (probed.length === 0) return null;
  const delays = probed.flatMap(({ at, delayMs }) => (delayMs === null ? [] : [{ at, delayMs }]));
  return {
    lines: withoutGaps(delays, stepSeconds * 1000),
    losses: probed.filter(({ ratio }) => ratio > 0),
    mostDelayMs: Math.max(0, ...delays.map(({ delayMs }) => delayMs)),
    meanDelayMs: delays.length === 0 ? null : sum(delays.map(({ delayMs }) => delayMs)) / delays.length,
    lossRatio: sum(probed.map(({ ratio }) => ratio)) / probed.length,
  };
}

function withoutGaps(delays: readonly DelayAt[], stepMs: number): readonly (readonly DelayAt[])[] {
  const lines: DelayAt[][] = [];
  for (const delay of delays) {
    const line = lines.at(-1);
    const before = line?.at(-1);
    if (line === undefined || before === undefined || delay.at - before.at > 1.5 * stepMs) lines.push([delay]);
    else line.push(delay);
  }
  return lines;
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}
