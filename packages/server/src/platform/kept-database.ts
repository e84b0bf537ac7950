import { closeSync, openSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';

export interface KeptDatabaseOptions {
  /** In a folder of this process' user alone. */
  readonly path: string;
  /** Makes the tables of an empty file. */
  readonly schema: string;
  /** Of that schema, from 1 on. A file with another one is of another form. */
  readonly version: number;
  /** The file grows no further, what is written fails then; absent: whoever writes sees to it. */
  readonly mostBytes?: number;
}

const pageBytes = 4096;
const mostWalBytes = 4 * 1024 * 1024;

/** With what SQLite has beside it. */
export function removeKeptDatabase(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(path + suffix, { force: true });
}

/** In place of one that lay there before. Returns where it lies now. */
export function putKeptDatabaseAside(path: string): string {
  const aside = `${path}.corrupt`;
  renameSync(path, aside);
  removeKeptDatabase(path);
  return aside;
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

/**
 * Opens a SQLite file, or makes it, of what had better be kept and may be lost: a history, not rows. After a power loss the newest seconds may be
 * missing. Throws what SQLite says, or that it is of another form: whether that is damage tells `isDamage`, and then it has to begin anew.
 */
export function openKeptDatabase({ path, schema, version, mostBytes }: KeptDatabaseOptions): DatabaseSync {
  closeSync(openSync(path, 'a', 0o600));
  const database = new DatabaseSync(path);
  try {
    // Before the first page is written.
    database.exec(`PRAGMA page_size = ${pageBytes}`);
    database.exec('PRAGMA journal_mode = WAL');
    database.exec('PRAGMA synchronous = NORMAL');
    database.exec(`PRAGMA journal_size_limit = ${mostWalBytes}`);
    if (mostBytes !== undefined) database.exec(`PRAGMA max_page_count = ${Math.ceil(mostBytes / pageBytes)}`);
    const found = (database.prepare('PRAGMA user_version').get() as { readonly user_version: number }).user_version;
    const { tables } = database.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() as {
      readonly tables: number;
    };
    if (found === 0 && tables === 0) database.exec(`BEGIN; ${schema}; PRAGMA user_version = ${version}; COMMIT`);
    else if (found !== version) throw new OtherForm(`it has version ${found}, not ${version}`);
    return database;
  } catch (error) {
    database.close();
    throw error;
  }
}
