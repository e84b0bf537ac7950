import type { LogEntry } from '../domain/operator/log-entry.ts';
import type { Change } from './change.ts';
import type { Image } from './image.ts';
import { tableOver, type RowSource } from './row-source.ts';
import type { RowsOf } from './rows.ts';
import { joined } from './table-shape.ts';
import { partsOf, tableNames, type RowOf, type TableName } from './tables.ts';

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

/**
 * Changes over an image that leave it as it is. Several decisions may follow each other on one draft: each runs within
 * `attempt`, and what one that throws has changed is as if it had never been.
 */
export class Draft implements RowSource {
  readonly rows: DraftRows;
  readonly #image: Image;
  readonly #changed = new Map<TableName, Map<string, unknown>>();
  readonly #log: LogEntry[] = [];
  readonly #undo: (() => void)[] = [];

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

  attempt<Answer>(decision: (rows: DraftRows) => Answer): Answer {
    const [changes, entries] = [this.#undo.length, this.#log.length];
    try {
      return decision(this.rows);
    } catch (error) {
      for (const undo of this.#undo.splice(changes).reverse()) undo();
      this.#log.length = entries;
      throw error;
    }
  }

  get(table: TableName, key: string): unknown {
    const changed = this.#changed.get(table);
    if (changed?.has(key) === true) return changed.get(key) ?? undefined;
    return this.#image.get(table, key);
  }

  of(table: TableName, index: string, value: string): readonly unknown[] {
    const shape = this.#image.table(table);
    return this.#merged(table, this.#image.of(table, index, value), (row) => shape.valueOf(index, row) === value);
  }

  all(table: TableName): readonly unknown[] {
    return this.#merged(table, this.#image.all(table), () => true);
  }

  #merged(table: TableName, list: readonly unknown[], belongs: (row: unknown) => boolean): readonly unknown[] {
    const changed = this.#changed.get(table);
    if (changed === undefined || changed.size === 0) return list;
    const shape = this.#image.table(table);
    const kept = list.filter((row) => !changed.has(shape.keyOf(row)));
    const added = [...changed.values()].filter((row) => row !== null && belongs(row));
    return added.length === 0 ? kept : [...kept, ...added].sort(shape.compare);
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
    const [wasChanged, before] = [changed.has(key), changed.get(key)];
    changed.set(key, row);
    this.#undo.push(() => {
      if (wasChanged) changed.set(key, before);
      else changed.delete(key);
    });
  }

  #next(series: string): number {
    const value = ((this.get('counters', series) as RowOf<'counters'> | undefined)?.value ?? 0) + 1;
    this.#set('counters', series, { name: series, value });
    return value;
  }
}
