import { join } from 'node:path';

/** Files of a store, in its data directory. */
export interface StoreFiles {
  readonly database: string;
  /** What secrets in the database are sealed with. */
  readonly key: string;
  /** The administrator's access key, for the command line. */
  readonly administratorKey: string;
}

export function storeFiles(dataDir: string): StoreFiles {
  return {
    database: join(dataDir, 'landbridge.db'),
    key: join(dataDir, 'secret.key'),
    administratorKey: join(dataDir, 'admin.json'),
  };
}
