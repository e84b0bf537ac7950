import type { Kysely } from 'kysely';
import type { Columns } from './schema/columns.ts';

/** A connection or a transaction of the database. */
export type Database = Kysely<Columns>;

/** The same for code that is the same for every table, of which Kysely could infer nothing. */
export type AnyTable = Kysely<Record<string, Record<string, unknown>>>;

export function anyTable(db: Database): AnyTable {
  return db as unknown as AnyTable;
}
