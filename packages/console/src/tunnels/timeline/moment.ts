import type { Band, Line } from './bands.ts';
import type { Traffic } from './read-past.ts';
import { ratesOf, type Rate } from './traffic-rates.ts';
import type { TimeWindow } from './time-window.ts';

/** What is known of a time; null: nothing yet. */
export interface Past {
  readonly traffic: Traffic | null;
  readonly bands: readonly Band[];
  /** In any order; states of before the window may be among them. */
  readonly lines: readonly Line[];
}

/** What was at one instant; null: nothing is known of it. */
export interface Moment {
  readonly at: number;
  readonly rate: Pick<Rate, 'in' | 'out'> | null;
  readonly band: Band | null;
  readonly probes: { readonly lossRatio: number; readonly delayMs: number | null } | null;
  /** What happened nearest to it. */
  readonly line: Line | null;
  /** So many more happened that near to it. */
  readonly otherLines: number;
}

/** @param nearMs what is further away did not happen at that instant. */
export function momentAt({ traffic, bands, lines }: Past, at: number, nearMs: number): Moment {
  const isOfStep = (begun: number) => at >= begun && at < begun + (traffic?.stepSeconds ?? 0) * 1000;
  const points = traffic?.points.filter(({ Time }) => isOfStep(Date.parse(Time))) ?? [];
  const probed = points.find(({ ProbeLossRatio }) => ProbeLossRatio !== null);
  const near = nearestFirst(
    lines.filter((line) => distance(line, at) <= nearMs),
    at,
  );
  return {
    at,
    rate: ratesOf({ points })[0] ?? null,
    band: bands.find(({ from, to }) => at >= from && at < to) ?? null,
    probes: probed ? { lossRatio: probed.ProbeLossRatio ?? 0, delayMs: probed.ProbeDelayMs } : null,
    line: near[0] ?? null,
    otherLines: Math.max(0, near.length - 1),
  };
}

/** Of what is equally near, what happened says more than the state that came of it. */
function nearestFirst(lines: readonly Line[], at: number): readonly Line[] {
  return lines.toSorted(
    (a, b) => distance(a, at) - distance(b, at) || Number(a.Kind === 'state') - Number(b.Kind === 'state'),
  );
}

function distance({ Time }: Line, at: number): number {
  return Math.abs(Date.parse(Time) - at);
}

/** When something happened next, or last before an instant, in the window; null: nothing did. */
export function happenedBeside(
  lines: readonly Line[],
  { from, to }: TimeWindow,
  at: number,
  direction: 'earlier' | 'later',
): number | null {
  const instants = lines.map(({ Time }) => Date.parse(Time)).filter((instant) => instant >= from && instant <= to);
  const beside = instants.filter((instant) => (direction === 'later' ? instant > at : instant < at));
  if (beside.length === 0) return null;
  return direction === 'later' ? Math.min(...beside) : Math.max(...beside);
}
