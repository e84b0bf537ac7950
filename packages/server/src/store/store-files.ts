import { join } from 'node:path';

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
