import { basename, join } from 'node:path';

/** Files of a store, in its data directory. */
export interface StoreFiles {
  readonly database: string;
  /** What secrets in the database are sealed with. */
  readonly key: string;
  /** The one that comes next, while everything is sealed anew. */
  readonly nextKey: string;
  /** The administrator's access key, for the command line. */
  readonly administratorKey: string;
}

export function storeFiles(dataDir: string): StoreFiles {
  return {
    database: join(dataDir, 'landbridge.db'),
    key: join(dataDir, 'secret.key'),
    nextKey: join(dataDir, 'secret.key.next'),
    administratorKey: join(dataDir, 'admin.json'),
  };
}

/** Whether a file or folder of that name in a data directory belongs to its store, or to one that was there before (backup/restore-backup.ts). */
export function isStoredHere(name: string): boolean {
  const { database, key, nextKey, administratorKey } = storeFiles('');
  const ofDatabase = ['', '-wal', '-shm', '-journal'].map((ending) => `${database}${ending}`);
  const isFile = [...ofDatabase, key, nextKey, administratorKey].some((file) => basename(file) === name);
  return isFile || /^replaced-\d{4}-|^\.landbridge-restore-/.test(name);
}
