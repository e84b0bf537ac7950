import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { inspect } from 'node:util';
import { sql, type Kysely } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sampleRows } from '../../testing/sample-rows.ts';
import { administratorAccount, unboundedTerms } from '../domain/operator/account.ts';
import type { Change } from '../image/change.ts';
import { differenceTo } from '../image/difference.ts';
import { Image } from '../image/image.ts';
import { systemClock } from '../platform/clock.ts';
import { openSqlite } from './engines/sqlite.ts';
import { loadKeyFile } from './key-file.ts';
import { openStore } from './open-store.ts';
import type { Columns } from './schema/columns.ts';
import { firstOfOld, migrate, tooOld } from './schema/migrate.ts';
import { migrations } from './schema/migrations.ts';
import { rowMappings } from './schema/row-mappings.ts';
import { Sealer } from './sealing.ts';
import { Secrets } from './secrets.ts';
import { readNetworkOwners, readStoreIdentity } from './store-identity.ts';
import type { Store } from './store.ts';

let root: string;
let dataDir: string;
const lines: string[] = [];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-store-'));
  dataDir = join(root, 'data');
  lines.length = 0;
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const open = (): Promise<Store> =>
  openStore({
    dataDir,
    clock: systemClock,
    logger: pino({ level: 'debug' }, { write: (line: string) => void lines.push(line) }),
    endpoint: 'http://127.0.0.1:9700',
  });

