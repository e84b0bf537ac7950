import type { AllRows } from '../image/tables.ts';
import { tableNames, type TableName } from '../image/tables.ts';
import { anyTable, type Database } from './database.ts';
import { readSlice, type Place } from './read-slice.ts';
import { rowMappings } from './schema/row-mappings.ts';

/** Read at once: what they are made of is garbage before the next are read. */
const rowsAtOnce = 500;

/** Every row of every table, in one transaction. */
export async function loadRows(transaction: Database): Promise<AllRows> {
  const rows: Partial<Record<TableName, readonly unknown[]>> = {};
  for (const table of tableNames) rows[table] = await loadTable(transaction, table);
  return rows as unknown as AllRows;
}

async function loadTable(transaction: Database, table: TableName): Promise<readonly unknown[]> {
  const fromColumns = rowMappings[table].fromColumns as unknown as (columns: unknown) => unknown;
  const rows: unknown[] = [];
  for (let after: Place | null = null; ;) {
    const slice = await readSlice(transaction, table, after, rowsAtOnce);
    for (const values of slice.rows) rows.push(fromColumns(values));
    if (slice.end === null) return rows;
    after = slice.end;
  }
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
