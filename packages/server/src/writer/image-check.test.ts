import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { sql } from 'kysely';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { rowsIn } from '../../testing/image-of.ts';
import { sampleRows } from '../../testing/sample-rows.ts';
import { Image } from '../image/image.ts';
import { tableNames } from '../image/tables.ts';
import type { Database } from '../store/database.ts';
import { openSqlite } from '../store/engines/sqlite.ts';
import { migrate } from '../store/schema/migrate.ts';
import { Sealer } from '../store/sealing.ts';
import { Store } from '../store/store.ts';
import { differenceTo } from '../image/difference.ts';
import { ImageCheck } from './image-check.ts';
import { Writer } from './writer.ts';

const sealer = new Sealer({ sealing: Buffer.alloc(32, 1), digest: Buffer.alloc(32, 2), fingerprint: '' });
/** More than there are slices of these rows. */
const wholeRound = tableNames.length + 8;

let root: string;
let db: Database;
let store: Store;
let image: Image;
let writer: Writer;
let check: ImageCheck;
let slices: number[];
const clock = new FakeClock();
const lines: string[] = [];
const logger = pino({}, { write: (line: string) => void lines.push(line) });

beforeEach(async () => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-check-'));
  db = openSqlite(join(root, 'landbridge.db'));
  await migrate(db, 1);
  // What the disk does is another test's matter.
  await sql`PRAGMA synchronous = OFF`.execute(db);
  store = new Store(db, sealer);
  image = new Image(0);
  const counters = Array.from({ length: 450 }, (_, n) => ({ name: `n${String(n).padStart(4, '0')}`, value: n }));
  const all = differenceTo(image, { ...sampleRows, counters });
  await store.commit(0, all, []);
  image.patch(all, 1);
  writer = new Writer(store, image, logger);
  slices = [];
  const counting: Pick<Store, 'slice'> = {
    slice: async (...asked) => {
      const slice = await store.slice(...asked);
      slices.push(slice.rows.length);
      return slice;
    },
  };
  check = new ImageCheck({ store: counting, image, writer, clock, logger });
  lines.length = 0;
});
afterEach(async () => {
  await store.close();
  rmSync(root, { recursive: true });
});

/** Behind the service's back. */
function changeFile(...statements: readonly string[]): void {
  const database = new DatabaseSync(join(root, 'landbridge.db'));
  for (const statement of statements) database.exec(statement);
  database.close();
}

async function checkSlices(count = wholeRound): Promise<void> {
  for (let slice = 0; slice < count; slice++) await check.checkSlice();
}

async function expectExact(): Promise<void> {
  const { generation, rows } = await store.load();
  expect(rowsIn(image)).toStrictEqual(rowsIn(new Image(generation, rows)));
}

describe('the image', () => {
  it('is compared whole, a few rows at a time, and nothing is said while it is the same', async () => {
    await checkSlices();
    expect(check.readCondition()).toEqual({ name: 'image', ok: true, message: '' });
    expect(lines).toEqual([]);
    expect(Math.max(...slices)).toBe(100);
    const rows = tableNames.reduce((sum, table) => sum + image.all(table).length, 0);
    // Once, and some of it again.
    expect(slices.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(rows);
  });

  it.each([
    ['a column', "UPDATE vpn_gateways SET name = 'x' WHERE id = 'vpngw-gateway2'", 'vpnGateways vpngw-gateway2'],
    ['text of JSON', 'UPDATE vpcs SET tags_json = \'[{"key":"k","value":""}]\'', 'vpcs vpc-network1'],
    [
      'a key of two parts',
      'UPDATE subnet_interfaces SET created_at = 9 WHERE vlan_id = 100',
      'subnetInterfaces eth1 100',
    ],
    ['a row more', "INSERT INTO counters VALUES ('n0200a', 1)", 'counters n0200a'],
    ['a row more at the end', "INSERT INTO counters VALUES ('z', 1)", 'counters z'],
    ['a row less', "DELETE FROM counters WHERE name = 'n0299'", 'counters n0299'],
    ['the last row less', "DELETE FROM counters WHERE name = 'n0449'", 'counters n0449'],
    ['all rows less', 'DELETE FROM ccn_bandwidth_limits', 'ccnBandwidthLimits ccn-network1 north '],
  ])('is found to differ, named, and loaded anew: %s', async (_, statement, name) => {
    await checkSlices();
    changeFile(statement);
    await checkSlices(3 * wholeRound);
    expect(lines.filter((line) => line.includes('differs from the store'))).toHaveLength(1);
    expect(JSON.parse(lines[0] ?? '')).toMatchObject({
      table: name.split(' ')[0],
      key: name.split(' ').slice(1).join(' '),
    });
    await expectExact();
    // The condition is gone again with a whole round that found nothing.
    expect(check.readCondition().ok).toBe(true);
  });

  it('says what differed until a whole round found nothing', async () => {
    changeFile("UPDATE vpn_gateways SET name = 'x' WHERE id = 'vpngw-gateway2'");
    while (check.readCondition().ok) await check.checkSlice();
    expect(check.readCondition()).toEqual({
      name: 'image',
      ok: false,
      message:
        'what the service holds of vpnGateways vpngw-gateway2 was not what is stored (change 1): ' +
        'it has read everything anew. Did something else write to the database?',
    });
    await expectExact();
    // The rest of this round does not speak for its beginning.
    await checkSlices(tableNames.length - tableNames.indexOf('vpnGateways') - 1);
    expect(check.readCondition().ok).toBe(false);
    await checkSlices();
    expect(check.readCondition().ok).toBe(true);
  });

  it('is the same where the same is only written otherwise', async () => {
    changeFile("UPDATE vpcs SET tags_json = ' [ ]  '");
    await checkSlices();
    expect(lines).toEqual([]);
  });

  it('is not alarmed by commits before, behind and during a slice', async () => {
    for (let n = 0; n < 2 * wholeRound; n++) {
      const name = `n${String((n * 37) % 460).padStart(4, '0')}`;
      await Promise.all([
        check.checkSlice(),
        writer.decide(({ counters }) => counters.put({ name, value: -n })),
        writer.decide(({ counters }) => counters.remove(`n${String((n * 53) % 450).padStart(4, '0')}`)),
        check.checkSlice(),
      ]);
    }
    expect(check.readCondition().ok).toBe(true);
    expect(lines).toEqual([]);
    await expectExact();
  });

  it('is not compared with the rows of another generation', async () => {
    const { name } = image.rows.counters.all()[0] ?? expect.fail('no counter');
    const before = { name, value: 0 };
    await store.commit(1, [{ table: 'counters', key: name, before, after: { name, value: 9 } }], []);
    await checkSlices();
    expect(lines).toEqual([]);
    await writer.decide((rows) => rows.next('new'));
    await checkSlices();
    expect(lines).toEqual([]);
    await expectExact();
  });

  it('is compared at its pace until the service stops, and when the store cannot be read, tried again', async () => {
    const stop = new AbortController();
    const running = check.run(stop.signal);
    await clock.advance(10_000);
    expect(slices.length).toBe(5);
    const failing = vi.spyOn(store, 'slice').mockRejectedValue(new Error('the disk fails'));
    await clock.advance(2000);
    expect(lines.join('')).toContain('could not be compared');
    failing.mockRestore();
    changeFile("UPDATE vpcs SET name = 'x'");
    // Every table had its turn.
    await clock.advance(30_000);
    expect(lines.join('')).toContain('differs from the store');
    await expectExact();
    stop.abort();
    await running;
  });
});
