import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseCidr } from '@landbridge/net';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { Vpc } from '../domain/vpc/vpc.ts';
import { systemClock } from '../platform/clock.ts';
import { loadKeyFile } from './key-file.ts';
import { migrate } from './migrate.ts';
import { migrations } from './migrations.ts';
import { openStore } from './open-store.ts';
import { Sealer } from './sealing.ts';
import { openSqlite } from './sqlite-database.ts';
import { Store } from './store.ts';

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

function vpcOf(accountId: string, id: `vpc-${string}`): Vpc {
  return {
    accountId,
    region: 'r',
    createdAt: 1,
    id,
    name: 'n',
    cidr: parseCidr('10.0.0.0/16'),
    isDefault: false,
    enableMulticast: true,
    dnsServers: [],
    domainName: '',
    publishVpcCidr: false,
    publishVpcCidrIpv6: true,
    tags: [{ key: 'k', value: 'v' }],
  };
}

/** An account that rows can belong to. */
async function accountIn(store: Store): Promise<string> {
  return store.transaction(async ({ accounts }) => {
    const account = { id: 'acc', name: 'acc', isAdministrator: false, createdAt: 1 };
    await accounts.insert(account);
    return account.id;
  });
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
      return store.accessKey(admin.secretId);
    });
    expect(first).toMatchObject({ accountName: 'admin', isAdministrator: true, secretKey: readAdmin().secretKey });
    const before = readAdmin();
    await withStore(() => Promise.resolve());
    expect(readAdmin()).toEqual(before);
    rmSync(path('admin.json'));
    await withStore(() => Promise.resolve());
    expect(existsSync(path('admin.json'))).toBe(false);
    await withStore((store) => store.transaction(({ accessKeys }) => accessKeys.remove(before.secretId)));
    await withStore((store) => {
      expect(readAdmin().secretId).not.toBe(before.secretId);
      return store.accessKey(readAdmin().secretId);
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
    const database = new DatabaseSync(path('landbridge.db'));
    database.exec("INSERT INTO schema_migrations (version, name, applied_at) VALUES (99, 'later', 1)");
    database.close();
    await expect(open()).rejects.toThrow(/schema version 99.*newer Landbridge/);
  });
});

describe('migrations', () => {
  it('keep gateway routes, which may then lead to CCNs', async () => {
    const db = openSqlite(':memory:');
    await migrate(db, 1, migrations.slice(0, 3));
    await sql`PRAGMA foreign_keys = OFF`.execute(db);
    const insert = (id: string, kind: string, hop: string) =>
      sql`INSERT INTO vpn_gateway_routes VALUES
        (${id}, 'admin', 'local', 1, 'vpngw-gateway1', '10.0.0.0/8', ${kind}, ${hop}, 100, 1, 'text', 2)`.execute(db);
    await insert('vpnr-1', 'vpn-connection', 'vpnx-tunnel01');
    await migrate(db, 1, migrations);
    await sql`PRAGMA foreign_keys = OFF`.execute(db);
    await insert('vpnr-2', 'ccn', 'ccn-network1');
    expect(await db.selectFrom('vpnGatewayRoutes').selectAll().orderBy('id').execute()).toMatchObject([
      { id: 'vpnr-1', nextHopId: 'vpnx-tunnel01', priority: 100, enabled: 1, description: 'text', updatedAt: 2 },
      { id: 'vpnr-2', nextHopId: 'ccn-network1', nextHopKind: 'ccn' },
    ]);
    await db.destroy();
  });

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
});

describe('the migration to route tables of CCNs', () => {
  it('binds what is attached to the default table, and keeps what was enabled by hand', async () => {
    const db = openSqlite(':memory:');
    await migrate(db, 1, migrations.slice(0, 3));
    const owned = "'admin', 'local', 5";
    for (const statement of [
      "INSERT INTO accounts VALUES ('admin', 'admin', 1, 1)",
      `INSERT INTO ccns VALUES ('ccn-network1', ${owned}, 'ccn', '', 'gold', 0, 'bandwidth', 'outer-region', 0, 0, 3, '[]')`,
      `INSERT INTO ccn_attachments VALUES ('vpc-network1', ${owned}, 'ccn-network1', 'vpc', 'text', 7, 2)`,
      "INSERT INTO ccn_route_choices VALUES ('ccn-network1', 'vpc-network1', '10.0.1.0/24', 0, 9)",
    ]) {
      await sql.raw(statement).execute(db);
    }
    await migrate(db, 1, migrations);
    const sealer = new Sealer({ sealing: Buffer.alloc(32, 1), digest: Buffer.alloc(32, 2), fingerprint: '' });
    const store = new Store(db, sealer, pino({ level: 'silent' }));
    const rows = await store.readDesiredState();
    const common = { accountId: 'admin', region: 'local', createdAt: 5, ccnId: 'ccn-network1' };
    expect(rows.ccnRouteTables).toEqual([
      { ...common, id: 'ccnrtb-network1', name: 'default', description: '', isDefault: true },
    ]);
    const instance = { kind: 'vpc', id: 'vpc-network1' };
    expect(rows.ccnAttachments).toEqual([
      {
        ...common,
        instance,
        description: 'text',
        routeTableId: 'ccnrtb-network1',
        boundAt: 5,
        number: 7,
        generation: 2,
      },
    ]);
    expect(rows.ccnRouteChoices).toEqual([
      {
        ...{ routeTableId: 'ccnrtb-network1', instanceId: 'vpc-network1', destination: '10.0.1.0/24' },
        ...{ enabled: false, updatedAt: 9 },
      },
    ]);
    await store.close();
  });
});

describe('the database file', () => {
  it('uses a write-ahead log', async () => {
    await withStore(() => Promise.resolve());
    const database = new DatabaseSync(path('landbridge.db'));
    expect(database.prepare('PRAGMA journal_mode').get()).toMatchObject({ journal_mode: 'wal' });
    database.close();
  });

  it('gives rows back after a restart', async () => {
    const vpc = await withStore(async (store) => {
      const row = vpcOf(await accountIn(store), 'vpc-00000001');
      await store.transaction(({ vpcs }) => vpcs.insert(row));
      return row;
    });
    await withStore(async (store) => {
      expect((await store.readDesiredState()).vpcs).toStrictEqual([vpc]);
      const changed = { ...vpc, name: 'new', dnsServers: [], tags: [] };
      await store.transaction(({ vpcs }) => vpcs.update(changed));
      const found = await store.transaction(({ vpcs }) => vpcs.find(vpc, vpc.id));
      expect(found).toStrictEqual(changed);
      expect(await store.transaction(({ vpcs }) => vpcs.find({ ...vpc, region: 'x' }, vpc.id))).toBeUndefined();
    });
  });
});

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
});
