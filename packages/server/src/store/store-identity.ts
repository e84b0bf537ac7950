import { statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { keyFingerprintFact, storeIdFact } from './facts.ts';
import { busyTimeoutMs } from './engines/sqlite.ts';
import { firstOfOld, newestSchema, tooNew, tooOld } from './schema/migrate.ts';
import { StoreError } from './store-error.ts';

/** What a database says about itself. */
export interface StoreIdentity {
  /** Null before a program that gives one has opened it. */
  readonly storeId: string | null;
  /** Commits that changed a row. */
  readonly serial: number;
  readonly keyFingerprint: string;
}

/**
 * Reads it without changing anything; null when there is no database, or one that was never in use.
 * Throws StoreError when the file cannot be read as one, or is too old.
 */
export function readStoreIdentity(database: string): StoreIdentity | null {
  return reading(database, identityIn) ?? null;
}

/** Ids of the resources that have a network namespace, without changing anything. Throws as `readStoreIdentity` does. */
export function readNetworkOwners(database: string): string[] {
  const owners = ['vpcs', 'vpn_gateways', 'ccns', 'direct_connect_gateways'];
  return (
    reading(database, (db) =>
      owners
        .filter((table) => hasTable(db, table))
        .flatMap((table) => db.prepare(`SELECT id FROM ${table}`).all())
        .map((row) => String(row['id'])),
    ) ?? []
  );
}

/** Rows of what an operator counts by, by table, without changing anything. Throws as `readStoreIdentity` does. */
export function countRows(database: string): Record<string, number> {
  const tables = ['accounts', 'vpcs', 'vpn_gateways', 'customer_gateways', 'vpn_connections', 'ccns'];
  const counts = reading(database, (db) =>
    tables
      .filter((table) => hasTable(db, table))
      .map((table) => [table, Number(db.prepare(`SELECT count(*) AS rows FROM ${table}`).get()?.['rows'])] as const),
  );
  return Object.fromEntries(counts ?? []);
}

/** Throws StoreError where a newer program has made it, or it is damaged. */
export function checkSchemaIsKnown(database: string): void {
  reading(database, (db) => {
    const version = Number(db.prepare('SELECT max(version) AS newest FROM schema_migrations').get()?.['newest']);
    if (version > newestSchema) throw new StoreError(tooNew(version));
    const check = db.prepare('PRAGMA quick_check(1)').get()?.['quick_check'];
    if (check !== 'ok') throw new StoreError(`${database} is damaged: ${String(check)}`);
  });
}

function reading<T>(database: string, work: (db: DatabaseSync) => T): T | undefined {
  if ((statSync(database, { throwIfNoEntry: false })?.size ?? 0) === 0) return undefined;
  try {
    const db = new DatabaseSync(database, { readOnly: true, timeout: busyTimeoutMs });
    try {
      if (isTooOld(db)) throw new StoreError(tooOld);
      return work(db);
    } finally {
      db.close();
    }
  } catch (cause) {
    if (cause instanceof StoreError) throw cause;
    throw new StoreError(`${database} cannot be read: ${(cause as Error).message}. Restore it from your backup.`, {
      cause,
    });
  }
}

function hasTable(db: DatabaseSync, name: string): boolean {
  return db.prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?").get(name) !== undefined;
}

function isTooOld(db: DatabaseSync): boolean {
  if (!hasTable(db, 'schema_migrations')) return false;
  return db.prepare('SELECT 1 FROM schema_migrations WHERE name = ?').get(firstOfOld) !== undefined;
}

function identityIn(db: DatabaseSync): StoreIdentity | null {
  if (!hasTable(db, 'facts')) return null;
  const fact = (name: string) => db.prepare('SELECT value FROM facts WHERE name = ?').get(name)?.['value'];
  const keyFingerprint = fact(keyFingerprintFact);
  if (keyFingerprint === undefined) return null;
  const storeId = fact(storeIdFact);
  const serial = db.prepare('SELECT value FROM generation').get()?.['value'];
  return {
    storeId: storeId === undefined ? null : String(storeId),
    serial: Number(serial ?? 0),
    keyFingerprint: String(keyFingerprint),
  };
}
