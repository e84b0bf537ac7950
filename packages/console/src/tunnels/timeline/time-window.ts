/** What of the past is looked at: milliseconds since the epoch. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

export type Direction = 'earlier' | 'later';

const minuteMs = 60_000;
const hourMs = 60 * minuteMs;
const dayMs = 24 * hourMs;

/** No more is kept by the service. */
export const keptMs = 7 * dayMs;

export const lengths = { minutes: 5 * minuteMs, hour: hourMs, day: dayMs, week: keptMs } as const;
export type Length = keyof typeof lengths;

/** In less there is nothing more to be told apart: a step of 10 s is a thirtieth of it. */
export const leastMs = lengths.minutes;

/** Of the address, `?from=&to=`; null: it names none that can be shown, and the last hour is meant. */
export function windowOf(search: URLSearchParams, now: number): TimeWindow | null {
  const from = Date.parse(search.get('from') ?? '');
  const to = Date.parse(search.get('to') ?? '');
  return to > from ? bounded({ from, to }, now) : null;
}

export function lastHour(now: number): TimeWindow {
  return { from: now - hourMs, to: now };
}

export function isSame(one: TimeWindow, other: TimeWindow): boolean {
  return one.from === other.from && one.to === other.to;
}

/** As the address has it. */
export function searchOf({ from, to }: TimeWindow): { readonly from: string; readonly to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** Null: none of them. */
export function lengthOf({ from, to }: TimeWindow): Length | null {
  return (Object.keys(lengths) as Length[]).find((length) => lengths[length] === to - from) ?? null;
}

/** Of that length around an instant, or, without one, to the same end. */
export function resized({ to }: TimeWindow, length: Length, around: number | null, now: number): TimeWindow {
  const end = around === null ? to : around + lengths[length] / 2;
  return bounded({ from: end - lengths[length], to: end }, now);
}

/** Half of it further on: what was at its edge is in its middle. */
export function shifted(window: TimeWindow, direction: Direction, now: number): TimeWindow {
  return moved(window, ((window.to - window.from) / 2) * (direction === 'earlier' ? -1 : 1), now);
}

export function moved({ from, to }: TimeWindow, byMs: number, now: number): TimeWindow {
  return bounded({ from: from + byMs, to: to + byMs }, now);
}

/** What is at that instant stays where it is. @param factor of its length; more than 1: more is seen. */
export function zoomed({ from, to }: TimeWindow, at: number, factor: number, now: number): TimeWindow {
  const length = Math.min(Math.max((to - from) * factor, leastMs), keptMs);
  const start = at - ((at - from) / (to - from)) * length;
  return bounded({ from: start, to: start + length }, now);
}

/** Between two instants, whichever is the first. */
export function between(one: number, other: number, now: number): TimeWindow {
  return bounded({ from: Math.min(one, other), to: Math.max(one, other) }, now);
}

/** Neither too short nor too long, and where something is known. */
function bounded({ from, to }: TimeWindow, now: number): TimeWindow {
  const length = Math.round(Math.min(Math.max(to - from, leastMs), keptMs));
  const wanted = Math.round((from + to + length) / 2);
  const end = Math.min(Math.max(wanted, now - keptMs + length), now);
  return { from: end - length, to: end };
}

/** Nothing later, or earlier, can be shown. */
export function isAtEnd({ from, to }: TimeWindow, direction: Direction, now: number): boolean {
  return direction === 'later' ? to >= now : from <= now - keptMs;
}

/** How far along it an instant is: 0 at its beginning, 1 at its end. */
export function fractionOf({ from, to }: TimeWindow, at: number): number {
  return (at - from) / (to - from);
}

/** The instant that far along; beyond its ends there is none. */
export function instantAt({ from, to }: TimeWindow, fraction: number): number {
  return Math.round(from + Math.min(Math.max(fraction, 0), 1) * (to - from));
}
