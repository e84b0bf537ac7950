import { expect, it } from 'vitest';
import { isAtEnd, lastHour, lengthOf, resized, searchOf, shifted, stepOf, windowOf } from './time-window.ts';

const hour = 3_600_000;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 22, 12);

it('a window is part of the address, and the last hour where the address names none', () => {
  const window = { from: now - day, to: now };
  expect(windowOf(new URLSearchParams({ ...searchOf(window) }))).toEqual(window);
  for (const bad of ['', 'from=yesterday&to=now', 'from=2026-11-22T12:00:00Z', 'from=2026-11-22&to=2026-11-21'])
    expect([bad, windowOf(new URLSearchParams(bad))]).toEqual([bad, null]);
  expect(windowOf(new URLSearchParams('from=2026-11-01&to=2026-11-22'))).toBe(null);
  expect(lastHour(now)).toEqual({ from: now - hour, to: now });
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

it('has another length around its end, moved where that is not kept', () => {
  const old = { from: now - 3 * day, to: now - 3 * day + hour };
  expect(resized(old, 'day', now)).toEqual({ from: old.to - day, to: old.to });
  expect(resized(old, 'week', now)).toEqual({ from: now - 7 * day, to: now });
  for (const length of ['hour', 'day', 'week'] as const) expect(lengthOf(resized(old, length, now))).toBe(length);
});

it('is asked for in steps that are kept that long, and that are not too many', () => {
  expect(stepOf(lastHour(now), now)).toBe(60);
  expect(stepOf({ from: now - day, to: now - day + hour }, now)).toBe(300);
  expect(stepOf({ from: now - day, to: now }, now)).toBe(300);
  expect((7 * day) / 1000 / stepOf({ from: now - 7 * day, to: now }, now)).toBeLessThanOrEqual(2016);
});
