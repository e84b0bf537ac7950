import { expect, it } from 'vitest';
import { secondsOf } from './seconds-of.ts';

it('is a number above 0, of a day at most', () => {
  expect(secondsOf('timeout', '0.5')).toBe(0.5);
  expect(secondsOf('timeout', '86400')).toBe(86_400);
  for (const text of ['', '0', '-1', '1m', 'soon', 'NaN', '86401', '1e12', 'Infinity']) {
    expect(() => secondsOf('timeout', text)).toThrow(`--timeout is a number above 0 and at most 86400, not ${text}`);
  }
});
