import fc from 'fast-check';
import { expect, it } from 'vitest';
import {
  between,
  fractionOf,
  instantAt,
  isAtEnd,
  keptMs,
  lastHour,
  leastMs,
  lengthOf,
  lengths,
  moved,
  resized,
  searchOf,
  shifted,
  windowOf,
  zoomed,
  type Length,
  type TimeWindow,
} from './time-window.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 22, 12);

it('a window is part of the address, and the last hour where the address names none', () => {
  const window = { from: now - day, to: now };
  expect(windowOf(new URLSearchParams({ ...searchOf(window) }), now)).toEqual(window);
  for (const bad of ['', 'from=yesterday&to=now', 'from=2026-11-22T12:00:00Z', 'from=2026-11-22&to=2026-11-21'])
    expect([bad, windowOf(new URLSearchParams(bad), now)]).toEqual([bad, null]);
  expect(lastHour(now)).toEqual({ from: now - hour, to: now });
});

it('of an address that reaches beyond what is kept is what is nearest to it', () => {
  const of = (search: string) => windowOf(new URLSearchParams(search), now);
  expect(of('from=2026-11-01&to=2026-11-22')).toEqual({ from: now - 7 * day, to: now });
  expect(of('from=2020-01-01T00:00:00Z&to=2020-01-01T01:00:00Z')).toEqual({
    from: now - 7 * day,
    to: now - 7 * day + hour,
  });
  expect(of('from=2026-11-22T11:59:59Z&to=2030-01-01T12:00:00Z')).toEqual({ from: now - 7 * day, to: now });
  expect(of('from=2026-11-20T12:00:00Z&to=2026-11-20T12:00:10Z')).toEqual({
    from: now - 2 * day - 2.5 * minute + 5000,
    to: now - 2 * day + 2.5 * minute + 5000,
  });
});

it('goes by its half, never beyond now nor before the week that is kept', () => {
  const window = lastHour(now);
  const earlier = shifted(window, 'earlier', now);
  expect(earlier).toEqual({ from: now - 1.5 * hour, to: now - 0.5 * hour });
  expect(shifted(earlier, 'later', now)).toEqual(window);
  expect(shifted(window, 'later', now)).toEqual(window);
  expect([isAtEnd(window, 'later', now), isAtEnd(window, 'earlier', now)]).toEqual([true, false]);
  let oldest = window;
  for (let step = 0; step < 400; step++) oldest = shifted(oldest, 'earlier', now);
  expect(oldest).toEqual({ from: now - 7 * day, to: now - 7 * day + hour });
  expect(isAtEnd(oldest, 'earlier', now)).toBe(true);
});

it('has another length to its end, or around what is read in it, moved where that is not kept', () => {
  const old = { from: now - 3 * day, to: now - 3 * day + hour };
  expect(resized(old, 'day', null, now)).toEqual({ from: old.to - day, to: old.to });
  expect(resized(old, 'minutes', old.from, now)).toEqual({
    from: old.from - 2.5 * minute,
    to: old.from + 2.5 * minute,
  });
  expect(resized(old, 'week', null, now)).toEqual({ from: now - 7 * day, to: now });
  for (const length of Object.keys(lengths) as Length[])
    expect(lengthOf(resized(old, length, old.from, now))).toBe(length);
  expect(lengthOf({ from: now - 2 * hour, to: now })).toBe(null);
});

it('is zoomed around an instant that stays at its place, down to five minutes and up to the week', () => {
  const window = { from: now - 2 * day, to: now - day };
  const at = window.from + day / 4;
  const near = zoomed(window, at, 0.5, now);
  expect(near).toEqual({ from: at - day / 8, to: at + (3 * day) / 8 });
  expect(fractionOf(near, at)).toBe(fractionOf(window, at));
  expect(zoomed(window, at, 1e-9, now)).toEqual({ from: at - 1.25 * minute, to: at + 3.75 * minute });
  expect(zoomed(window, at, 1e9, now)).toEqual({ from: now - 7 * day, to: now });
});

it('is what lies between two instants, from either side', () => {
  const [one, other] = [now - 3 * hour, now - hour];
  expect([between(one, other, now), between(other, one, now)]).toEqual([
    { from: one, to: other },
    { from: one, to: other },
  ]);
  expect(between(one, one + 1000, now)).toEqual({ from: one + 500 - 2.5 * minute, to: one + 500 + 2.5 * minute });
});

it('has an instant at each place, and the place of each instant', () => {
  const window = lastHour(now);
  expect([-1, 0, 0.25, 1, 2].map((fraction) => instantAt(window, fraction))).toEqual(
    [0, 0, 15, 60, 60].map((minutes) => window.from + minutes * minute),
  );
  expect(fractionOf(window, now - 15 * minute)).toBe(0.75);
});

const instant = fc.integer({ min: now - 30 * day, max: now + 30 * day });
const anyMove: fc.Arbitrary<(window: TimeWindow) => TimeWindow> = fc.oneof(
  fc.integer({ min: -20 * day, max: 20 * day }).map((by) => (window: TimeWindow) => moved(window, by, now)),
  fc.double({ min: -1e9, max: 1e9, noNaN: true }).map((by) => (window: TimeWindow) => moved(window, by, now)),
  fc.tuple(instant, fc.double({ min: 1e-6, max: 1e6, noNaN: true })).map(
    ([at, factor]) =>
      (window: TimeWindow) =>
        zoomed(window, at, factor, now),
  ),
  fc.tuple(instant, instant).map(
    ([one, other]) =>
      () =>
        between(one, other, now),
  ),
  fc.constantFrom('earlier' as const, 'later' as const).map((way) => (window: TimeWindow) => shifted(window, way, now)),
  fc.tuple(fc.constantFrom(...(Object.keys(lengths) as Length[])), fc.option(instant)).map(
    ([length, around]) =>
      (window: TimeWindow) =>
        resized(window, length, around, now),
  ),
  fc.tuple(instant, instant).map(
    ([from, to]) =>
      (window: TimeWindow) =>
        windowOf(new URLSearchParams(searchOf({ from, to })), now) ?? window,
  ),
);

it('whatever is done to it, it is within the week that is kept, of whole milliseconds, and neither too short nor too long', () => {
  fc.assert(
    fc.property(fc.array(anyMove, { minLength: 1, maxLength: 12 }), (moves) => {
      let window = lastHour(now);
      for (const move of moves) {
        window = move(window);
        const { from, to } = window;
        expect(from).toBeGreaterThanOrEqual(now - keptMs);
        expect(to).toBeLessThanOrEqual(now);
        expect(to - from).toBeGreaterThanOrEqual(leastMs);
        expect(to - from).toBeLessThanOrEqual(keptMs);
        expect([Number.isInteger(from), Number.isInteger(to)]).toEqual([true, true]);
      }
    }),
  );
});
