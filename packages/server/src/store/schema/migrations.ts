import { first } from './first.ts';

/** The schema's history. Entries are never edited once released: a change is a new entry. */
export interface Migration {
  /** Counts up by one. */
  readonly version: number;
  readonly name: string;
  /** Statements in the SQL that every engine understands. */
  readonly statements: readonly string[];
}

export const migrations: readonly Migration[] = [{ version: 1, name: '0001', statements: first }];
