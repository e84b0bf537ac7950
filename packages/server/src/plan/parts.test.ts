import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sampleGatewayPlan, sampleIds } from '../../testing/sample-plans.ts';
import { applied, difference, digestOf, keysOf, type Difference } from './parts.ts';
import type { NetnsPlan } from './plan.ts';

const ids = sampleIds('part', 3);
const plan: NetnsPlan = sampleGatewayPlan(ids);

/** As it comes out of the other end of a socket. */
function sent(change: Difference | null): Difference | null {
  return JSON.parse(JSON.stringify(change)) as Difference | null;
}

const word = fc.constantFrom('a', 'b', 'c', '__proto__', '#1', '');
const part = fc.record({ name: word, value: fc.integer({ max: 2, min: 0 }) });
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.constantFrom(null, true, 0, 1, 'a', 'b'),
    part,
    fc.array(part, { maxLength: 5 }),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.dictionary(word, tie('value'), { maxKeys: 4 }),
    fc.record({ table: fc.integer({ max: 1, min: 0 }), destination: word, metric: fc.constant(1), hops: tie('value') }),
  ),
}));

describe('the difference of two values', () => {
  it('makes the second of the first, over any wire, and is none exactly when they are equal', () => {
    fc.assert(
      fc.property(value, value, (before, after) => {
        const change = difference(before, after);
        expect(applied(sent(change), before)).toEqual(after);
        expect(change === null).toBe(JSON.stringify(digestOf(before)) === JSON.stringify(digestOf(after)));
      }),
      { numRuns: 3000 },
    );
  });

  it('does the same for lists of parts that come, go, change and move', () => {
    const list = fc.array(part, { maxLength: 8 });
    fc.assert(
      fc.property(list, list, (before, after) => {
        const change = sent(difference(before, after));
        expect(applied(change, before)).toEqual(after);
      }),
      { numRuns: 3000 },
    );
  });

  it('does the same where both hold the very same parts, some of them twice', () => {
    const shared = fc.array(part, { minLength: 1, maxLength: 4 });
    const picks = fc.array(fc.nat({ max: 3 }), { maxLength: 10 });
    fc.assert(
      fc.property(shared, picks, picks, picks, picks, (parts, head, one, other, tail) => {
        const listOf = (places: readonly number[]) => places.map((place) => parts[place % parts.length]);
        const before = listOf([...head, ...one, ...tail]);
        const after = listOf([...head, ...other, ...tail]);
        expect(applied(sent(difference(before, after)), before)).toEqual(after);
      }),
      { numRuns: 1000 },
    );
  });

  it('has one digest for one value, however it came about, in long lists too', () => {
    const numbers = fc.array(fc.nat({ max: 200 }), { minLength: 60, maxLength: 120 });
    const edit = fc.record({ from: fc.nat({ max: 120 }), gone: fc.nat({ max: 3 }), more: fc.array(fc.nat({ max: 200 }), { maxLength: 3 }) }); // prettier-ignore
    fc.assert(
      fc.property(numbers, fc.array(edit, { maxLength: 6 }), (first, edits) => {
        let list = first.map((n) => ({ name: `part ${n}` }));
        for (const { from, gone, more } of edits) {
          list = list.toSpliced(from, gone, ...more.map((n) => ({ name: `part ${n}` })));
          const copy = JSON.parse(JSON.stringify(list)) as unknown;
          expect(digestOf(list)).toBe(digestOf(copy));
          expect(digestOf([...list, { name: 'one more' }])).not.toBe(digestOf(list));
        }
      }),
      { numRuns: 60 },
    );
  });

  it('keeps the very objects of what stayed', () => {
    const after = { ...plan, links: plan.links.map((link, place) => (place === 1 ? { ...link, mtu: 1400 } : link)) };
    const made = applied(sent(difference(plan, after)), plan) as NetnsPlan;
    expect(made).toEqual(after);
    expect(made.charon).toBe(plan.charon);
    expect(made.links[0]).toBe(plan.links[0]);
    expect(made.links[1]).not.toBe(plan.links[1]);
  });

  it('of one tunnel among a thousand is as large as the tunnel', () => {
    const [link, connection] = [plan.links.at(-1)!, plan.charon!.connections[0]!];
    const name = (number: number) => `vpnx-${String(number).padStart(8, '0')}` as const;
    const manyTunnels = (count: number): NetnsPlan => {
      const numbers = Array.from({ length: count }, (_, number) => number);
      return {
        ...plan,
        links: numbers.map((number) => ({ ...link, name: name(number) })),
        charon: { connections: numbers.map((number) => ({ ...connection, id: name(number) })) },
        filter: {
          ...{ counters: numbers.map((number) => `${name(number)}.ipv6`), sets: [] },
          chains: [
            { name: 'in', rules: [{ matches: [{ field: 'iifname', in: numbers.map(name) }], actions: [] }] },
            ...numbers.map((number) => ({ name: `from-${name(number)}`, rules: [] })),
          ],
        },
      };
    };
    const [before, after] = [manyTunnels(1000), manyTunnels(1001)];
    const size = JSON.stringify(difference(before, after)).length;
    expect(size).toBeLessThan(4000);
    expect(JSON.stringify(after).length / size).toBeGreaterThan(100);
    expect(applied(difference(after, before), after)).toEqual(before);
  });

  it.each<[string, Difference, unknown]>([
    ['of a list, on an object', { removed: ['"a"'] }, {}],
    ['of an object, on a list', { unset: ['a'] }, []],
    ['about a part that is not there', { removed: ['"a"'] }, ['b']],
    ['about a part that changed and is not there', { changed: [['"a"', { is: 1 }]] }, ['b']],
    ['behind a part that is not there', { added: [['"a"', '"x"', 'a']] }, ['b']],
    [
      'of parts behind each other',
      {
        added: [
          ['"a"', '"c"', 'a'],
          ['"c"', '"a"', 'c'],
        ],
      },
      ['b'],
    ],
    ['with an order of others', { order: ['"a"'] }, ['b']],
  ])('is refused: %s', (_, change, before) => {
    expect(() => applied(change, before)).toThrow();
  });
});

describe('digests', () => {
  it('tell nothing of the order of properties, and all of the order of lists', () => {
    expect(digestOf({ a: 1, b: [1, 2] })).toBe(digestOf({ b: [1, 2], a: 1 }));
    expect(digestOf([1, 2])).not.toBe(digestOf([2, 1]));
    expect(digestOf({ a: undefined, b: 1 })).toBe(digestOf({ b: 1 }));
    expect(digestOf('a')).not.toBe(digestOf(['a']));
    // A part's text is not that of another value.
    expect(digestOf({ name: 'a' })).not.toBe(digestOf([{ name: 'a' }]));
  });

  it('of parts of a plan are made once', () => {
    const digest = digestOf(plan);
    const again = JSON.parse(JSON.stringify(plan)) as NetnsPlan;
    expect(digestOf(again)).toBe(digest);
    expect(digestOf({ ...again, links: [] })).not.toBe(digest);
  });
});

it('parts that look alike are told apart by their number', () => {
  expect(keysOf(['a', 'a', { name: 'x' }, {}, {}])).toEqual(['"a"', '"a"#1', '["x"]', '', '#1']);
});
