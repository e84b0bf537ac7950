import type { Change } from '../image/change.ts';
import type { TableName } from '../image/tables.ts';
import type { Database } from './database.ts';

/** Keys of the rows that one commit changed, by table. */
export type ChangedKeys = Readonly<Partial<Record<TableName, readonly string[]>>>;

/** Whoever is further behind reads the store anew. */
export const journalLength = 10_000;

/** Appends what a commit changes; the oldest entry goes. */
export async function appendToJournal(
  transaction: Database,
  generation: number,
  changes: readonly Change[],
): Promise<void> {
  const keys = Object.fromEntries(
    [...Map.groupBy(changes, ({ table }) => table)].map(([table, ofTable]) => [table, ofTable.map(({ key }) => key)]),
  );
  await transaction
    .insertInto('journal')
    .values({ generation, keysJson: JSON.stringify(keys) })
    .execute();
  await transaction
    .deleteFrom('journal')
    .where('generation', '<=', generation - journalLength)
    .execute();
}

/** What the commits after `generation` changed, up to the newest; null when the journal does not reach back that far. */
export async function readJournal(
  transaction: Database,
  generation: number,
  newest: number,
): Promise<readonly ChangedKeys[] | null> {
  const entries = await transaction
    .selectFrom('journal')
    .selectAll()
    .where('generation', '>', generation)
    .orderBy('generation')
    .execute();
  const isWhole =
    entries.length === newest - generation && entries.every((entry, at) => entry.generation === generation + at + 1);
  return isWhole ? entries.map(({ keysJson }) => JSON.parse(keysJson) as ChangedKeys) : null;
}
