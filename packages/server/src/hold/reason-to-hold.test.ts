import { cpSync, mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { adopt } from './adopt.ts';
import { fakeNetnsd } from '../../testing/fake-netnsd.ts';
import type { Kernel } from '../drivers/kernel.ts';
import { installationOf } from '../drivers/netns.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { NetworkRecord } from '../platform/network-record.ts';
import { reasonToHold } from './reason-to-hold.ts';
import { openStore } from '../store/open-store.ts';
import { firstOfOld, tooOld } from '../store/schema/migrate.ts';
import { storeFiles } from '../store/store-files.ts';

const gateway = 'vpngw-00000001';
let root: string;
let dataDir: string;
let record: NetworkRecord;
/** Namespaces that carry the mark of this installation. */
let marked: string[];

const kernel: Kernel = {
  hostNetns: null,
  listNetns: () => Promise.resolve([...marked, 'lb-vpc-somebody', 'unrelated']),
  commands: {
    start: () => Promise.reject(new Error('nothing is started here')),
    run: () => Promise.reject(new Error('nothing is run here')),
  },
  netnsd: fakeNetnsd({
    show: (netns) => {
      const isMarked = marked.includes(netns ?? '');
      const ifalias = isMarked ? `landbridge-${installationOf(dataDir)}` : 'landbridge-of-others';
      return Promise.resolve([[{ ifalias }]]);
    },
  }),
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-hold-'));
  dataDir = join(root, 'data');
  marked = [];
  record = new NetworkRecord(installationOf(dataDir), join(root, 'record'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

const open = () => openStore({ dataDir, clock, logger: pino({ level: 'silent' }) });
const reason = async () => (await reasonToHold({ dataDir, kernel, record }))?.text;

/** A service ran: its database, and a network made from it, after so many changes. */
async function serveOnce(changes = 0): Promise<void> {
  const store = await open();
  for (let n = 0; n < changes; n++) await store.commit(await store.generation(), [], []);
  record.write(await store.position());
  await store.close();
  marked = [`lb-${gateway}`];
}

describe('nothing is held', () => {
  it('in a place where there never was an installation', async () => {
    expect(await reason()).toBeUndefined();
    mkdirSync(dataDir);
    expect(await reason()).toBeUndefined();
  });

  it('after a first start that was cut short', async () => {
    mkdirSync(dataDir);
    writeFileSync(storeFiles(dataDir).database, '');
    expect(await reason()).toBeUndefined();
    writeFileSync(storeFiles(dataDir).key, `${'ab'.repeat(32)}\n`, { mode: 0o600 });
    expect(await reason()).toBeUndefined();
  });

  it('with the database that the network was made from, be it newer than was noted', async () => {
    await serveOnce(3);
    expect(await reason()).toBeUndefined();
    const noted = record.read();
    await serveOnce(1);
    record.write(noted ?? expect.fail('no record'));
    expect(await reason()).toBeUndefined();
  });

  it('with an older database when the machine was started again: there is no network', async () => {
    await serveOnce(1);
    cpSync(dataDir, join(root, 'backup'), { recursive: true });
    await serveOnce(1);
    rmSync(dataDir, { recursive: true });
    cpSync(join(root, 'backup'), dataDir, { recursive: true });
    marked = [];
    expect(await reason()).toBeUndefined();
  });
});

describe('everything is held', () => {
  it('when the database is gone', async () => {
    await serveOnce();
    rmSync(storeFiles(dataDir).database);
    expect(await reason()).toMatch(/no database .* 1 network namespaces.*secret\.key.*admin\.json/);
  });

  it('when the database is gone after the machine was started again, because its key file is there', async () => {
    await serveOnce();
    marked = [];
    rmSync(storeFiles(dataDir).database);
    rmSync(storeFiles(dataDir).administratorKey);
    expect(await reason()).toMatch(/secret\.key of an installation/);
  });

  it('when the run-time files of a gateway are all that is left', async () => {
    mkdirSync(join(dataDir, 'run', gateway), { recursive: true });
    expect(await reason()).toMatch(/run-time files of 1 gateways/);
  });

  it('when the directory is empty, as a volume that is not mounted leaves it', async () => {
    await serveOnce();
    rmSync(dataDir, { recursive: true });
    expect(await reason()).toMatch(/1 network namespaces .*volume mounted/);
    mkdirSync(dataDir);
    expect(await reason()).toMatch(/1 network namespaces .*volume mounted/);
  });

  it('when the database is older than the network', async () => {
    await serveOnce(2);
    cpSync(dataDir, join(root, 'backup'), { recursive: true });
    await serveOnce(1);
    rmSync(dataDir, { recursive: true });
    cpSync(join(root, 'backup'), dataDir, { recursive: true });
    expect(await reason()).toMatch(/older \(change 2\) than the network .*\(change 3\)/);
  });

  it('when the database is another one', async () => {
    await serveOnce(1);
    rmSync(dataDir, { recursive: true });
    await (await open()).close();
    expect(await reason()).toMatch(/another one than the network was made from/);
  });

  it('when the key file is lost or replaced, or the database damaged', async () => {
    await serveOnce();
    const { key, database } = storeFiles(dataDir);
    rmSync(key);
    expect(await reason()).toMatch(/secret\.key is missing/);
    writeFileSync(key, 'ab'.repeat(32), { mode: 0o600 });
    expect(await reason()).toMatch(/not the file that this database was sealed with/);
    await expect(adopt({ dataDir, confirmed: true, kernel, record })).rejects.toThrow(/move the database away/);
    writeFileSync(database, 'this is no database, and never was one');
    expect(await reason()).toMatch(/cannot be read/);
  });

  it('when the database is from before the first release, and adopting does not help', async () => {
    await serveOnce();
    const database = new DatabaseSync(storeFiles(dataDir).database);
    database.exec(`UPDATE schema_migrations SET name = '${firstOfOld}'`);
    database.close();
    expect(await reason()).toBe(tooOld.replace(/\.$/, ''));
    await expect(adopt({ dataDir, confirmed: true, kernel, record })).rejects.toThrow('from before the first release');
    marked = [];
    expect(await reason()).toBe(tooOld.replace(/\.$/, ''));
  });
});

describe('adopting', () => {
  it('first says what goes, and does nothing', async () => {
    await serveOnce();
    rmSync(storeFiles(dataDir).database);
    expect(await adopt({ dataDir, confirmed: false, kernel, record })).toMatchObject({ removed: [gateway] });
    expect(await reason()).toMatch(/no database/);
  });

  it('begins anew where the database is lost', async () => {
    await serveOnce();
    rmSync(storeFiles(dataDir).database);
    await adopt({ dataDir, confirmed: true, kernel, record });
    expect(await reason()).toBeUndefined();
    await (await open()).close();
  });

  it('goes on with an older database', async () => {
    await serveOnce(1);
    const position = record.read() ?? expect.fail('no record');
    record.write({ ...position, serial: 9 });
    expect(await reason()).toMatch(/older/);
    await adopt({ dataDir, confirmed: true, kernel, record });
    expect(await reason()).toBeUndefined();
    expect(record.read()).toEqual(position);
    expect(await adopt({ dataDir, confirmed: true, kernel, record })).toBeNull();
  });

  it('takes an emptied database for a lost one', async () => {
    await serveOnce();
    truncateSync(storeFiles(dataDir).database);
    expect(await reason()).toMatch(/no database/);
  });
});
