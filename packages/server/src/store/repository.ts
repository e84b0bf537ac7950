import type { Kysely } from 'kysely';
import type { Tables } from './tables.ts';

/** A connection or a transaction of the database. */
export type Database = Kysely<Tables>;

/** Whose resources, and in which region: every tenant query is bound to one. */
export interface Scope {
  readonly accountId: string;
  readonly region: string;
}

/** A JSON column that we wrote ourselves: trusted to be of the type it was written as, like any other column. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller's column has the type
export function parseJson<T>(text: string): T {
  return JSON.parse(text) as T;
}
