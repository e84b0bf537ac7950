import type { LogEntry } from '../domain/operator/log-entry.ts';
import type { Change } from './change.ts';
import type { Image } from './image.ts';
import { tableOver, type RowSource } from './row-source.ts';
import type { RowsOf } from './rows.ts';
import { RangeIndex } from './range-index.ts';
import { joined, type Ranges, type RangesOfRow, type TableShape } from './table-shape.ts';
import { partsOf, tableNames, tables, type RowOf, type TableName } from './tables.ts';

/** The rows of one table, to be changed. */
interface Changeable<Row> {
  /** Throws where a row with this key is there. */
  insert(row: Row): void;
  /** Replaces the whole row. Throws where none with this key is there. */
  update(row: Row): void;
  /** Inserts, or replaces. */
  put(row: Row): void;
  /** With its parts (`image/tables.ts`). Nothing happens where there is none. */
  remove(...key: readonly string[]): void;
}

/** What a decision works on: all rows, with its own changes to them seen at once. Nobody else sees them before the commit. */
export type DraftRows = { readonly [Name in TableName]: RowsOf<Name> & Changeable<RowOf<Name>> } & {
  /** Appended to the logs with the commit. */
  record(entry: LogEntry): void;
  /** The next number of a series, from 1 on. */
  next(series: string): number;
  /** The generation that the store will have with these changes. */
  readonly generation: number;
};

/** A row that was changed, and what takes that back. */
interface Undo {
  readonly table: TableName;
  readonly key: string;
  /** Undefined or null: there was none. */
  readonly before: unknown;
  readonly undo: () => void;
}

interface MergedList {
  rows: readonly unknown[];
  /** Whether a row stands in it. */
  readonly holds: (row: unknown) => boolean;
}

/**
 * Changes over an image that leave it as it is. Several decisions may follow each other on one draft: each runs within
 * `attempt`, and what one that throws has changed is as if it had never been.
 */
export class Draft implements RowSource {
  readonly rows: DraftRows;
  readonly #image: Image;
  readonly #changed = new Map<TableName, Map<string, unknown>>();
  /** Lists that were asked for, with the changes in them. */
  readonly #merges = new Map<TableName, Map<string, MergedList>>();
  /** Of the changed rows, for the indexes of ranges that were asked. */
  readonly #ranges = new Map<TableName, Map<string, RangeIndex<unknown>>>();
  readonly #log: LogEntry[] = [];
  readonly #undo: Undo[] = [];

