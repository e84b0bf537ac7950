import type { Change } from './change.ts';
import { differenceTo } from './difference.ts';
import { rowsOver, type RowSource } from './row-source.ts';
import type { Rows } from './rows.ts';
import type { Ranges, TableShape } from './table-shape.ts';
import { tableNames, tables, type AllRows, type TableName } from './tables.ts';
import { Table } from './table.ts';

/**
 * Every desired row in memory, as of one generation of the store. It is loaded once and patched by each commit; whoever holds
 * `rows` sees the newest.
 */
export class Image implements RowSource {
  readonly rows: Rows = rowsOver(this);
  #tables: ReadonlyMap<TableName, Table<unknown>>;
  #generation: number;

  constructor(generation: number, rows: Partial<AllRows> = {}) {
    this.#generation = generation;
    this.#tables = tablesOf(rows);
  }

  /** Of the store that this is the image of: how many commits changed it. */
  get generation(): number {
    return this.#generation;
  }

  get(table: TableName, key: string): unknown {
    return this.table(table).get(key);
  }

  of(table: TableName, index: string, value: string): readonly unknown[] {
    return this.table(table).of(index, value);
  }

  overlapping(table: TableName, index: string, value: string, ranges: Ranges): readonly unknown[] {
    return this.table(table).overlapping(index, value, ranges);
  }

  countRanges(table: TableName, index: string, value: string): number {
    return this.table(table).countRanges(index, value);
  }

  all(table: TableName): readonly unknown[] {
    return this.table(table).all();
  }

  size(table: TableName): number {
    return this.table(table).size;
  }

  table(name: TableName): Table<unknown> {
    const table = this.#tables.get(name);
    if (table === undefined) throw new Error(`there is no table ${name}`);
    return table;
  }

  /** What a commit wrote, once it is written. Throws where the generation is not the next. */
  patch(changes: readonly Change[], generation: number): void {
    if (generation !== this.#generation + 1)
      throw new Error(`generation ${generation} does not follow ${this.#generation}`);
    this.#apply(changes);
    this.#generation = generation;
  }

  /** As `patch`, for rows as they are now (null: gone), over several commits. Returns what changed. */
  catchUp(
    rows: readonly { readonly table: TableName; readonly key: string; readonly row: unknown }[],
    generation: number,
  ): readonly Change[] {
    const changes = rows
      .map(({ table, key, row }) => ({ table, key, before: this.get(table, key) ?? null, after: row }) as Change)
      .filter(({ before, after }) => before !== null || after !== null);
    this.#apply(changes);
    this.#generation = generation;
    return changes;
  }

  /** Puts another state in the place of this one: the store was read anew. Returns what changed. */
  replace(generation: number, rows: Partial<AllRows>): readonly Change[] {
    const changes = differenceTo(this, rows);
    this.#tables = tablesOf(rows);
    this.#generation = generation;
    return changes;
  }

  #apply(changes: readonly Change[]): void {
    for (const { table, key, after } of changes) {
      if (after === null) this.table(table).remove(key);
      else this.table(table).put(after);
    }
  }
}

function tablesOf(rows: Partial<AllRows>): ReadonlyMap<TableName, Table<unknown>> {
  return new Map(
    tableNames.map((name) => [name, new Table(tables[name] as unknown as TableShape<unknown>, rows[name] ?? [])]),
  );
}
