import { expect, test } from 'vitest';
import { keptPerRow } from './kept-per-row.ts';

const row = { id: 'a' };
const made = keptPerRow((of: { readonly id: string }, beside: { readonly names: readonly string[] }) => ({ of, beside }));

test('is made once while all that it depends on has the same value, whatever else is asked for meanwhile', () => {
  const first = made(row, { names: ['x', 'y'] });
  made({ id: 'b' }, { names: [] });
  expect(made(row, { names: ['x', 'y'] })).toBe(first);
});

test('is made anew for another row of equal value, and for another value beside it', () => {
  const first = made(row, { names: ['x', 'y'] });
  expect(made({ ...row }, { names: ['x', 'y'] })).not.toBe(first);
  expect(made(row, { names: ['x'] }).beside.names).toEqual(['x']);
  expect(made(row, { names: ['x', 'y'] })).toEqual(first);
});