  constructor(image: Image) {
    this.#image = image;
    this.rows = {
      ...Object.fromEntries(tableNames.map((name) => [name, this.#changeable(name)])),
      record: (entry: LogEntry) => void this.#log.push(entry),
      next: (series: string) => this.#next(series),
      generation: image.generation + 1,
    } as unknown as DraftRows;
  }

  /** In order of tables; a row that is as it was is not among them. */
  get changes(): readonly Change[] {
    return [...this.#changed].flatMap(([table, rows]) =>
      [...rows].flatMap(([key, after]) => {
        const before = this.#image.get(table, key) ?? null;
        return before === after ? [] : [{ table, key, before, after } as Change];
      }),
    );
  }

  get log(): readonly LogEntry[] {
    return this.#log;
  }

  /** @param entryFor what goes into the logs with what this decision alone has changed. */
  attempt<Answer>(
    decision: (rows: DraftRows) => Answer,
    entryFor: (changes: readonly Change[]) => LogEntry | null = () => null,
  ): Answer {
    const [changes, entries] = [this.#undo.length, this.#log.length];
    try {
      const answer = decision(this.rows);
      const entry = entryFor(this.#changesSince(changes));
      if (entry !== null) this.#log.push(entry);
      return answer;
    } catch (error) {
      for (const { undo } of this.#undo.splice(changes).reverse()) undo();
      this.#log.length = entries;
      throw error;
    }
  }

  #changesSince(first: number): readonly Change[] {
    const touched = new Map<string, Undo>();
    for (const undo of this.#undo.slice(first)) {
      const name = `${undo.table} ${undo.key}`;
      if (!touched.has(name)) touched.set(name, undo);
    }
    return [...touched.values()].flatMap(({ table, key, before = null }) => {
      const after = this.get(table, key) ?? null;
      return before === after ? [] : [{ table, key, before, after } as Change];
    });
  }

  get(table: TableName, key: string): unknown {
    const changed = this.#changed.get(table);
    if (changed?.has(key) === true) return changed.get(key) ?? undefined;
    return this.#image.get(table, key);
  }

  of(table: TableName, index: string, value: string): readonly unknown[] {
    const shape = this.#image.table(table);
    return this.#merged(table, `${index}=${value}`, () => ({
      rows: this.#image.of(table, index, value),
      holds: (row) => shape.valueOf(index, row) === value,
    }));
  }

  overlapping(table: TableName, index: string, value: string, ranges: Ranges): readonly unknown[] {
    const inImage = this.#image.overlapping(table, index, value, ranges);
    const changed = this.#changed.get(table);
    if (changed === undefined) return inImage;
    const shape = this.#image.table(table);
    const kept = inImage.filter((row) => !changed.has(shape.keyOf(row)));
    return [...kept, ...this.#changedRanges(table, index).overlapping(value, ranges)].sort(shape.compare);
  }

  countRanges(table: TableName, index: string, value: string): number {
    const inImage = this.#image.countRanges(table, index, value);
    const changed = this.#changed.get(table);
    if (changed === undefined) return inImage;
    const replaced = [...changed.keys()].map((key) => this.#image.get(table, key)).filter((row) => row !== undefined);
    const gone = new RangeIndex(rangesOf(table, index), replaced);
    return inImage - gone.count(value) + this.#changedRanges(table, index).count(value);
  }

  all(table: TableName): readonly unknown[] {
    return this.#merged(table, '', () => ({ rows: this.#image.all(table), holds: () => true }));
  }

  size(table: TableName): number {
    const changed = [...(this.#changed.get(table) ?? [])];
    const [before, after] = [
      changed.filter(([key]) => this.#image.get(table, key) !== undefined).length,
      changed.filter(([, row]) => row != null).length,
    ];
    return this.#image.size(table) - before + after;
  }

  #merged(table: TableName, name: string, ofImage: () => MergedList): readonly unknown[] {
    const changed = this.#changed.get(table);
    if (changed === undefined) return ofImage().rows;
    const lists = this.#merges.get(table) ?? new Map<string, MergedList>();
    this.#merges.set(table, lists);
    const known = lists.get(name);
    if (known !== undefined) return known.rows;
    const list = ofImage();
    lists.set(name, list);
    for (const [key, row] of changed) this.#merge(table, list, this.#image.get(table, key), row);
    return list.rows;
  }

  #merge(table: TableName, list: MergedList, before: unknown, after: unknown): void {
    const [from, to] = [before, after].map((row) => (row != null && list.holds(row) ? row : undefined));
    if (from !== to) list.rows = this.#image.table(table).changed(list.rows, from, to);
  }

  #changedRanges(table: TableName, index: string): RangeIndex<unknown> {
    const indexes = this.#ranges.get(table) ?? new Map<string, RangeIndex<unknown>>();
    this.#ranges.set(table, indexes);
    const known = indexes.get(index);
    if (known !== undefined) return known;
    const rows = [...(this.#changed.get(table)?.values() ?? [])].filter((row) => row !== null);
    const ranges = new RangeIndex<unknown>(rangesOf(table, index), rows);
    indexes.set(index, ranges);
    return ranges;
  }

  /** Of two changed rows, the one that was and the one that is; null or undefined: none. */
  #changeRanges(table: TableName, before: unknown, after: unknown): void {
    for (const ranges of this.#ranges.get(table)?.values() ?? []) {
      if (before != null) ranges.remove(before);
      if (after != null) ranges.add(after);
    }
  }

  #changeable(name: TableName): unknown {
    const keyOf = (row: unknown) => this.#image.table(name).keyOf(row);
    return {
      ...tableOver(this, name),
      insert: (row: unknown) => {
        if (this.get(name, keyOf(row)) !== undefined) throw new Error(`${name}: ${keyOf(row)} is there already`);
        this.#set(name, keyOf(row), row);
      },
      update: (row: unknown) => {
        if (this.get(name, keyOf(row)) === undefined) throw new Error(`${name}: ${keyOf(row)} is gone`);
        this.#set(name, keyOf(row), row);
      },
      put: (row: unknown) => this.#set(name, keyOf(row), row),
      remove: (...key: readonly string[]) => this.#remove(name, joined(key)),
    };
  }

  #remove(name: TableName, key: string): void {
    if (this.get(name, key) === undefined) return;
    for (const { table, index } of partsOf[name] ?? []) {
      const shape = this.#image.table(table);
      const parts = index === null ? [key] : this.of(table, index, key).map((row) => shape.keyOf(row));
      for (const part of parts) this.#remove(table, part);
    }
    this.#set(name, key, null);
  }

  #set(table: TableName, key: string, row: unknown): void {
    const changed = this.#changed.get(table) ?? new Map<string, unknown>();
    this.#changed.set(table, changed);
    const [wasChanged, changedBefore, before] = [changed.has(key), changed.get(key), this.get(table, key)];
    this.#mergeInto(table, before, row);
    this.#changeRanges(table, changedBefore, row);
    changed.set(key, row);
    const undo = () => {
      this.#mergeInto(table, row, before);
      this.#changeRanges(table, row, changedBefore);
      if (wasChanged) changed.set(key, changedBefore);
      else changed.delete(key);
    };
    this.#undo.push({ table, key, before, undo });
  }

  #mergeInto(table: TableName, before: unknown, after: unknown): void {
    for (const list of this.#merges.get(table)?.values() ?? []) this.#merge(table, list, before, after);
  }

  #next(series: string): number {
    const value = ((this.get('counters', series) as RowOf<'counters'> | undefined)?.value ?? 0) + 1;
    this.#set('counters', series, { name: series, value });
    return value;
  }
}

function rangesOf(table: TableName, index: string): (row: unknown) => RangesOfRow | null {
  const read = (tables[table] as unknown as TableShape<unknown>).ranges?.[index];
  if (read === undefined) throw new Error(`there is no index of ranges ${index}`);
  return read;
}
