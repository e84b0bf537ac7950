import { chmodSync, closeSync, existsSync, mkdirSync, openSync } from 'node:fs';
import type { Clock } from '../platform/clock.ts';
import { randomIds, type IdSource } from '../platform/ids.ts';
import type { Logger } from '../platform/logger.ts';
import { ensureAdministratorKey } from './administrator-key.ts';
import { digestKeyFact, insertFact, keyFingerprintFact, readFact, storeIdFact } from './facts.ts';
import { loadFittingKey, loadKeyFile, settleKeyFiles, type StoreKeys } from './key-file.ts';
import { migrate } from './schema/migrate.ts';
import { checkPrivate } from './private-file.ts';
import type { Database } from './database.ts';
import { Sealer, withKeptDigest } from './sealing.ts';
import { openSqlite } from './engines/sqlite.ts';
import { Store } from './store.ts';
import { storeFiles } from './store-files.ts';
import { readStoreIdentity } from './store-identity.ts';

export interface OpenStoreOptions {
  /** Created with mode 0700 when absent. Holds the files of store-files.ts. */
  readonly dataDir: string;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly ids?: IdSource;
  /** URL written into admin.json for the command line, such as `http://127.0.0.1:9700`. */
  readonly endpoint?: string;
}

const storeIdBytes = 8;

/**
 * Opens the store, creating it at the first start. Throws StoreError when a file of it is open to others, when the key file
 * is lost or changed, or when the database is newer than this program.
 */
export async function openStore(options: OpenStoreOptions): Promise<Store> {
  const { dataDir, clock, logger, ids = randomIds } = options;
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const files = storeFiles(dataDir);
  checkPrivate(dataDir);
  checkPrivate(files.administratorKey);
  closeDatabaseToOthers(files.database);
  // The database is the first file to exist and the key file the second: one without the other tells a loss.
  const identity = readStoreIdentity(files.database);
  if (identity !== null) settleKeyFiles(files, identity.keyFingerprint);
  const keys = identity === null ? loadKeyFile(files.key, true) : loadFittingKey(files, identity.keyFingerprint);
  const db = openSqlite(files.database);
  try {
    const applied = await migrate(db, clock.now());
    if (applied.length > 0) logger.info({ versions: applied }, 'database schema migrated');
    await ensureIdentity(db, keys, ids);
    const sealer = new Sealer(withKeptDigest(keys, await readFact(db, digestKeyFact)));
    const path = files.administratorKey;
    if (await ensureAdministratorKey({ db, sealer, ids, now: clock.now(), path, endpoint: options.endpoint })) {
      logger.info({ path }, 'administrator key written');
    }
    return new Store(db, sealer);
  } catch (error) {
    await db.destroy();
    throw error;
  }
}

/** SQLite gives its WAL files the mode of the database, so that one is made before SQLite sees it. */
function closeDatabaseToOthers(database: string): void {
  closeSync(openSync(database, 'a', 0o600));
  for (const file of [database, `${database}-wal`, `${database}-shm`]) if (existsSync(file)) chmodSync(file, 0o600);
}

/** Which store this is, and which key file sealed it. */
async function ensureIdentity(db: Database, keys: StoreKeys, ids: IdSource): Promise<void> {
  await db.transaction().execute(async (transaction) => {
    if ((await readFact(transaction, keyFingerprintFact)) === undefined) {
      await insertFact(transaction, keyFingerprintFact, keys.fingerprint);
    }
    if ((await readFact(transaction, storeIdFact)) === undefined) {
      await insertFact(transaction, storeIdFact, ids.token(storeIdBytes));
    }
  });
}
