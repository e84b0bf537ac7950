import { closeSync, openSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export interface KeptDatabaseOptions {
  /** In a folder of this process' user alone. */
  readonly path: string;
  /** Makes the tables of an empty file. */
  readonly schema: string;
  /** Of that schema, from 1 on. A file with another one is replaced by an empty one. */
  readonly version: number;
  /** No file grows beyond, what is written fails then. */
  readonly mostBytes: number;
  /** It could not be used, and begins anew: what was in it is lost. */
  readonly onReplaced: (why: string) => void;
}

const pageBytes = 4096;
const mostWalBytes = 4 * 1024 * 1024;

/**
 * Opens a SQLite file of what had better be kept and may be lost: a history, not rows. One that is damaged or of another form
 * is replaced, so that it holds up nobody. After a power loss the newest seconds may be missing.
 */
export function openKeptDatabase(options: KeptDatabaseOptions): DatabaseSync {
  try {
    return open(options);
  } catch (error) {
    if (!isDamage(error)) throw error;
    options.onReplaced((error as Error).message);
    removeKeptDatabase(options.path);
    return open(options);
  }
}

/** With what SQLite has beside it. */
export function removeKeptDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}

class OtherForm extends Error {
  override readonly name = 'OtherForm';
}

const corrupt = 11;
const notADatabase = 26;
const full = 13;

/** True when the file itself is to blame, and a new one helps. */
export function isDamage(error: unknown): boolean {
  return error instanceof OtherForm || [corrupt, notADatabase].includes(codeOf(error));
}

/** True when the file, or its disk, has no space left. */
export function isFull(error: unknown): boolean {
  return codeOf(error) === full;
}

/** The primary result code of SQLite. */
function codeOf(error: unknown): number {
  return ((error as { readonly errcode?: number } | null)?.errcode ?? 0) & 0xff;
}

function open({ path, schema, version, mostBytes }: KeptDatabaseOptions): DatabaseSync {
  closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path);
  try {
    // Before the first page is written.
    database.exec(`PRAGMA page_size = ${pageBytes}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = NORMAL');
    database.exec(`PRAGMA journal_size_limit = ${mostWalBytes}`);
    database.exec(`PRAGMA max_page_count = ${Math.ceil(mostBytes / pageBytes)}`);
    const found = (database.prepare('PRAGMA user_version').get() as { readonly user_version: number }).user_version;
    if (found === 0) database.exec(`BEGIN; ${schema}; PRAGMA user_version = ${version}; COMMIT`);
    else if (found !== version) throw new OtherForm(`it has version ${found}, not ${version}`);
    // Reads the first page at least.
    database.prepare('SELECT count(*) FROM sqlite_schema').get();
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
