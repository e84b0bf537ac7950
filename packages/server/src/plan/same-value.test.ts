import { isDeepStrictEqual } from 'node:util';
import * as fc from 'fast-check';
import { expect, test } from 'vitest';
import { isSameValue } from './same-value.ts';

const value = fc.jsonValue({ maxDepth: 3 });

test('is equality by value, for anything that JSON carries', () => {
  fc.assert(
    fc.property(value, value, (a, b) => {
      expect(isSameValue(a, structuredClone(a))).toBe(true);
      expect(isSameValue(a, b)).toBe(isDeepStrictEqual(normalized(a), normalized(b)));
    }),
    { numRuns: 500 },
  );
});

test.each([
  [{}, []],
  [{ a: 1 }, { b: 1 }],
  [{ a: undefined }, { b: undefined }],
  [{ toString: 1 }, {}],
  [[1], [1, 2]],
  [null, {}],
  [undefined, null],
  ['1', 1],
])('%o is not %o', (a, b) => {
  expect([isSameValue(a, b), isSameValue(b, a)]).toEqual([false, false]);
});

/** JSON has no negative zero, and objects of fast-check have no prototype. */
function normalized(json: unknown): unknown {
  return JSON.parse(JSON.stringify(json)) as unknown;
}
