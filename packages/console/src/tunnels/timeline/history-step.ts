import { keptMs, type TimeWindow } from './time-window.ts';

const hourMs = 3_600_000;

/** How long the steps are in which the service counts, for how long each is kept, and in how long a window it is shown. */
const steps = [
  { seconds: 10, keptMs: 3 * hourMs, mostMs: hourMs / 2 },
  { seconds: 60, keptMs: 24 * hourMs, mostMs: 2 * hourMs },
] as const;
const longest = 300;

export type StepSeconds = (typeof steps)[number]['seconds'] | typeof longest;

/** Seconds that a point of a window's traffic stands for. */
export function stepOf({ from, to }: TimeWindow, now: number): StepSeconds {
  const step = steps.find(
    ({ seconds, keptMs: stepKeptMs, mostMs }) => to - from <= mostMs && from > now - stepKeptMs + 2 * seconds * 1000,
  );
  return step?.seconds ?? longest;
}

/** Where the step began in which a window begins: the service tells of those that begin from then on. */
export function firstStepOf({ from, to }: TimeWindow, stepSeconds: StepSeconds): number {
  return Math.max(from - (from % (stepSeconds * 1000)), to - keptMs);
}
