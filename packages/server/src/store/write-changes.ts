import type { Change } from '../image/change.ts';
import { splitKey } from '../image/table-shape.ts';
import type { TableName } from '../image/tables.ts';
import { anyTable, type AnyTable, type Database } from './database.ts';
import { rowMappings } from './schema/row-mappings.ts';

type Values = Readonly<Record<string, unknown>>;

/** A change in columns. */
interface Write {
  readonly table: TableName;
  readonly key: string;
  readonly before: Values | null;
  readonly after: Values | null;
}

/**
 * Writes what became of rows. What is given up goes first and what is taken comes last: a name or an address of one row may
 * be another's in the same decision, or two may change theirs. Throws where a row is not there that should be.
 */
export async function writeChanges(transaction: Database, changes: readonly Change[]): Promise<void> {
  const db = anyTable(transaction);
  const writes = changes.map(inColumns).flatMap((write) => (givesUp(write) ? inTwo(write) : [write]));
  const [removals, rest] = partition(writes, ({ after }) => after === null);
  const [updates, insertions] = partition(rest, ({ before }) => before !== null);
  for (const write of removals) await remove(db, write);
  for (const write of updates) await update(db, write);
  for (const { table, after } of insertions) {
    await db
      .insertInto(table)
      .values(after ?? {})
      .execute();
  }
}

function inColumns({ table, key, before, after }: Change): Write {
  const toColumns = rowMappings[table].toColumns as unknown as (row: unknown) => Values;
  return { table, key, before: before && toColumns(before), after: after && toColumns(after) };
}

/** The row stays, but has another unique value. */
function givesUp({ table, before, after }: Write): boolean {
  const unique: readonly string[] = rowMappings[table].unique ?? [];
  return before !== null && after !== null && unique.some((column) => before[column] !== after[column]);
}

function inTwo(write: Write): readonly Write[] {
  return [
    { ...write, after: null },
    { ...write, before: null },
  ];
}

async function remove(db: AnyTable, { table, key }: Write): Promise<void> {
  const removal = byKey(db.deleteFrom(table), table, key);
  checkFound((await removal.executeTakeFirstOrThrow()).numDeletedRows, table, key);
}

/**
 * Only the columns that differ: a key that is set, be it to what it is, has the database look at every row that refers to
 * it.
 */
async function update(db: AnyTable, { table, key, before, after }: Write): Promise<void> {
  const different = Object.entries(after ?? {}).filter(([column, value]) => value !== before?.[column]);
  if (different.length === 0) return;
  const change = byKey(db.updateTable(table).set(Object.fromEntries(different)), table, key);
  checkFound((await change.executeTakeFirstOrThrow()).numUpdatedRows, table, key);
}

function byKey<Query extends { where(column: string, operator: '=', value: unknown): Query }>(
  query: Query,
  table: TableName,
  key: string,
): Query {
  const columns: readonly string[] = rowMappings[table].key;
  const parts = splitKey(key);
  return columns.reduce((rows, column, part) => rows.where(column, '=', parts[part]), query);
}

function checkFound(rows: bigint, table: TableName, key: string): void {
  if (rows !== 1n) throw new Error(`the store has no ${table} ${splitKey(key).join(' ')}`);
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  const groups = Map.groupBy(items, belongs);
  return [groups.get(true) ?? [], groups.get(false) ?? []];
}
