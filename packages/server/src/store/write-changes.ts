import type { Change } from '../image/change.ts';
import { splitKey } from '../image/table-shape.ts';
import { anyTable, type Database } from './database.ts';
import { rowMappings } from './schema/row-mappings.ts';

/**
 * Writes what became of rows. Removals come first and insertions last: a name or an address that one row gives up may be
 * another's in the same decision.
 */
export async function writeChanges(transaction: Database, changes: readonly Change[]): Promise<void> {
  const [removals, rest] = partition(changes, ({ after }) => after === null);
  const [updates, insertions] = partition(rest, ({ before }) => before !== null);
  for (const change of [...removals, ...updates, ...insertions]) await writeChange(transaction, change);
}

async function writeChange(transaction: Database, { table, key, before, after }: Change): Promise<void> {
  const db = anyTable(transaction);
  const mapping = rowMappings[table];
  const parts = splitKey(key);
  if (after === null) {
    const removal = db.deleteFrom(table);
    await mapping.key.reduce((rows, column, part) => rows.where(column, '=', parts[part]), removal).execute();
    return;
  }
  const columns = (mapping.toColumns as unknown as (row: unknown) => Record<string, unknown>)(after);
  if (before === null) {
    await db.insertInto(table).values(columns).execute();
    return;
  }
  const update = db.updateTable(table).set(columns);
  await mapping.key.reduce((rows, column, part) => rows.where(column, '=', parts[part]), update).execute();
}

function partition<T>(items: readonly T[], belongs: (item: T) => boolean): [T[], T[]] {
  const groups = Map.groupBy(items, belongs);
  return [groups.get(true) ?? [], groups.get(false) ?? []];
}
