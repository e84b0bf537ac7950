import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { systemClock } from '../platform/clock.ts';
import { openStore } from '../store/open-store.ts';
import type { Kernel } from '../drivers/kernel.ts';
import { makeBackup } from './make-backup.ts';
import { restoreBackup, type RestoreOptions } from './restore-backup.ts';

const passphrase = 'a long enough passphrase';
let root: string;
let [dataDir, path] = ['', ''];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-backup-'));
  [dataDir, path] = [join(root, 'data'), join(root, 'kept.age')];
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const open = (folder = dataDir) =>
  openStore({ dataDir: folder, clock: systemClock, logger: pino({ level: 'silent' }) });

/** Nothing stands in this network. */
const kernel = { listNetns: () => Promise.resolve([]) } as Partial<Kernel> as Kernel;

const restore = (options: Partial<RestoreOptions> = {}) =>
  restoreBackup({ dataDir, path, passphrase, confirmed: true, kernel, ...options });

const administrator = (folder: string) => readFileSync(join(folder, 'admin.json'), 'utf8');

/** What is beside the database is SQLite's, which makes it for a reader as well. */
function digestOf(folder: string): string {
  const digest = createHash('sha256');
  const names = readdirSync(folder).filter((name) => !/-(wal|shm)$/.test(name));
  for (const name of names.sort()) digest.update(name).update(readFileSync(join(folder, name)));
  return digest.digest('hex');
}

async function addAccount(id: string): Promise<void> {
  const store = await open();
  const after = { id, name: id, isAdministrator: false, createdAt: 1 };
  await store.commit(await store.generation(), [{ table: 'accounts', key: id, before: null, after }], []);
  await store.close();
}

/** scrypt takes a second each time; that is what it is for. */
const timeout = 60_000;

describe('a backup', { timeout }, () => {
  it('of a store that is open and written to is one moment of it, and opens as the same store elsewhere', async () => {
    const store = await open();
    const content = await makeBackup({ dataDir, path, passphrase });
    expect(content.counts).toMatchObject({ accounts: 1, vpn_connections: 0 });
    await store.close();
    expect(statSync(path).mode & 0o777).toBe(0o600);
    const elsewhere = join(root, 'elsewhere');
    const { replaces, keptIn } = await restore({ dataDir: elsewhere });
    expect([replaces, keptIn]).toEqual(['nothing', null]);
    expect(administrator(elsewhere)).toBe(administrator(dataDir));
    for (const name of readdirSync(elsewhere)) expect(statSync(join(elsewhere, name)).mode & 0o077).toBe(0);
    const restored = await open(elsewhere);
    const { secretId, secretKey } = JSON.parse(administrator(elsewhere)) as Record<string, string>;
    const sealed = (await restored.load()).rows.accessKeys.find((row) => row.secretId === secretId)?.sealedSecretKey;
    expect(restored.sealer.open(`access-key:${secretId ?? ''}`, sealed ?? '')).toBe(secretKey);
    await restored.close();
  });

  it('shows nothing of what is in it, and opens for its passphrase alone', async () => {
    await (await open()).close();
    await makeBackup({ dataDir, path, passphrase });
    const sealed = readFileSync(path);
    expect(sealed.subarray(0, 21).toString()).toBe('age-encryption.org/v1');
    for (const text of ['SQLite format', 'AKID', 'admin', 'landbridge.db']) expect(sealed.includes(text)).toBe(false);
    await expect(restore({ passphrase: 'another passphrase', confirmed: false })).rejects.toThrow(
      /passphrase is another/,
    );
    const damaged = Buffer.from(sealed);
    damaged[damaged.length - 40] = (damaged[damaged.length - 40] ?? 0) ^ 1;
    writeFileSync(path, damaged);
    await expect(restore()).rejects.toThrow();
    await (await open()).close();
  });

  it('is not written over another file, and none is left of one that failed', async () => {
    writeFileSync(path, 'something');
    await (await open()).close();
    await expect(makeBackup({ dataDir, path, passphrase })).rejects.toThrow(`${path} is there already`);
    expect(readFileSync(path, 'utf8')).toBe('something');
    rmSync(join(dataDir, 'secret.key'));
    await expect(makeBackup({ dataDir, path: join(root, 'other'), passphrase })).rejects.toThrow(/secret\.key/);
    expect(readdirSync(root).sort()).toEqual(['data', 'kept.age']);
  });

  it('follows no link that stands in place of a file', async () => {
    await (await open()).close();
    writeFileSync(join(root, 'of root'), 'not for the service');
    rmSync(join(dataDir, 'admin.json'));
    symlinkSync(join(root, 'of root'), join(dataDir, 'admin.json'));
    await expect(makeBackup({ dataDir, path, passphrase })).rejects.toThrow(/ELOOP/);
  });
});

describe('restoring', { timeout }, () => {
  it('says what would be replaced, and changes nothing until that is confirmed', async () => {
    await (await open()).close();
    await makeBackup({ dataDir, path, passphrase });
    await addAccount('later');
    const before = digestOf(dataDir);
    const look = await restore({ confirmed: false });
    expect([look.keptIn, look.content.counts['accounts']]).toEqual([null, 1]);
    expect(digestOf(dataDir)).toBe(before);
    const { keptIn } = await restore();
    const accountsIn = (folder: string) => {
      const db = new DatabaseSync(join(folder, 'landbridge.db'), { readOnly: true });
      const { count } = db.prepare('SELECT count(*) AS count FROM accounts').get() as { count: number };
      db.close();
      return count;
    };
    expect([accountsIn(dataDir), accountsIn(keptIn ?? '')]).toEqual([1, 2]);
    await (await open()).close();
  });

  it('tells another store from an older state of this one', async () => {
    await (await open()).close();
    await makeBackup({ dataDir, path, passphrase });
    expect((await restore({ confirmed: false })).replaces).toEqual({ laterChanges: 0 });
    const other = join(root, 'other');
    await (await open(other)).close();
    expect((await restore({ dataDir: other, confirmed: false })).replaces).toBe('another store');
  });

  it('is refused while a service runs there, and of a database that a newer program made', async () => {
    await (await open()).close();
    await makeBackup({ dataDir, path, passphrase });
    const claim = claimDataDir(dataDir);
    await expect(restore()).rejects.toThrow(/another landbridge serves/);
    claim[Symbol.dispose]();
    const db = new DatabaseSync(join(dataDir, 'landbridge.db'));
    db.exec("INSERT INTO schema_migrations VALUES (99, 'of tomorrow', 1)");
    db.close();
    const newer = join(root, 'newer.age');
    await makeBackup({ dataDir, path: newer, passphrase });
    await expect(restore({ path: newer })).rejects.toThrow(/schema version 99.*newer Landbridge/);
    await restore();
    await (await open()).close();
  });
});
