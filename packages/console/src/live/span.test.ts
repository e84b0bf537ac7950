import { expect, it } from 'vitest';
import { spanOf } from './span.ts';

it('tells the two largest units, and no small one of a long time', () => {
  expect(
    [-5, 0, 999, 1000, 59_999, 60_000, 61_000, 600_000, 3_600_000, 11_520_000, 90_000_000, 864_000_000].map((ms) =>
      spanOf(ms, 'en'),
    ),
  ).toEqual([
    '0 s',
    '0 s',
    '0 s',
    '1 s',
    '59 s',
    '1 min',
    '1 min 1 s',
    '10 min',
    '1 h',
    '3 h 12 min',
    '1 d 1 h',
    '10 d',
  ]);
  expect(spanOf(61_000, 'zh')).toBe('1 分 1 秒');
});
