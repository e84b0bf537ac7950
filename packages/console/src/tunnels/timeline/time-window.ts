/** What of the past is looked at: milliseconds since the epoch. */
export interface TimeWindow {
  readonly from: number;
  readonly to: number;
}

const hourMs = 3_600_000;
const dayMs = 24 * hourMs;

/** No more is kept by the service. */
const keptMs = 7 * dayMs;

export const lengths = { hour: hourMs, day: dayMs, week: keptMs } as const;
export type Length = keyof typeof lengths;

/** Of the address, `?from=&to=`; null: it names none that can be shown, and the last hour is meant. */
export function windowOf(search: URLSearchParams): TimeWindow | null {
  const from = Date.parse(search.get('from') ?? '');
  const to = Date.parse(search.get('to') ?? '');
  return to > from && to - from <= keptMs ? { from, to } : null;
}

export function lastHour(now: number): TimeWindow {
  return { from: now - hourMs, to: now };
}

/** As the address has it. */
export function searchOf({ from, to }: TimeWindow): { readonly from: string; readonly to: string } {
  return { from: new Date(from).toISOString(), to: new Date(to).toISOString() };
}

/** Which of the lengths comes next to it. */
export function lengthOf({ from, to }: TimeWindow): Length {
  const length = to - from;
  if (length <= 2 * hourMs) return 'hour';
  return length <= 2 * dayMs ? 'day' : 'week';
}

/** Of that length around the same end, within what is kept. */
export function resized({ to }: TimeWindow, length: Length, now: number): TimeWindow {
  return within({ from: to - lengths[length], to }, now);
}

/** Half of it further on: what was at its edge is in its middle. */
export function shifted({ from, to }: TimeWindow, direction: 'earlier' | 'later', now: number): TimeWindow {
  const by = ((to - from) / 2) * (direction === 'earlier' ? -1 : 1);
  return within({ from: from + by, to: to + by }, now);
}

/** The same length, moved to where something is known. */
function within({ from, to }: TimeWindow, now: number): TimeWindow {
  const length = Math.min(to - from, keptMs);
  const end = Math.min(Math.max(to, now - keptMs + length), now);
  return { from: end - length, to: end };
}

/** Nothing later, or earlier, can be shown. */
export function isAtEnd({ from, to }: TimeWindow, direction: 'earlier' | 'later', now: number): boolean {
  return direction === 'later' ? to >= now : from <= now - keptMs;
}

/** Seconds that a point of its traffic stands for: steps of 60 s are kept for a day, and of 300 s for the week. */
export function stepOf({ from, to }: TimeWindow, now: number): 60 | 300 {
  return to - from <= 2 * hourMs && from > now - dayMs + 60_000 ? 60 : 300;
}
