import { expect, test } from 'vitest';
import { keptPerRow } from './kept-per-row.ts';

const row = { id: 'a' };
const made = keptPerRow((of: { readonly id: string }, mtu: number, names: readonly string[]) => ({ of, mtu, names }));

test('is made once while all that it depends on has the same value, whatever else is asked for meanwhile', () => {
  const first = made(row, 1500, ['x', 'y']);
  made({ id: 'b' }, 1400, []);
  expect(made(row, 1500, ['x', 'y'])).toBe(first);
});

test('is made anew for another row of equal value, and for another value beside it', () => {
  const first = made(row, 1500, ['x', 'y']);
  expect(made({ ...row }, 1500, ['x', 'y'])).not.toBe(first);
  expect(made(row, 1500, ['x']).names).toEqual(['x']);
  expect(made(row, 1400, ['x']).mtu).toBe(1400);
  expect(made(row, 1500, ['x', 'y'])).toEqual(first);
});
