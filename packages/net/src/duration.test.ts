import fc from 'fast-check';
import { expect, test } from 'vitest';
import { milliseconds, minutes, seconds, toSeconds } from './duration.ts';

test('units', () => {
  expect(milliseconds(250)).toBe(250);
  expect(seconds(1.5)).toBe(1500);
  expect(minutes(2)).toBe(120_000);
  expect(toSeconds(milliseconds(250))).toBe(0.25);
});

test('whole seconds survive the round trip', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 2 ** 40 }), (count) => {
      expect(toSeconds(seconds(count))).toBe(count);
    }),
  );
});

test.each([-1, NaN, Infinity, -Infinity])('refuses %d', (count) => {
  expect(() => milliseconds(count)).toThrow(RangeError);
  expect(() => seconds(count)).toThrow(RangeError);
});
