import { sql } from 'kysely';
import type { TableName } from '../image/tables.ts';
import { anyTable, type Database } from './database.ts';
import { rowMappings } from './schema/row-mappings.ts';

/** Values of a row's columns. */
export type Values = Readonly<Record<string, unknown>>;

/** Values of the key's columns: where the next slice begins. */
export type Place = readonly unknown[];

/** So many rows of a table in the order of their keys, from behind a place on. The place behind them is null at the end. */
export async function readSlice(
  transaction: Database,
  table: TableName,
  after: Place | null,
  limit: number,
): Promise<{ readonly rows: readonly Values[]; readonly end: Place | null }> {
  const key: readonly string[] = rowMappings[table].key;
  const columns = sql.join(key.map((column) => sql.ref(column)));
  const all = anyTable(transaction).selectFrom(table).selectAll().orderBy(columns).limit(limit);
  const rest = after === null ? all : all.where(sql<boolean>`(${columns}) > (${sql.join(after)})`);
  const rows = await rest.execute();
  const last = rows.at(-1);
  return { rows, end: last === undefined || rows.length < limit ? null : key.map((column) => last[column]) };
}
