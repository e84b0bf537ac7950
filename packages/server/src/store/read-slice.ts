import { isDeepStrictEqual } from 'node:util';
import { sql } from 'kysely';
import { joined } from '../image/table-shape.ts';
import type { TableName } from '../image/tables.ts';
import { anyTable, type Database } from './database.ts';
import { rowMappings } from './schema/row-mappings.ts';

/** A row as it is kept, to be compared with that of an image. */
export interface StoredRow {
  /** As the image joins it. */
  readonly key: string;
  /** By value. */
  isSameAs(row: unknown): boolean;
}

/** Values of the key's columns: where the next slice begins. */
export type Place = readonly unknown[];

type Values = Readonly<Record<string, unknown>>;

/** So many rows of a table in the order of their keys, from behind a place on. The place behind them is null at the end. */
export async function readSlice(
  transaction: Database,
  table: TableName,
  after: Place | null,
  limit: number,
): Promise<{ readonly rows: readonly StoredRow[]; readonly end: Place | null }> {
  const key: readonly string[] = rowMappings[table].key;
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const all = anyTable(transaction).selectFrom(table).selectAll().orderBy(columns).limit(limit);
  const found = await (after === null ? all : all.where(sql<boolean>`(${columns}) > (${sql.join(after)})`)).execute();
  const last = found.at(-1);
  const placeOf = (row: Values) => key.map((column) => row[column]);
  return {
    rows: found.map((values) => ({
      key: joined(placeOf(values).map(String)),
      isSameAs: (row) => isSame(table, values, row),
    })),
    end: last === undefined || found.length < limit ? null : placeOf(last),
  };
}

function isSame(table: TableName, stored: Values, row: unknown): boolean {
  const mapping = rowMappings[table] as unknown as {
    readonly toColumns: (row: unknown) => Values;
    readonly fromColumns: (columns: Values) => unknown;
  };
  const held = mapping.toColumns(row);
  if (Object.entries(held).every(([column, value]) => stored[column] === value)) return true;
  // The same may be written in two ways.
  return isDeepStrictEqual(mapping.fromColumns(stored), mapping.fromColumns(held));
}
