import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { diskCondition } from '../conditions/disk-condition.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { Image } from '../image/image.ts';
import { Writer } from '../writer/writer.ts';
import { openStore } from './open-store.ts';
import { DiskError } from './store-error.ts';

/* Root only: a data directory on a disk of its own, which is small. */
describe.runIf(process.getuid?.() === 0)('a full disk', () => {
  let disk: string;
  beforeEach(() => {
    disk = mkdtempSync(join(tmpdir(), 'landbridge-disk-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m,mode=0700', 'small', disk]);
  });
  afterEach(() => {
    execFileSync('umount', [disk]);
    rmSync(disk, { recursive: true });
  });

  it('is a condition before it is full, and none with room enough', async () => {
    expect(await diskCondition(disk)).toMatchObject({ name: 'disk', ok: false });
    expect((await diskCondition(disk)).message).toContain(`free on the disk of ${disk}`);
    execFileSync('mount', ['-o', 'remount,size=17m', disk]);
    expect(await diskCondition(disk)).toEqual({ name: 'disk', ok: true, message: '' });
  });

  it('is named, changes nothing, lets everything be read, and is forgotten when there is room again', async () => {
    const store = await openStore({ dataDir: disk, clock, logger: pino({ level: 'silent' }) });
    const { generation, rows } = await store.load();
    const image = new Image(generation, rows);
    const writer = new Writer(store, image, pino({ level: 'silent' }));
    const add = (name: string) => writer.decide(({ counters }) => counters.insert({ name, value: 1 }));
    /** In the image, and on disk. */
    const isThere = async (name: string) => {
      const stored = (await store.load()).rows.counters.some((counter) => counter.name === name);
      expect(await writer.read(({ counters }) => counters.get(name) !== undefined)).toBe(stored);
      return stored;
    };
    try {
      await add('before');
      expect(() => writeFileSync(join(disk, 'filler'), Buffer.alloc(4 << 20))).toThrow(/ENOSPC/);
      let refused = 0;
      for (let tries = 0; refused === 0 && tries < 100; tries++) {
        // What room SQLite's log still has is used up first.
        await add(`more-${'x'.repeat(50_000)}-${Math.random()}`).catch((error: unknown) => {
          expect(error).toBeInstanceOf(DiskError);
          expect((error as Error).message).toBe(`no space is left on the disk of ${disk}/landbridge.db`);
          refused++;
        });
      }
      expect(refused).toBe(1);
      const again = `again-${'x'.repeat(50_000)}`;
      await expect(add(again)).rejects.toThrow(DiskError);
      expect(await Promise.all([isThere('before'), isThere(again)])).toEqual([true, false]);
      expect((await store.load()).generation).toBe(image.generation);
      rmSync(join(disk, 'filler'));
      await add('after');
      expect(await Promise.all([isThere('before'), isThere(again), isThere('after')])).toEqual([true, false, true]);
    } finally {
      await store.close();
    }
  });
});
