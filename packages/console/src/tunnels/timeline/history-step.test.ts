import { expect, it } from 'vitest';
import { firstStepOf, stepOf } from './history-step.ts';
import { lastHour } from './time-window.ts';

const minute = 60_000;
const hour = 60 * minute;
const day = 24 * hour;
const now = Date.UTC(2026, 10, 22, 12, 0, 7);

it('a window is asked for in the shortest steps that are kept that long, and that are not too many', () => {
  const stepAt = (agoMs: number, lengthMs: number) => stepOf({ from: now - agoMs, to: now - agoMs + lengthMs }, now);
  expect([stepAt(5 * minute, 5 * minute), stepAt(2 * hour, hour / 2), stepAt(3 * hour, hour / 2)]).toEqual([
    10, 10, 60,
  ]);
  expect(stepOf(lastHour(now), now)).toBe(60);
  expect([stepAt(23 * hour, 5 * minute), stepAt(day, 5 * minute), stepAt(day, hour)]).toEqual([60, 300, 300]);
  expect([stepAt(3 * hour, 3 * hour), stepAt(day, day), stepAt(7 * day, 7 * day)]).toEqual([300, 300, 300]);
});

it('the step in which it begins is asked for as well, as far as more than a week is not', () => {
  const window = { from: now - hour, to: now };
  expect([10, 60].map((seconds) => window.from - firstStepOf(window, seconds as 10 | 60))).toEqual([7000, 7000]);
  expect(firstStepOf({ from: now - 7 * day, to: now }, 300)).toBe(now - 7 * day);
});
