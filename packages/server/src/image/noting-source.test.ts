import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { historyArbitrary, type Step } from '../../testing/simulation/arbitrary-history.ts';
import { Draft } from './draft.ts';
import { Image } from './image.ts';
import { NotingSource, notesMetBy, type Note } from './noting-source.ts';
import type { RowSource } from './row-source.ts';
import { joined, type KeyParts, type RangesOfRow, type TableShape } from './table-shape.ts';
import { tables, type TableName } from './tables.ts';

vi.setConfig({ testTimeout: 60_000 });

type Lookup = (source: RowSource) => unknown;

/** By the key of the step's row, by everything that its indexes say of it, those of ranges too, and of its whole table. */
function lookupsOf({ table, key, row }: Step): Lookup[] {
  const { indexes, ranges = {} } = tables[table] as unknown as TableShape<unknown>;
  const lists = Object.entries<(row: unknown) => KeyParts | null>(indexes).flatMap(([index, valueOf]): Lookup[] => {
    const value = row === null ? null : valueOf(row);
    return value === null ? [] : [(source) => [...source.of(table, index, joined(value))]];
  });
  const overlaps = Object.entries<(row: unknown) => RangesOfRow | null>(ranges).flatMap(
    ([index, rangesOf]): Lookup[] => {
      const found = row === null ? null : rangesOf(row);
      if (found === null) return [];
      const value = joined(found.of);
      const asked = found.ranges.map((own): Lookup => (source) => [...source.overlapping(table, index, value, own)]);
      return [(source) => source.countRanges(table, index, value), ...asked];
    },
  );
  return [
    (source) => source.get(table, key),
    (source) => [...source.all(table)],
    (source) => source.size(table),
    ...lists,
    ...overlaps,
  ];
}

function noteOf(lookup: Lookup, image: Image): Note {
  const notes: Note[] = [];
  lookup(new NotingSource(image, (note) => notes.push(note)));
  if (notes.length !== 1) throw new Error(`a lookup is one note, not ${notes.length}`);
  return notes[0]!;
}

test('whatever a change gives another answer, it meets the note of; and it meets few notes', () => {
  fc.assert(
    fc.property(historyArbitrary, fc.nat(), ({ start, steps }, at) => {
      const image = new Image(0, start);
      const lookups = steps.flatMap(lookupsOf);
      const before = lookups.map((lookup) => lookup(image));
      const notes = lookups.map((lookup) => noteOf(lookup, image));
      const draft = new Draft(image);
      const step = steps[at % steps.length]!;
      const changed = draft.rows[step.table] as unknown as { put(row: unknown): void; remove(key: string): void };
      if (step.row === null) changed.remove(step.key);
      else changed.put(step.row);
      const { changes } = draft;
      image.patch(changes, 1);
      const met = new Set(changes.flatMap((change) => [...notesMetBy(change)]));
      for (const [place, lookup] of lookups.entries()) {
        if (!isSame(lookup(image), before[place])) expect(met).toContain(notes[place]);
      }
      const most = (name: TableName) => {
        const { indexes, ranges = {} } = tables[name] as unknown as TableShape<unknown>;
        return 2 + 2 * (Object.keys(indexes).length + Object.keys(ranges).length);
      };
      expect(met.size).toBeLessThanOrEqual(changes.reduce((sum, { table }) => sum + most(table), 0));
    }),
    { numRuns: 200 },
  );
});

/** The very rows, in the same order. */
function isSame(a: unknown, b: unknown): boolean {
  if (!Array.isArray(a) || !Array.isArray(b)) return a === b;
  return a.length === b.length && a.every((row, place) => row === b[place]);
}

test('what is not there is noted as well', () => {
  const image = new Image(0, {});
  expect(noteOf((source) => source.get('vpcs', 'vpc-00000001'), image)).toBe('vpcs=vpc-00000001');
  expect(noteOf((source) => source.of('vpnConnections', 'vpnGateway', 'vpngw-00000001'), image)).toBe(
    'vpnConnections.vpnGateway=vpngw-00000001',
  );
  expect(noteOf((source) => source.all('vpcs'), image)).toBe('vpcs');
});
