import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isSameValue } from './same-value.ts';
import { sharing } from './shared-value.ts';

const value = fc.jsonValue({ maxDepth: 3 }).map((json) => JSON.parse(JSON.stringify(json)) as unknown);
const parts = fc.array(fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd'), size: fc.nat({ max: 2 }) }), {
  maxLength: 8,
});

describe('a value that shares what it can', () => {
  it('is equal to the newer one, and the older one itself exactly when they are equal', () => {
    for (const each of [value, parts]) {
      fc.assert(
        fc.property(each, each, (before, after) => {
          const wanted = structuredClone(after);
          const shared = sharing(before, after);
          expect(shared).toEqual(wanted);
          expect(after).toEqual(wanted);
          expect(shared === before).toBe(isSameValue(before, after));
          expect(sharing(before, structuredClone(before))).toBe(before);
        }),
        { numRuns: 500 },
      );
    }
  });

  it('holds the very parts that stayed, wherever others came, changed or went', () => {
    const before = { parts: Array.from({ length: 9 }, (_, n) => ({ name: `part ${n}`, of: [n] })), more: { a: [1] } };
    const after = structuredClone(before);
    after.parts.splice(2, 1);
    after.parts.splice(4, 0, { name: 'new', of: [] });
    after.parts[6] = { name: 'part 6', of: [7] };
    const shared = sharing(before, after) as typeof before;
    expect(shared).toEqual(after);
    expect(shared.more).toBe(before.more);
    const kept = shared.parts.filter((part) => before.parts.includes(part)).map(({ name }) => name);
    expect(kept).toEqual(['part 0', 'part 1', 'part 3', 'part 4', 'part 5', 'part 7', 'part 8']);
  });

  it('leaves what is no plain object alone', () => {
    const [one, other] = [new Map([[1, 2]]), new Map([[1, 2]])];
    expect(sharing(one, other)).toBe(other);
  });
});
