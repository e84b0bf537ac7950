import { existsSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptReleases, unpackRelease } from '../../testing/release-fixture.ts';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { systemClock } from '../platform/clock.ts';
import { openStore } from './open-store.ts';
import { replaceLostKey, type KnownSecrets } from './replace-lost-key.ts';
import type { Store } from './store.ts';
import { storeFiles, type StoreFiles } from './store-files.ts';

// With a database that has something in every table.

let root: string;
let dataDir: string;
let files: StoreFiles;
let lostKey: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-lost-key-'));
  dataDir = join(root, 'data');
  files = storeFiles(dataDir);
  unpackRelease(keptReleases().at(-1) ?? '', dataDir);
  lostKey = join(root, 'lost');
  renameSync(files.key, lostKey);
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const nothing: KnownSecrets = { preSharedKeys: new Map(), accessKeys: new Map() };
const replace = (known = nothing, confirmed = true) => replaceLostKey({ dataDir, known, confirmed });

function idsIn(table: string, column: string): string[] {
  const db = new DatabaseSync(files.database, { readOnly: true });
  const rows = db.prepare(`SELECT ${column} AS id FROM ${table} ORDER BY ${column}`).all();
  db.close();
  return rows.map(({ id }) => String(id));
}
function administratorsKey(): string {
  const db = new DatabaseSync(files.database, { readOnly: true });
  const row = db
    .prepare(
      `SELECT secret_id AS id FROM access_keys JOIN accounts ON accounts.id = account_id
       WHERE is_administrator = 1 AND policy_json IS NULL AND expires_at IS NULL`,
    )
    .get();
  db.close();
  return String(row?.['id']);
}
const tunnels = () => idsIn('pre_shared_keys', 'vpn_connection_id');

async function withStore<T>(work: (store: Store) => T | Promise<T>): Promise<T> {
  const store = await openStore({ dataDir, clock: systemClock, logger: pino({ level: 'silent' }) });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

/** What the database holds sealed, opened; throws where something cannot be. */
const opened = () =>
  withStore(async (store) => {
    const { rows } = await store.load();
    const { sealer } = store;
    return {
      preSharedKeys: new Map(rows.preSharedKeys.map(({ vpnConnectionId: id, sealedKey }) => [id as string, sealer.open(`pre-shared-key:${id}`, sealedKey)])), // prettier-ignore
      accessKeys: new Map(rows.accessKeys.map(({ secretId: id, sealedSecretKey }) => [id, sealer.open(`access-key:${id}`, sealedSecretKey)])), // prettier-ignore
      webhooks: rows.webhooks,
    };
  });

describe('a key file that is lost', () => {
  it('is told with what it sealed, and nothing is done', () => {
    const before = readFileSync(files.database);
    const [first = '', ...others] = tunnels();
    const known = new Map([
      [first, 'key of the peer'],
      ['vpnx-gone0001', 'of a tunnel that is no more'],
    ]);
    const told = replace({ ...nothing, preSharedKeys: known }, false);
    expect(others).not.toEqual([]);
    expect(told.preSharedKeys).toEqual({ kept: [first], lost: others });
    expect(told.accessKeys).toEqual({ kept: [], lost: idsIn('access_keys', 'secret_id') });
    expect(told.accessKeys.lost).not.toEqual([]);
    expect(told.webhooks.map(({ id }) => id)).toEqual(idsIn('webhooks', 'id'));
    expect(told.webhooks).not.toEqual([]);
    expect(readFileSync(files.database).equals(before)).toBe(true);
    expect([existsSync(files.key), existsSync(files.nextKey)]).toEqual([false, false]);
  });

  it('is replaced: what is known is kept, other tunnels have a key of their own that nobody has, and the rest is gone', async () => {
    const [first = '', ...others] = tunnels();
    const account = administratorsKey();
    replace({
      preSharedKeys: new Map([[first, 'key of the peer']]),
      accessKeys: new Map([[account, 'of admin.json']]),
    });
    const { preSharedKeys, accessKeys, webhooks } = await opened();
    expect([...preSharedKeys.keys()].sort()).toEqual([first, ...others]);
    expect(preSharedKeys.get(first)).toBe('key of the peer');
    const made = others.map((id) => preSharedKeys.get(id));
    expect(new Set(made).size).toBe(others.length);
    for (const key of made) expect(key).toMatch(/^[0-9a-f]{32}$/);
    expect([...accessKeys]).toEqual([[account, 'of admin.json']]);
    expect(webhooks).toEqual([]);
  });

  it('is replaced where nothing is known at all, and the administrator has a new key', async () => {
    replace();
    const { accessKeys } = await opened();
    const { secretId, secretKey } = JSON.parse(readFileSync(files.administratorKey, 'utf8')) as Record<string, string>;
    expect([...accessKeys]).toEqual([[secretId, secretKey]]);
  });

  it('is not replaced where nothing is lost, where another one is in its place, and while a service runs', async () => {
    writeFileSync(files.key, `${'0'.repeat(64)}\n`, { mode: 0o600 });
    expect(() => replace(nothing, false)).toThrow(`${files.key} is there, and is not the one of this database`);
    rmSync(files.key);
    const claim = claimDataDir(dataDir);
    expect(() => replace()).toThrow(/another landbridge serves/);
    claim[Symbol.dispose]();
    renameSync(lostKey, files.key);
    const before = await opened();
    for (const confirmed of [false, true]) expect(() => replace(nothing, confirmed)).toThrow(/nothing is lost/);
    expect(await opened()).toEqual(before);
  });

  it('is replaced once more where that was cut short before the database had it; after, nothing is lost', async () => {
    writeFileSync(files.nextKey, 'half of', { mode: 0o600 });
    replace();
    const before = await opened();
    expect(existsSync(files.nextKey)).toBe(false);
    renameSync(files.key, files.nextKey);
    expect(() => replace()).toThrow(/nothing is lost/);
    expect(await opened()).toEqual(before);
  });
});
