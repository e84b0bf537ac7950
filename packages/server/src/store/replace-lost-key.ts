import { existsSync, renameSync, rmSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { randomIds } from '../platform/ids.ts';
import { busyTimeoutMs } from './engines/sqlite.ts';
import { digestKeyFact, keyFingerprintFact } from './facts.ts';
import { loadFittingKey, loadKeyFile } from './key-file.ts';
import { Sealer } from './sealing.ts';
import { StoreError } from './store-error.ts';
import { storeFiles, type StoreFiles } from './store-files.ts';
import { readStoreIdentity } from './store-identity.ts';

/** Secrets that are known though nothing of the database can be opened, by what they are of. */
export interface KnownSecrets {
  readonly preSharedKeys: ReadonlyMap<string, string>;
  readonly accessKeys: ReadonlyMap<string, string>;
}

interface Kind {
  readonly kept: readonly string[];
  readonly lost: readonly string[];
}

/** Ids of what can be sealed anew, and of what is gone. */
export interface LostSecrets {
  readonly preSharedKeys: Kind;
  readonly accessKeys: Kind;
  readonly webhooks: readonly { readonly id: string; readonly url: string }[];
}

export interface LostKeyOptions {
  readonly dataDir: string;
  readonly known: KnownSecrets;
  /** Otherwise nothing is done. */
  readonly confirmed: boolean;
}

const generatedKeyBytes = 16;

/**
 * What is to be had of a database whose key file is lost, and with `confirmed`, while the service is stopped, a new key file: what is known
 * is sealed with it; a tunnel whose pre-shared key is not has another one, that nobody knows; access keys and webhooks whose secret is not
 * are gone. Cut short anywhere, it is done again. Throws where a service runs, or nothing is lost.
 */
export function replaceLostKey({ dataDir, known, confirmed }: LostKeyOptions): LostSecrets {
  using claims = new DisposableStack();
  if (confirmed) claims.use(claimDataDir(dataDir));
  const files = storeFiles(dataDir);
  const identity = readStoreIdentity(files.database);
  if (identity === null) throw new StoreError(`there is no database in ${dataDir}`);
  refuseWhatIsThere(files, identity.keyFingerprint);
  using db = new DatabaseSync(files.database, { timeout: busyTimeoutMs, readOnly: !confirmed });
  const lost = whatIsLost(db, known);
  if (!confirmed) return lost;
  // One that does not fit.
  rmSync(files.nextKey, { force: true });
  const next = loadKeyFile(files.nextKey, true);
  db.exec('PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
  sealAnew(db, new Sealer(next), known, lost);
  db.prepare('UPDATE facts SET value = ? WHERE name = ?').run(next.fingerprint, keyFingerprintFact);
  db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  renameSync(files.nextKey, files.key);
  return lost;
}

/** Of what a cut short rotation leaves, too, nothing is lost. */
function refuseWhatIsThere(files: StoreFiles, fingerprint: string): void {
  try {
    loadFittingKey(files, fingerprint);
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    if (!existsSync(files.key)) return;
    throw new StoreError(`${files.key} is there, and is not the one of this database: move it away first`, {
      cause: error,
    });
  }
  throw new StoreError(`nothing is lost: ${files.database} can be opened with the key file that is there`);
}

function whatIsLost(db: DatabaseSync, known: KnownSecrets): LostSecrets {
  const split = (table: string, id: string, secrets: ReadonlyMap<string, string>): Kind => {
    const ids = db.prepare(`SELECT ${id} AS id FROM ${table} ORDER BY ${id}`).all().map((row) => String(row['id'])); // prettier-ignore
    return { kept: ids.filter((each) => secrets.has(each)), lost: ids.filter((each) => !secrets.has(each)) };
  };
  return {
    preSharedKeys: split('pre_shared_keys', 'vpn_connection_id', known.preSharedKeys),
    accessKeys: split('access_keys', 'secret_id', known.accessKeys),
    webhooks: db
      .prepare('SELECT id, url FROM webhooks ORDER BY id')
      .all()
      .map((row) => ({ id: String(row['id']), url: String(row['url']) })),
  };
}

function sealAnew(db: DatabaseSync, sealer: Sealer, known: KnownSecrets, lost: LostSecrets): void {
  const setPreSharedKey = db.prepare('UPDATE pre_shared_keys SET sealed_key = ? WHERE vpn_connection_id = ?');
  for (const id of [...lost.preSharedKeys.kept, ...lost.preSharedKeys.lost]) {
    const key = known.preSharedKeys.get(id) ?? randomIds.token(generatedKeyBytes);
    setPreSharedKey.run(sealer.seal(`pre-shared-key:${id}`, key), id);
  }
  const setAccessKey = db.prepare('UPDATE access_keys SET sealed_secret_key = ? WHERE secret_id = ?');
  for (const id of lost.accessKeys.kept) {
    setAccessKey.run(sealer.seal(`access-key:${id}`, known.accessKeys.get(id) ?? ''), id);
  }
  // Answers that are repeated to whoever asks twice.
  db.exec('DELETE FROM client_tokens');
  const dropAccessKey = db.prepare('DELETE FROM access_keys WHERE secret_id = ?');
  for (const id of lost.accessKeys.lost) dropAccessKey.run(id);
  db.exec('DELETE FROM webhook_deliveries; DELETE FROM webhooks');
  db.prepare('DELETE FROM facts WHERE name = ?').run(digestKeyFact);
}
