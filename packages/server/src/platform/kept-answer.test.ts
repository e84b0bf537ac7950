import { expect, it } from 'vitest';
import { keptAnswer } from './kept-answer.ts';

it('is made once in its time, and again at once when it failed', async () => {
  let now = 0;
  let made = 0;
  let fails = false;
  const make = () => (fails ? Promise.reject(new Error('no')) : Promise.resolve((made += 1)));
  const ask = keptAnswer(make, 1000, { elapsed: () => now });
  expect(await Promise.all([ask(), ask()])).toEqual([1, 1]);
  now = 999;
  expect(await ask()).toBe(1);
  now = 1000;
  fails = true;
  await expect(Promise.all([ask(), ask()])).rejects.toThrow('no');
  fails = false;
  expect(await ask()).toBe(2);
});
