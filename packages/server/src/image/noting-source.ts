import type { Change } from './change.ts';
import type { RowSource } from './row-source.ts';
import { joined, type KeyParts, type Ranges, type RangesOfRow, type TableShape } from './table-shape.ts';
import { tables, type TableName } from './tables.ts';

/** What was looked up, found or not, as a text; two lookups have the same one exactly when one change meets both for the same reason. */
export type Note = string;

/** Hands on what it is asked, and says each time what that was. */
export class NotingSource implements RowSource {
  readonly #source: RowSource;
  readonly #take: (note: Note) => void;

  constructor(source: RowSource, take: (note: Note) => void) {
    this.#source = source;
    this.#take = take;
  }

  get(table: TableName, key: string): unknown {
    this.#take(noteOfKey(table, key));
    return this.#source.get(table, key);
  }

  of(table: TableName, index: string, value: string): readonly unknown[] {
    this.#take(noteOfList(table, index, value));
    return this.#source.of(table, index, value);
  }

  overlapping(table: TableName, index: string, value: string, ranges: Ranges): readonly unknown[] {
    this.#take(noteOfList(table, index, value));
    return this.#source.overlapping(table, index, value, ranges);
  }

  countRanges(table: TableName, index: string, value: string): number {
    this.#take(noteOfList(table, index, value));
    return this.#source.countRanges(table, index, value);
  }

  all(table: TableName): readonly unknown[] {
    this.#take(noteOfTable(table));
    return this.#source.all(table);
  }

  size(table: TableName): number {
    this.#take(noteOfTable(table));
    return this.#source.size(table);
  }
}

/**
 * The lookups that a change may have given another answer: the key, the lists where the row stood or stands, the whole table.
 * An index of ranges is one list for all that is asked of it.
 */
export function notesMetBy({ table, key, before, after }: Change): ReadonlySet<Note> {
  const { indexes, ranges = {} } = tables[table] as unknown as TableShape<unknown>;
  const notes = new Set([noteOfKey(table, key), noteOfTable(table)]);
  for (const [index, rangesOf] of Object.entries<(row: unknown) => RangesOfRow | null>(ranges)) {
    for (const row of [before, after]) {
      const found = row === null ? null : rangesOf(row);
      if (found !== null) notes.add(noteOfList(table, index, joined(found.of)));
    }
  }
  for (const [index, valueOf] of Object.entries<(row: unknown) => KeyParts | null>(indexes)) {
    for (const row of [before, after]) {
      const value = row === null ? null : valueOf(row);
      if (value !== null) notes.add(noteOfList(table, index, joined(value)));
    }
  }
  return notes;
}

// Names of tables and indexes hold neither `=` nor `.`.
function noteOfKey(table: TableName, key: string): Note {
  return `${table}=${key}`;
}

function noteOfList(table: TableName, index: string, value: string): Note {
  return `${table}.${index}=${value}`;
}

function noteOfTable(table: TableName): Note {
  return table;
}
