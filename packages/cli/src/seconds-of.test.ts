import { expect, it } from 'vitest';
import { secondsOf } from './seconds-of.ts';

it('is a number above 0', () => {
  expect(secondsOf('timeout', '0.5')).toBe(0.5);
  for (const text of ['', '0', '-1', '1m', 'soon', 'NaN']) {
    expect(() => secondsOf('timeout', text)).toThrow('--timeout is a number above 0');
  }
});
