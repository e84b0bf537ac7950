import { mkdtemp, readdir, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { poll } from '@landbridge/testbed/poll';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { settle } from '../../testing/fake-clock.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { FailoverFile } from './failover-file.ts';

const one: VpnConnectionId = 'vpnx-tunnel01';
let folder: string;
let directory: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'failover-'));
  directory = join(folder, 'run');
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const state = (isUsable: boolean, count = 1) =>
  new Map(
    Array.from({ length: count }, (_, number) => [
      number === 0 ? one : (`vpnx-${String(number).padStart(8, '0')}` as const),
      { isUsable, answeredPair: null },
    ]),
  );

function open() {
  const warnings: string[] = [];
  const logger = pino({}, { write: (line: string) => void warnings.push(line) });
  return { file: new FailoverFile(directory, logger), warnings };
}

/** Until a reader finds so many tunnels. */
const known = (count: number) =>
  poll('the memory', written, ({ size }) => size === count, { within: 10_000, every: 2 });

const written = () => new FailoverFile(directory, pino({ level: 'silent' })).read();

test('what was noted is read by the next one; nothing, and what makes no sense, is none', async () => {
  expect(written()).toEqual(new Map());
  const { file } = open();
  file.note(() => state(false));
  await file.close();
  expect(written()).toEqual(state(false));
  for (const text of ['', 'null', '[]', '{"vpnx-tunnel01":null}', '{"vpnx-tunnel01":{"isUsable":"no"}}', '{"vp']) {
    await writeFile(join(directory, 'failover.json'), text);
    expect(written(), text).toEqual(new Map());
  }
});

test('nothing is written before the caller goes on, and what is told in one turn is asked for once', async () => {
  const { file } = open();
  let asked = 0;
  const newest = (isUsable: boolean) => () => {
    asked++;
    return state(isUsable, 1000);
  };
  for (let times = 0; times < 500; times++) {
    file.note(newest(times % 2 === 0));
    await Promise.resolve();
  }
  expect([asked, await readdir(folder)]).toEqual([0, []]);
  await known(1000);
  expect([asked, written()]).toEqual([1, state(false, 1000)]);
});

test('while one is under way, the newest of all that is noted is the next: never two at once', async () => {
  const { file } = open();
  let asked = 0;
  for (let turn = 0; turn < 200; turn++) {
    file.note(() => {
      asked++;
      return state(turn % 2 === 0, 1000);
    });
    await setImmediate();
  }
  await file.close();
  expect(written()).toEqual(state(false, 1000));
  expect(asked).toBeLessThan(150);
});

test('a reader finds the one or the other, whole, whenever it looks', async () => {
  const { file } = open();
  file.note(() => state(true, 3000));
  await known(3000);
  let seen = 0;
  for (let round = 0; round < 20; round++) {
    file.note(() => state(round % 2 === 0, 3000));
    for (let look = 0; look < 5; look++) {
      await setImmediate();
      expect(written().size).toBe(3000);
      seen++;
    }
  }
  await file.close();
  expect(seen).toBe(100);
});

test('an orderly end waits for the last state, and nothing is written after it', async () => {
  const { file } = open();
  file.note(() => state(true));
  await known(1);
  file.note(() => state(false));
  await file.close();
  expect(written()).toEqual(state(false));
  file.note(() => state(true));
  await file.close();
  expect(written()).toEqual(state(false));
});

test('the memory of a gateway that is removed makes its directory no second time', async () => {
  const { file } = open();
  file.note(() => state(true, 3000));
  await setImmediate();
  file.note(() => state(false));
  await file.drop();
  await rm(directory, { recursive: true, force: true });
  file.note(() => state(true));
  await file.drop();
  expect(await readdir(folder)).toEqual([]);
});

test('a full disk is told once and holds up nothing; what was noted meanwhile follows when there is room', async () => {
  const { file, warnings } = open();
  file.note(() => state(true));
  await known(1);
  const full = join(directory, 'failover.json.new');
  await symlink('/dev/full', full);
  for (const isUsable of [false, true, false]) {
    let isAsked = false;
    file.note(() => {
      isAsked = true;
      return state(isUsable);
    });
    await poll('the attempt', () => isAsked, Boolean, { within: 5000, every: 5 });
    await settle();
  }
  expect(warnings.map((line) => (JSON.parse(line) as { error: string }).error)).toEqual([
    expect.stringContaining('ENOSPC'),
  ]);
  expect(written()).toEqual(state(true));
  await rm(full);
  await file.close();
  expect(written()).toEqual(state(false));
});

test('what could not be written is tried again though nothing new is noted', { timeout: 15_000 }, async () => {
  const { file, warnings } = open();
  await writeFile(directory, 'no directory');
  file.note(() => state(false));
  await poll(
    'the attempt',
    () => warnings.length,
    (count) => count === 1,
    { within: 5000, every: 5 },
  );
  await rm(directory);
  await known(1);
  await file.close();
});

test('nobody else can read it', async () => {
  const { file } = open();
  file.note(() => state(false));
  await file.close();
  expect((await stat(join(directory, 'failover.json'))).mode & 0o077).toBe(0);
});
