import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../protocol/api-error.ts';
import { pageAfter, readPaginationToken } from './pagination-token.ts';

const places = fc.uniqueArray(fc.tuple(fc.constantFrom('a', 'ab', 'b'), fc.string({ maxLength: 3 })), {
  selector: (place) => JSON.stringify(place),
});

describe('pages by token', () => {
  it('tell each item once and in order, although others come and go in between', () => {
    fc.assert(
      fc.property(places, places, fc.integer({ min: 1, max: 5 }), (staying, passing, limit) => {
        const names = new Set(staying.map((place) => JSON.stringify(place)));
        const guests = passing.filter((place) => !names.has(JSON.stringify(place)));
        const told: string[] = [];
        let token = '';
        let turn = 0;
        do {
          const items = turn++ % 2 === 0 ? [...staying, ...guests] : staying;
          const { page, next } = pageAfter(items, readPaginationToken(token, 2), limit, (place) => place);
          expect(page.length).toBeLessThanOrEqual(limit);
          told.push(...page.map((place) => JSON.stringify(place)));
          token = next;
        } while (token !== '');
        expect(told).toEqual([...new Set(told)]);
        expect(told.filter((name) => names.has(name)).sort()).toEqual([...names].sort());
      }),
    );
  });

  it.each(['x', Buffer.from('["a"]').toString('base64url'), Buffer.from('[1,2]').toString('base64url')])(
    'are not begun by %s',
    (token) => {
      expect(() => readPaginationToken(token, 2)).toThrow(ApiError);
    },
  );
});
