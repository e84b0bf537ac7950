import type { Reply } from '../../calls/call.ts';
import type { TimeWindow } from './time-window.ts';

export type Line = Reply<'DescribeTimeline'>['LineSet'][number];

/** For how long a tunnel was in one state; milliseconds since the epoch. */
export interface Band extends TimeWindow {
  readonly state: string;
  /** Its beginning and its end are known. */
  readonly isWhole: boolean;
}

/**
 * The states of a window, one after the other, from lines of kind state in any order. What was before the first is
 * unknown unless a line of before says so, and what is after now nobody knows.
 */
export function bandsOf(lines: readonly Line[], window: TimeWindow, now: number): readonly Band[] {
  const end = Math.min(window.to, now);
  const changes = lines
    .filter(({ Kind, State }) => Kind === 'state' && State !== '')
    .map(({ Time, State }) => ({ at: Date.parse(Time), state: State }))
    .filter(({ at }) => at < end)
    .toSorted((a, b) => a.at - b.at);
  const bands = changes.map(({ at, state }, index) => ({
    ...{ state, from: Math.max(at, window.from) },
    to: changes[index + 1]?.at ?? end,
  }));
  const isWhole = ({ from, to }: TimeWindow) => from > window.from && to < end;
  return joined(bands.filter(({ from, to }) => to > from)).map((band) => ({ ...band, isWhole: isWhole(band) }));
}

type BandPart = Omit<Band, 'isWhole'>;

/** Equal neighbours are one: an agent that starts anew tells the state again. */
function joined(bands: readonly BandPart[]): readonly BandPart[] {
  const whole: BandPart[] = [];
  for (const band of bands) {
    const last = whole.at(-1);
    if (last?.state === band.state && last.to === band.from) whole[whole.length - 1] = { ...last, to: band.to };
    else whole.push(band);
  }
  return whole;
}
