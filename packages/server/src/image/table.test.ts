import { cidrsOverlap, parseCidr, type Cidr } from '@landbridge/net';
import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { joined, shapeOf, type Ranges } from './table-shape.ts';
import { Table } from './table.ts';

interface Row {
  readonly id: string;
  readonly owner: string;
  readonly hop: string | null;
  readonly age: number;
  /** From and to. */
  readonly ways: readonly Ranges[];
}

const shape = shapeOf<Row>()({
  key: ({ id, owner }) => [owner, id],
  indexes: { owner: ({ owner }) => [owner], hop: ({ hop, owner }) => (hop === null ? null : [owner, hop]) },
  ranges: {
    ways: ({ owner, ways }) => ({ of: [owner], ranges: ways }),
    ends: ({ hop, ways }) => (hop === null ? null : { of: [hop], ranges: ways.map(([, to]) => [to!]) }),
  },
  order: (a, b) => a.age - b.age,
});

/** In each other, beside each other, and on each other. */
const blockArbitrary: fc.Arbitrary<Cidr> = fc
  .constantFrom('0.0.0.0/0', '10.0.0.0/8', '10.0.0.0/24', '10.0.0.7/32', '10.0.1.0/24', 'fd00::/8', 'fd00::1/128')
  .map(parseCidr);
const wayArbitrary: fc.Arbitrary<Ranges> = fc.tuple(blockArbitrary, blockArbitrary);

const rowArbitrary: fc.Arbitrary<Row> = fc.record({
  id: fc.constantFrom('a', 'b', 'c', 'd', 'e'),
  owner: fc.constantFrom('x', 'y'),
  hop: fc.constantFrom(null, 'p', 'q'),
  age: fc.nat(3),
  ways: fc.array(wayArbitrary, { maxLength: 3 }),
});
/** A list that nobody was handed since its last change is changed where it is. */
const stepArbitrary = fc.record({ row: rowArbitrary, isRemoval: fc.boolean(), isLookedAt: fc.boolean() });
const crowd: readonly Row[] = Array.from({ length: 80 }, (_, number) => {
  return { id: `f${number}`, owner: number % 2 === 0 ? 'x' : 'y', hop: null, age: number % 4, ways: [] };
});

/** The same without an index, an order kept, or anything to save time. */
class NaiveTable {
  readonly rows = new Map<string, Row>();

  all(): Row[] {
    const byKey = [...this.rows.values()].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
    return byKey.sort(shape.order);
  }

  of(index: 'owner' | 'hop', value: string): Row[] {
    return this.all().filter((row) => {
      const parts = shape.indexes[index](row);
      return parts !== null && joined(parts) === value;
    });
  }

  overlapping(index: 'ways' | 'ends', value: string, asked: Ranges): Row[] {
    return this.all().filter((row) =>
      rangesOf(index, row, value).some((own) => own.every((range, at) => cidrsOverlap(range, asked[at]!))),
    );
  }

  countRanges(index: 'ways' | 'ends', value: string): number {
    return this.all().flatMap((row) => rangesOf(index, row, value)).length;
  }
}

const rangesOf = (index: 'ways' | 'ends', row: Row, value: string): readonly Ranges[] => {
  const found = shape.ranges![index](row);
  return found !== null && joined(found.of) === value ? found.ranges : [];
};

const keyOf = (row: Row) => joined(shape.key(row));
const values = ['x', 'y', ...['x', 'y'].flatMap((owner) => ['p', 'q'].map((hop) => joined([owner, hop])))];

function expectEqual(table: Table<Row>, naive: NaiveTable, [from, to]: Ranges): void {
  expect(table.all()).toEqual(naive.all());
  for (const [index, value, asked] of [
    ['ways', 'x', [from!, to!]],
    ['ways', 'y', [from!, to!]],
    ['ends', 'p', [to!]],
  ] as const) {
    expect(table.overlapping(index, value, asked)).toEqual(naive.overlapping(index, value, asked));
    expect(table.countRanges(index, value)).toBe(naive.countRanges(index, value));
  }
  for (const value of values) {
    for (const index of ['owner', 'hop'] as const) expect(table.of(index, value)).toEqual(naive.of(index, value));
  }
  for (const row of naive.rows.values()) expect(table.get(keyOf(row))).toBe(row);
}

describe('a table', () => {
  test('equals a list that is searched, after any changes, and what it once said stays', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.array(rowArbitrary), fc.array(stepArbitrary), wayArbitrary, (initial, steps, asked) => {
        const naive = new NaiveTable();
        for (const row of [...initial, ...crowd]) naive.rows.set(keyOf(row), row);
        const table = new Table(shape, [...naive.rows.values()]);
        const said: { readonly list: readonly Row[]; readonly copy: readonly Row[] }[] = [];
        for (const { row, isRemoval, isLookedAt } of steps) {
          for (const list of !isLookedAt ? [] : [table.all(), ...values.map((value) => table.of('owner', value))]) {
            said.push({ list, copy: [...list] });
          }
          if (isRemoval) {
            table.remove(keyOf(row));
            naive.rows.delete(keyOf(row));
            expect(table.get(keyOf(row))).toBeUndefined();
          } else {
            table.put(row);
            naive.rows.set(keyOf(row), row);
          }
          if (isLookedAt) expectEqual(table, naive, asked);
        }
        expectEqual(table, naive, asked);
        for (const { list, copy } of said) expect(list).toEqual(copy);
      }),
    );
  });

  test('equals one that was filled at once', { timeout: 30_000 }, () => {
    fc.assert(
      fc.property(fc.uniqueArray(rowArbitrary, { selector: keyOf }), wayArbitrary, (rows, asked) => {
        const grown = new Table(shape);
        for (const row of rows) grown.put(row);
        const naive = new NaiveTable();
        for (const row of rows) naive.rows.set(keyOf(row), row);
        expectEqual(new Table(shape, rows), naive, asked);
        expectEqual(grown, naive, asked);
      }),
    );
  });

  test('an index that does not exist is a mistake of ours, and said', () => {
    expect(() => new Table(shape).of('nowhere', 'x')).toThrow('there is no index nowhere');
    expect(() => new Table(shape).valueOf('nowhere', { id: 'a', owner: 'x', hop: null, age: 0, ways: [] })).toThrow(
      'there is no index nowhere',
    );
    expect(() => new Table(shape).countRanges('owner', 'x')).toThrow('there is no index of ranges owner');
  });

  test('a lookup makes nothing: the same list comes each time', () => {
    const table = new Table(shape, [{ id: 'a', owner: 'x', hop: null, age: 0, ways: [] }]);
    expect(table.of('owner', 'x')).toBe(table.of('owner', 'x'));
    expect(table.all()).toBe(table.all());
    expect(table.of('owner', 'nobody')).toBe(table.of('hop', 'x'));
  });
});
