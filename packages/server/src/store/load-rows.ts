import type { AllRows } from '../image/tables.ts';
import { tableNames, type TableName } from '../image/tables.ts';
import { anyTable, type Database } from './database.ts';
import { rowMappings } from './schema/row-mappings.ts';

/** Every row of every table, in one transaction. */
export async function loadRows(transaction: Database): Promise<AllRows> {
  const rows: Partial<Record<TableName, readonly unknown[]>> = {};
  for (const table of tableNames) {
    const found = await anyTable(transaction).selectFrom(table).selectAll().execute();
    rows[table] = found.map(rowMappings[table].fromColumns as unknown as (columns: unknown) => unknown);
  }
  return rows as unknown as AllRows;
}

/** The row with this key; null when there is none (any more). */
export async function loadRow(transaction: Database, table: TableName, key: readonly string[]): Promise<unknown> {
  const { key: columns, fromColumns } = rowMappings[table];
  const query = anyTable(transaction).selectFrom(table).selectAll();
  const found = await columns
    .reduce((rows, column, part) => rows.where(column, '=', key[part]), query)
    .executeTakeFirst();
  return found === undefined ? null : (fromColumns as unknown as (columns: unknown) => unknown)(found);
}