async function withStore<T>(work: (store: Store) => Promise<T>): Promise<T> {
  const store = await open();
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

const path = (name: string) => join(dataDir, name);
const mode = (name: string) => statSync(name).mode & 0o777;
interface AdminFile {
  readonly secretId: string;
  readonly secretKey: string;
  readonly account: string;
  readonly endpoint: string;
}
const readAdmin = () => JSON.parse(readFileSync(path('admin.json'), 'utf8')) as AdminFile;

/** What the store holds, as the service looks it up. */
async function loaded(store: Store): Promise<Image> {
  const { generation, rows } = await store.load();
  return new Image(generation, rows);
}

async function accessKey(store: Store, secretId: string) {
  return new Secrets((await loaded(store)).rows, store.sealer).accessKey(secretId, 0);
}

async function commit(store: Store, ...changes: readonly Change[]): Promise<void> {
  await store.commit(await store.generation(), changes, []);
}

describe('the data directory', () => {
  it('is made for the owner only', async () => {
    await withStore(() => Promise.resolve());
    expect(mode(dataDir)).toBe(0o700);
    for (const name of ['landbridge.db', 'secret.key', 'admin.json']) expect(mode(path(name))).toBe(0o600);
  });

  it('keeps what SQLite makes beside the database from others, whatever the umask is', async () => {
    const before = process.umask(0);
    try {
      await withStore((store) => {
        const files = ['landbridge.db', 'landbridge.db-wal', 'landbridge.db-shm'];
        expect(files.map((name) => mode(path(name)))).toEqual([0o600, 0o600, 0o600]);
        chmodSync(path('landbridge.db'), 0o644);
        return store.close();
      }).catch(() => undefined);
      await withStore(() => Promise.resolve());
      expect(mode(path('landbridge.db'))).toBe(0o600);
    } finally {
      process.umask(before);
    }
  });

  it.each(['admin.json', 'secret.key'])('is refused when its %s is open to others', async (name) => {
    await withStore(() => Promise.resolve());
    for (const openMode of [0o640, 0o604, 0o666]) {
      chmodSync(path(name), openMode);
      await expect(open()).rejects.toThrow(
        `${path(name)} is open to other users (mode ${openMode.toString(8)}). Run: chmod 600`,
      );
    }
    chmodSync(path(name), 0o600);
    await withStore(() => Promise.resolve());
  });

  it('is refused when it is open to others itself', async () => {
    await withStore(() => Promise.resolve());
    chmodSync(dataDir, 0o755);
    await expect(open()).rejects.toThrow(`${dataDir} is open to other users (mode 755). Run: chmod 700 ${dataDir}`);
  });

  it('gets one administrator key, for good', async () => {
    const first = await withStore((store) => {
      const admin = readAdmin();
      expect(admin).toMatchObject({ account: 'admin', endpoint: 'http://127.0.0.1:9700' });
      return accessKey(store, admin.secretId);
    });
    expect(first).toMatchObject({ principal: { isAdministrator: true }, secretKey: readAdmin().secretKey });
    const before = readAdmin();
    await withStore(() => Promise.resolve());
    expect(readAdmin()).toEqual(before);
    rmSync(path('admin.json'));
    await withStore(() => Promise.resolve());
    expect(existsSync(path('admin.json'))).toBe(false);
    await withStore(async (store) => {
      const row = (await loaded(store)).rows.accessKeys.get(before.secretId) ?? expect.fail('no key');
      await commit(store, { table: 'accessKeys', key: row.secretId, before: row, after: null });
    });
    await withStore((store) => {
      expect(readAdmin().secretId).not.toBe(before.secretId);
      return accessKey(store, readAdmin().secretId);
    });
    expect(lines.join('')).not.toContain(readAdmin().secretKey);
  });

  it('is refused without its key file', async () => {
    await withStore(() => Promise.resolve());
    rmSync(path('secret.key'));
    await expect(open()).rejects.toThrow(/secret\.key is missing.*Restore/);
  });

  it('is refused with another key file', async () => {
    await withStore(() => Promise.resolve());
    writeFileSync(path('secret.key'), 'ab'.repeat(32), { mode: 0o600 });
    await expect(open()).rejects.toThrow(/not the file that this database was sealed with/);
  });

  it('is refused with a damaged key file', async () => {
    await withStore(() => Promise.resolve());
    writeFileSync(path('secret.key'), 'abc');
    await expect(open()).rejects.toThrow(/damaged/);
  });

  it.each([0o640, 0o604, 0o660])('is refused with a key file of mode %i', async (wrong) => {
    await withStore(() => Promise.resolve());
    chmodSync(path('secret.key'), wrong);
    await expect(open()).rejects.toThrow(/open to other users.*chmod 600/);
  });

  it('is refused when a newer program wrote it', async () => {
    await withStore(() => Promise.resolve());
    changeFile("INSERT INTO schema_migrations (version, name, applied_at) VALUES (99, 'later', 1)");
    await expect(open()).rejects.toThrow(/schema version 99.*newer Landbridge/);
  });

  it('is refused when a program from before the first release wrote it, and stays as it is', async () => {
    await withStore(() => Promise.resolve());
    // What tells it is the name of its first migration.
    changeFile(`UPDATE schema_migrations SET name = '${firstOfOld}'`);
    const before = readFileSync(path('landbridge.db'));
    await expect(open()).rejects.toThrow(tooOld);
    expect(() => readStoreIdentity(path('landbridge.db'))).toThrow(tooOld);
    expect(() => readNetworkOwners(path('landbridge.db'))).toThrow(tooOld);
    expect(readFileSync(path('landbridge.db'))).toEqual(before);
  });

  it('tells which store it is, and how many commits changed it', async () => {
    const first = await withStore((store) => store.position());
    expect(first).toEqual({ storeId: expect.stringMatching(/^[0-9a-f]{16}$/) as string, serial: 0 });
    await withStore((store) => commit(store));
    const second = await withStore((store) => store.position());
    expect(second).toEqual({ ...first, serial: 1 });
    expect(readStoreIdentity(path('landbridge.db'))).toMatchObject(second);
    dataDir = join(root, 'another');
    expect((await withStore((store) => store.position())).storeId).not.toBe(first.storeId);
  });
});

/** Behind the service's back. */
function changeFile(statement: string): void {
  const database = new DatabaseSync(path('landbridge.db'));
  database.exec(statement);
  database.close();
}

describe('migrations', () => {
  it('count up by one', () => {
    expect(migrations.map(({ version }) => version)).toEqual(migrations.map((_, index) => index + 1));
  });

  it('are applied whole or not at all', async () => {
    const db = openSqlite(':memory:');
    const broken = {
      version: migrations.length + 1,
      name: 'broken',
      statements: ['CREATE TABLE half (id TEXT)', 'CREATE NONSENSE'],
    };
    expect(await migrate(db, 1, migrations)).toEqual(migrations.map(({ version }) => version));
    await expect(migrate(db, 1, [...migrations, broken])).rejects.toThrow();
    const tables = await db.introspection.getTables();
    expect(tables.map(({ name }) => name)).not.toContain('half');
    expect(await migrate(db, 1, migrations)).toEqual([]);
    await db.destroy();
  });

  it('say of a database from before the first release what to do, and leave it as it is', async () => {
    const db = openSqlite(':memory:');
    await migrate(db, 1, [{ version: 1, name: firstOfOld, statements: ['CREATE TABLE vpcs (id TEXT)'] }]);
    await expect(migrate(db, 1)).rejects.toThrow(tooOld);
    expect((await db.introspection.getTables()).map(({ name }) => name).toSorted()).toEqual([
      'schema_migrations',
      'vpcs',
    ]);
    await db.destroy();
  });
});

describe('the schema', () => {
  const database = new DatabaseSync(':memory:');
  for (const { statements } of migrations) for (const statement of statements) database.exec(statement);
  const all = (pragma: string) => database.prepare(`PRAGMA ${pragma}`).all() as Record<string, string | number>[];

  it.each(Object.entries(rowMappings))('has keys and unique columns of %s as its mapping says', (table, mapping) => {
    const { key, unique = [] }: { readonly key: readonly string[]; readonly unique?: readonly string[] } = mapping;
    const columns = all(`table_info(${snakeCase(table)})`);
    const inKey = columns.filter(({ pk }) => pk !== 0).toSorted((a, b) => Number(a['pk']) - Number(b['pk']));
    expect(inKey.map(({ name }) => name)).toEqual(key.map(snakeCase));
    const constraints = all(`index_list(${snakeCase(table)})`).filter(({ origin }) => origin === 'u');
    const inConstraints = constraints.flatMap(({ name }) => all(`index_info(${name})`));
    expect(new Set(inConstraints.map(({ name }) => name))).toEqual(new Set(unique.map(snakeCase)));
  });

  it('finds by an index what refers to a row: a change of it costs the same with ten and with ten thousand', () => {
    for (const table of Object.keys(rowMappings).map(snakeCase)) {
      const leading = [
        ...all(`index_list(${table})`).map(({ name }) => all(`index_info(${name})`)[0]?.['name']),
        ...all(`table_info(${table})`).flatMap(({ pk, name }) => (pk === 1 ? [name] : [])),
      ];
      // No account is ever removed, and none gets another id.
      const references = all(`foreign_key_list(${table})`).filter(({ table: to }) => to !== 'accounts');
      for (const { from } of references) expect(leading, table).toContain(from);
    }
  });
});

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

describe('the database file', () => {
  it('uses a write-ahead log, and waits for the disk', async () => {
    await withStore(() => Promise.resolve());
    const database = new DatabaseSync(path('landbridge.db'));
    expect(database.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    database.close();
    const db = openSqlite(path('landbridge.db'));
    const settings = ['synchronous', 'foreign_keys', 'secure_delete'].map((name) => pragma(db, name));
    expect(await Promise.all(settings)).toEqual([2, 1, 1]);
    await db.destroy();
  });

  it('gives rows back after a restart', async () => {
    const held = await withStore(async (store) => {
      const image = await loaded(store);
      const { accounts, ...rows } = sampleRows;
      const [admin] = image.rows.accounts.all();
      const others = accounts.filter(({ name }) => name !== administratorAccount);
      const all = { ...rows, accounts: [admin!, ...others, { ...others[0]!, id: 'admin', name: 'other' }] };
      await commit(
        store,
        ...differenceTo(image, { ...all, accessKeys: image.rows.accessKeys.all(), clientTokens: [] }),
      );
      return await store.load();
    });
    await withStore(async (store) => expect(await store.load()).toStrictEqual(held));
    expect(held.rows.vpnConnections).toHaveLength(sampleRows.vpnConnections.length);
  });

  it('holds no secret in clear', async () => {
    const secret = 'a-secret-that-nobody-else-has';
    await withStore(async (store) => {
      const { secretId, secretKey } = readAdmin();
      const { accountId } = (await accessKey(store, secretId))!.principal;
      const row = { secretId: 'AKID9', accountId, ...unboundedTerms, createdAt: 1 };
      const sealedSecretKey = store.sealer.seal('access-key:AKID9', secret);
      await commit(store, { table: 'accessKeys', key: 'AKID9', before: null, after: { ...row, sealedSecretKey } });
      expect((await accessKey(store, 'AKID9'))?.secretKey).toBe(secret);
      const files = readdirSync(dataDir).filter((name) => name.startsWith('landbridge.db'));
      expect(files).toHaveLength(3);
      for (const name of files) {
        const content = readFileSync(path(name));
        for (const clear of [secret, secretKey]) expect([name, content.includes(clear)]).toEqual([name, false]);
      }
      expect(readFileSync(path('landbridge.db-wal')).includes('AKID9')).toBe(true);
    });
  });
});

async function pragma(db: Kysely<Columns>, name: string): Promise<unknown> {
  const { rows } = await sql.raw<object>(`PRAGMA ${name}`).execute(db);
  return Object.values(rows[0] ?? {})[0];
}

describe('sealing', () => {
  it('opens only what it sealed, in its own place', () => {
    const sealer = new Sealer(loadKeyFile(join(root, 'key'), true));
    const other = new Sealer(loadKeyFile(join(root, 'key-2'), true));
    const sealed = sealer.seal('pre-shared-key:vpnx-1', 'geheim ü');
    expect(sealer.open('pre-shared-key:vpnx-1', sealed)).toBe('geheim ü');
    expect(sealer.seal('pre-shared-key:vpnx-1', 'geheim ü')).not.toBe(sealed);
    expect(() => sealer.open('pre-shared-key:vpnx-2', sealed)).toThrow(/cannot be opened/);
    expect(() => other.open('pre-shared-key:vpnx-1', sealed)).toThrow(/cannot be opened/);
    expect(() => sealer.open('pre-shared-key:vpnx-1', `${sealed.slice(0, -8)}AAAAAAA=`)).toThrow(/cannot be opened/);
    expect(() => sealer.open('pre-shared-key:vpnx-1', 'v1:')).toThrow(/cannot be opened/);
    expect(sealer.digest('a')).toBe(sealer.digest('a'));
    expect(sealer.digest('a')).not.toBe(other.digest('a'));
    expect(sealer.digest('a')).not.toBe(sealer.digest('b'));
  });

  it('keeps a bounded number of opened texts, which nothing prints', () => {
    const sealer = new Sealer(loadKeyFile(join(root, 'key'), true));
    const sealed = Array.from({ length: 2100 }, (_, n) =>
      sealer.seal(`pre-shared-key:vpnx-${n}`, `secret-number-${n}`),
    );
    for (let round = 0; round < 2; round++) {
      for (const [n, text] of sealed.entries()) {
        expect(sealer.open(`pre-shared-key:vpnx-${n}`, text)).toBe(`secret-number-${n}`);
      }
    }
    // Opened before: yet nobody else opens it at another place.
    expect(() => sealer.open('pre-shared-key:vpnx-1', sealed.at(-1) ?? '')).toThrow(/cannot be opened/);
    const shown = `${JSON.stringify(sealer)} ${inspect(sealer, { depth: 9, showHidden: true })}`;
    expect(shown).not.toContain('secret-number');
  });
});
