import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { CamelCasePlugin, Kysely, SqliteDialect, type SqliteDatabase, type SqliteStatement } from 'kysely';
import { DiskError } from '../store-error.ts';
import type { Columns } from '../schema/columns.ts';

/** How long a statement waits for another process that holds the database, milliseconds. */
export const busyTimeoutMs = 5000;
const mostWalBytes = 4 * 1024 * 1024;
/** Statements that are kept prepared: what a program of this size says over and over. */
const mostPrepared = 200;

/**
 * Opens the file with WAL, synchronous=FULL and foreign keys on. One connection: Kysely lets one transaction at a time
 * have it, and reads outside of a transaction wait for their turn.
 */
export function openSqlite(path: string): Kysely<Columns> {
  const database = new DatabaseSync(path, { timeout: busyTimeoutMs });
  database.exec('PRAGMA journal_mode = WAL');
  database.exec('PRAGMA synchronous = FULL');
  // What one large transaction made of the WAL file does not stay.
  database.exec(`PRAGMA journal_size_limit = ${mostWalBytes}`);
  database.exec('PRAGMA foreign_keys = ON');
  database.exec('PRAGMA secure_delete = ON');
  return new Kysely<Columns>({
    dialect: new SqliteDialect({ database: kyselyDatabase(database, path) }),
    plugins: [new CamelCasePlugin()],
  });
}

/** node:sqlite in the shape that Kysely's SQLite dialect was written for. */
function kyselyDatabase(database: DatabaseSync, path: string): SqliteDatabase {
  const prepared = new Map<string, SqliteStatement>();
  return {
    close: () => database.close(),
    prepare: (text) => {
      // SQLite rolls back by itself when the disk is full; the reason must not be hidden by "cannot rollback".
      if (text === 'rollback' && !database.isTransaction) return nothingToDo;
      const statement = prepared.get(text) ?? naming(path, () => kyselyStatement(database.prepare(text), path));
      prepared.delete(text);
      prepared.set(text, statement);
      const [oldest] = prepared.keys();
      if (prepared.size > mostPrepared && oldest !== undefined) prepared.delete(oldest);
      return statement;
    },
  };
}

const nothingToDo: SqliteStatement = {
  reader: false,
  all: () => [],
  run: () => ({ changes: 0, lastInsertRowid: 0 }),
  iterate: () => [][Symbol.iterator](),
};

function kyselyStatement(statement: StatementSync, path: string): SqliteStatement {
  return {
    reader: statement.columns().length > 0,
    all: (parameters) => naming(path, () => statement.all(...bindable(parameters))),
    run: (parameters) => naming(path, () => statement.run(...bindable(parameters))),
    iterate: (parameters) => naming(path, () => statement.iterate(...bindable(parameters))),
  };
}

/** Primary result codes of SQLite. */
const ioError = 10;
const full = 13;

/** Throws DiskError for what is the disk's fault. */
function naming<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    const code = ((cause as { readonly errcode?: number }).errcode ?? 0) & 0xff;
    if (code === full) throw new DiskError(`no space is left on the disk of ${path}`, { cause });
    if (code === ioError) throw new DiskError(`the disk of ${path} fails: ${(cause as Error).message}`, { cause });
    throw cause;
  }
}

function bindable(parameters: readonly unknown[]): SQLInputValue[] {
  return parameters as SQLInputValue[];
}
