import { sql, type Kysely } from 'kysely';
import { migrations as all, type Migration } from './migrations.ts';
import { StoreError } from '../store-error.ts';
import type { Columns } from './columns.ts';

/** The first migration of the schema before the first release, which had eight. */
export const firstOfOld = 'first-tables';

export const tooOld =
  'the database was made by a Landbridge from before the first release, which this version cannot take over: ' +
  'remove its gateways with that version, then move the data directory away, or name another one with --data-dir.';

/** The version that this program makes. */
export const newestSchema = newestOf(all);

export function tooNew(version: number, newest = newestSchema): string {
  return (
    `the database has schema version ${version}, but this program knows only up to ${newest}: ` +
    'it was used by a newer Landbridge. Run that version again, or restore a backup made before the upgrade.'
  );
}

/**
 * Brings the schema up to this program's version in one transaction; returns the versions applied.
 * Throws StoreError when the database was written by a newer program, or by one from before the first release: nothing is
 * changed then.
 */
export async function migrate(
  db: Kysely<Columns>,
  now: number,
  migrations: readonly Migration[] = all,
): Promise<readonly number[]> {
  await sql`CREATE TABLE IF NOT EXISTS schema_migrations (
    version INTEGER PRIMARY KEY, name TEXT NOT NULL, applied_at BIGINT NOT NULL)`.execute(db);
  return db.transaction().execute(async (transaction) => {
    const done = await transaction.selectFrom('schemaMigrations').select(['version', 'name']).execute();
    if (done.some(({ name }) => name === firstOfOld)) throw new StoreError(tooOld);
    const current = Math.max(0, ...done.map(({ version }) => version));
    const newest = newestOf(migrations);
    if (current > newest) throw new StoreError(tooNew(current, newest));
    const pending = migrations.filter(({ version }) => version > current);
    for (const { version, name, statements } of pending) {
      for (const statement of statements) await sql.raw(statement).execute(transaction);
      await transaction.insertInto('schemaMigrations').values({ version, name, appliedAt: now }).execute();
    }
    return pending.map(({ version }) => version);
  });
}

function newestOf(migrations: readonly Migration[]): number {
  return Math.max(0, ...migrations.map(({ version }) => version));
}
