import { renameSync } from 'node:fs';
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { busyTimeoutMs } from './engines/sqlite.ts';
import { digestKeyFact, keyFingerprintFact } from './facts.ts';
import { loadFittingKey, loadKeyFile, settleKeyFiles, type StoreKeys } from './key-file.ts';
import { Sealer, withKeptDigest } from './sealing.ts';
import { StoreError } from './store-error.ts';
import { storeFiles } from './store-files.ts';
import { readStoreIdentity } from './store-identity.ts';

type Row = Readonly<Record<string, SQLOutputValue>>;

export interface SealedColumn {
  readonly table: string;
  readonly column: string;
  /** What makes a row's place (services/sealing.ts). */
  readonly keys: readonly string[];
  readonly place: (row: Row) => string;
}

/** Every column that holds something sealed. */
export const sealedColumns: readonly SealedColumn[] = [
  sealedIn('access_keys', 'sealed_secret_key', 'access-key', ['secret_id']),
  sealedIn('pre_shared_keys', 'sealed_key', 'pre-shared-key', ['vpn_connection_id']),
  sealedIn('webhooks', 'sealed_secret', 'webhook', ['id']),
  sealedIn('client_tokens', 'sealed_answer', 'client-token', ['key_id', 'token']),
];

function sealedIn(table: string, column: string, kind: string, keys: readonly string[]): SealedColumn {
  return { table, column, keys, place: (row) => [kind, ...keys.map((key) => String(row[key]))].join(':') };
}

/**
 * Seals everything with a new key file, while the service is stopped; the old key opens nothing of the database any more. Temporary credentials
 * that are out become worthless. Cut short anywhere, the next start goes on with the key that fits.
 * @returns how many secrets were sealed anew. Throws where a service runs, or where something cannot be opened: nothing is changed then.
 */
export function rotateKey(dataDir: string): number {
  using claims = new DisposableStack();
  claims.use(claimDataDir(dataDir));
  const files = storeFiles(dataDir);
  const identity = readStoreIdentity(files.database);
  if (identity === null) throw new StoreError(`there is no database in ${dataDir}`);
  settleKeyFiles(files, identity.keyFingerprint);
  const old = loadFittingKey(files, identity.keyFingerprint);
  const next = loadKeyFile(files.nextKey, true);
  const db = new DatabaseSync(files.database, { timeout: busyTimeoutMs });
  let count = 0;
  try {
    // What was sealed with the old key does not stay in free pages.
    db.exec('PRAGMA secure_delete = ON; PRAGMA synchronous = FULL; BEGIN IMMEDIATE');
    const [opening, sealing] = [new Sealer(old), new Sealer(next)];
    for (const column of sealedColumns) count += sealAnew(db, column, opening, sealing);
    keepDigestKey(db, old, sealing);
    db.prepare('UPDATE facts SET value = ? WHERE name = ?').run(next.fingerprint, keyFingerprintFact);
    db.exec('COMMIT; PRAGMA wal_checkpoint(TRUNCATE)');
  } finally {
    db.close();
  }
  renameSync(files.nextKey, files.key);
  return count;
}

function sealAnew(db: DatabaseSync, { table, column, keys, place }: SealedColumn, old: Sealer, next: Sealer): number {
  const rows = db.prepare(`SELECT ${[...keys, column].join(', ')} FROM ${table}`).all();
  const where = keys.map((key) => `${key} = ?`).join(' AND ');
  const update = db.prepare(`UPDATE ${table} SET ${column} = ? WHERE ${where}`);
  for (const row of rows) {
    const sealed = next.seal(place(row), old.open(place(row), String(row[column])));
    update.run(sealed, ...keys.map((key) => row[key] ?? null));
  }
  return rows.length;
}

/** Digests stay what they are: to whoever has some, as the agent, each tunnel would have another key otherwise. */
function keepDigestKey(db: DatabaseSync, old: StoreKeys, next: Sealer): void {
  const kept = db.prepare('SELECT value FROM facts WHERE name = ?').get(digestKeyFact)?.['value'];
  const { digest } = withKeptDigest(old, kept === undefined ? undefined : String(kept));
  db.prepare(
    'INSERT INTO facts (name, value) VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value',
  ).run(digestKeyFact, next.seal(digestKeyFact, digest.toString('hex')));
}
