import { chmodSync, existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Clock } from '../platform/clock.ts';
import { randomIds, type IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { ensureAdministratorKey } from './administrator-key.ts';
import { factRepository } from './facts.ts';
import { loadKeyFile, type StoreKeys } from './key-file.ts';
import { migrate } from './migrate.ts';
import type { Database } from './repository.ts';
import { Sealer } from './sealing.ts';
import { openSqlite } from './sqlite-database.ts';
import { Store } from './store.ts';
import { StoreError } from './store-error.ts';

export interface OpenStoreOptions {
  /** Created with mode 0700 when absent. Holds landbridge.db, secret.key and admin.json. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ids?: IdSource;
  /** URL written into admin.json for the command line, such as `http://127.0.0.1:9700`. */
  readonly endpoint?: string;
}

/**
 * Opens the store, creating it at the first start. Throws StoreError when the key file is lost, changed or open to
 * others, or when the database is newer than this program.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { dataDir, clock, logger, ids = randomIds } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const databasePath = join(dataDir, 'landbridge.db');
  const keys = loadKeyFile(join(dataDir, 'secret.key'), !existsSync(databasePath));
  const db = openSqlite(databasePath);
  try {
    chmodSync(databasePath, 0o600);
    const applied = await migrate(db, clock.now());
    if (applied.length > 0) logger.info({ versions: applied }, 'database schema migrated');
    await checkKeyFile(db, keys);
    const sealer = new Sealer(keys);
    const path = join(dataDir, 'admin.json');
    if (await ensureAdministratorKey({ db, sealer, ids, now: clock.now(), path, endpoint: options.endpoint })) {
      logger.info({ path }, 'administrator key written');
    }
    return new Store(db, sealer, logger);
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** The database remembers which key file sealed it. */
async function checkKeyFile(db: Database, keys: StoreKeys): Promise<void> {
  const facts = factRepository(db);
  const known = await facts.find('key-fingerprint');
  if (known === undefined) await facts.insert('key-fingerprint', keys.fingerprint);
  else if (known !== keys.fingerprint) {
    throw new StoreError(
      'secret.key is not the file that this database was sealed with. Restore the matching pair from one backup.',
    );
  }
}
