import { randomBytes } from 'node:crypto';
import { copyFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { systemClock } from '../platform/clock.ts';
import { openStore } from './open-store.ts';
import { rotateKey, sealedColumns } from './rotate-key.ts';
import { storeFiles } from './store-files.ts';

let dataDir: string;
beforeEach(() => (dataDir = mkdtempSync(join(tmpdir(), 'landbridge-rotate-'))));
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

const open = () => openStore({ dataDir, clock: systemClock, logger: pino({ level: 'silent' }) });

/** The administrator's key is opened as the service opens it. */
async function expectOpens(): Promise<void> {
  const store = await open();
  const { secretId, secretKey } = JSON.parse(readFileSync(join(dataDir, 'admin.json'), 'utf8')) as Record<
    string,
    string
  >;
  const row = (await store.load()).rows.accessKeys.find((key) => key.secretId === secretId);
  expect(store.sealer.open(`access-key:${secretId ?? ''}`, row?.sealedSecretKey ?? '')).toBe(secretKey);
  await store.close();
}

describe('a new key file', () => {
  it('opens everything, and the old one nothing any more', async () => {
    await (await open()).close();
    const { key, database } = storeFiles(dataDir);
    copyFileSync(key, join(dataDir, 'old.key'));
    const sealedBefore = sealedSecret(database);
    expect(rotateKey(dataDir)).toBe(1);
    expect(readFileSync(key, 'utf8')).not.toBe(readFileSync(join(dataDir, 'old.key'), 'utf8'));
    expect(sealedSecret(database)).not.toBe(sealedBefore);
    expect(readFileSync(database).includes(sealedBefore)).toBe(false);
    await expectOpens();
    copyFileSync(join(dataDir, 'old.key'), key);
    await expect(open()).rejects.toThrow(/is not the file that this database was sealed with/);
  });

  it('leaves digests as they are, by which the acting side tells that no tunnel has another key', async () => {
    const digest = async () => {
      const store = await open();
      const text = store.sealer.digest('the key of a tunnel');
      await store.close();
      return text;
    };
    const before = await digest();
    rotateKey(dataDir);
    expect(await digest()).toBe(before);
    rotateKey(dataDir);
    expect(await digest()).toBe(before);
  });

  it('is gone on with where it was cut short before the database had it, and after', async () => {
    await (await open()).close();
    const { key, nextKey } = storeFiles(dataDir);
    // Before: one that fits nothing was written.
    copyFileSync(key, join(dataDir, 'old.key'));
    writeFileSync(nextKey, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 });
    await expectOpens();
    expect([existsSync(nextKey), readFileSync(key, 'utf8')]).toEqual([
      false,
      readFileSync(join(dataDir, 'old.key'), 'utf8'),
    ]);
    // After: the database has the next one, which still has that name.
    rotateKey(dataDir);
    copyFileSync(key, nextKey);
    copyFileSync(join(dataDir, 'old.key'), key);
    await expectOpens();
    expect(existsSync(nextKey)).toBe(false);
  });

  it('is refused while a service runs, and nothing is changed where something cannot be opened', async () => {
    await (await open()).close();
    const claim = claimDataDir(dataDir);
    expect(() => rotateKey(dataDir)).toThrow(/another landbridge serves/);
    claim[Symbol.dispose]();
    const { database, key } = storeFiles(dataDir);
    const before = readFileSync(key, 'utf8');
    const db = new DatabaseSync(database);
    db.exec("INSERT INTO webhooks SELECT 'webhook-broken01', id, 'https://x', 'v1:AAAA', 1 FROM accounts");
    db.close();
    expect(() => rotateKey(dataDir)).toThrow(/webhook:webhook-broken01 cannot be opened/);
    expect(readFileSync(key, 'utf8')).toBe(before);
    await expectOpens();
  });

  it('knows every column that holds something sealed', async () => {
    await (await open()).close();
    const db = new DatabaseSync(storeFiles(dataDir).database, { readOnly: true });
    const tables = db.prepare("SELECT name FROM sqlite_master WHERE type = 'table'").all();
    const found = tables.flatMap(({ name }) =>
      db
        .prepare('SELECT name FROM pragma_table_info(?)')
        .all(String(name))
        .filter((column) => String(column['name']).startsWith('sealed'))
        .map((column) => `${String(name)}.${String(column['name'])}`),
    );
    db.close();
    expect(found.sort()).toEqual(sealedColumns.map(({ table, column }) => `${table}.${column}`).sort());
  });
});

function sealedSecret(database: string): string {
  const db = new DatabaseSync(database, { readOnly: true });
  const row = db.prepare('SELECT sealed_secret_key FROM access_keys').get();
  db.close();
  return String(row?.['sealed_secret_key']);
}
