import { expect, it } from 'vitest';
import { Repeatable } from './repeatable.ts';

it('gives the same call the same token, and another one another', () => {
  const repeatable = new Repeatable();
  const first = repeatable.tokenFor({ AccountName: 'a' });
  expect(repeatable.tokenFor({ AccountName: 'a' })).toBe(first);
  expect(repeatable.tokenFor({ AccountName: 'b' })).not.toBe(first);
});
