import { chmodSync, lstatSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/**
 * Lets one process at a time own a data directory. The lock is SQLite's (fcntl(2), on the file in the directory): it is the
 * same one on every path that leads there and in every namespace, nobody without access to the directory can take it, and
 * the kernel gives it up together with the process, however that ends.
 */
export function claimDataDir(dataDir: string): Disposable {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const path = join(dataDir, 'landbridge.lock');
  // Root claims it as well, in a directory of the service's user.
  if (lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink() === true)
    throw new Error(`${path} must not be a link`);
  const lock = new DatabaseSync(path, { timeout: 0 });
  try {
    // Nothing is ever written to it: a full disk does not keep the service from starting.
    lock.exec('PRAGMA locking_mode = EXCLUSIVE');
    lock.exec('BEGIN EXCLUSIVE');
    chmodSync(path, 0o600);
  } catch (cause) {
    lock.close();
    throw new Error(`another landbridge serves ${dataDir}; stop it, or take another --data-dir`, { cause });
  }
  return { [Symbol.dispose]: () => lock.close() };
}
