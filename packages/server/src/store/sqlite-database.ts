import { DatabaseSync, type SQLInputValue } from 'node:sqlite';
import { CamelCasePlugin, Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import type { Tables } from './tables.ts';

/** How long a statement waits for another process that holds the database, milliseconds. */
export const busyTimeoutMs = 5000;

/**
 * Opens the file with WAL, synchronous=FULL and foreign keys on. One connection: Kysely lets one transaction at a time
 * have it, and reads outside of a transaction wait for their turn.
 */
export function openSqlite(path: string): Kysely<Tables> {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  database.exec('PRAGMA foreign_keys = ON');
  database.exec('PRAGMA secure_delete = ON');
  return new Kysely<Tables>({
    dialect: new SqliteDialect({ database: kyselyDatabase(database) }),
    plugins: [new CamelCasePlugin()],
  });
}

/** node:sqlite in the shape that Kysely's SQLite dialect was written for. */
function kyselyDatabase(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare: (text) => kyselyStatement(database, text),
  };
}

function kyselyStatement(database: DatabaseSync, text: string): SqliteStatement {
  const statement = database.prepare(text);
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => statement.all(...bindable(parameters)),
    run: (parameters) => statement.run(...bindable(parameters)),
    iterate: (parameters) => statement.iterate(...bindable(parameters)),
  };
}

function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters as SQLInputValue[];
}
