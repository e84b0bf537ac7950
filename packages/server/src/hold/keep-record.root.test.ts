import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepRecord } from './keep-record.ts';
import { Image } from '../image/image.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { NetworkRecord } from '../platform/network-record.ts';
import { openStore } from '../store/open-store.ts';
import { Writer } from '../writer/writer.ts';

/* Root only: a /run of its own, which is small. */
describe.runIf(process.getuid?.() === 0)('a full /run', () => {
  let root: string;
  let folder: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'landbridge-record-'));
    folder = mkdtempSync(join(root, 'run-'));
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=64k,mode=0700', 'small', folder]);
  });
  afterEach(() => {
    execFileSync('umount', [folder]);
    rmSync(root, { recursive: true });
  });

  const fill = () => expect(() => writeFileSync(join(folder, 'filler'), Buffer.alloc(256 * 1024))).toThrow(/ENOSPC/);

  it('keeps no service from starting, is a condition, and is tried again', { timeout: 30_000 }, async () => {
    const store = await openStore({ dataDir: join(root, 'data'), clock, logger: pino({ level: 'silent' }) });
    const { generation, rows } = await store.load();
    const image = new Image(generation, rows);
    const writer = new Writer(store, image, pino({ level: 'silent' }));
    const change = () => writer.decide((draft) => draft.next('change'));
    try {
      const record = new NetworkRecord('installation', folder);
      record.write({ storeId: 'another-store', serial: 1 });
      fill();
      const kept = await keepRecord(record, { store, rows: image.rows, writer });
      expect(kept.readCondition()).toMatchObject({ name: 'network record', ok: false });
      expect(kept.readCondition().message).toMatch(/installation\.json cannot be written \(ENOSPC/);
      // What names another store would hold the next start.
      expect(record.read()).toBeNull();
      rmSync(join(folder, 'filler'));
      await expect.poll(() => kept.readCondition(), { timeout: 20_000 }).toMatchObject({ ok: true, message: '' });
      const first = await store.position();
      expect(record.read()).toEqual(first);

      fill();
      await change();
      await expect.poll(() => kept.readCondition().ok).toBe(false);
      // Older is not wrong.
      expect(record.read()).toEqual(first);
      rmSync(join(folder, 'filler'));
      await change();
      await expect.poll(() => kept.readCondition().ok, { timeout: 20_000 }).toBe(true);
      expect(record.read()).toEqual(await store.position());
      kept[Symbol.dispose]();
      expect(record.read()).toBeNull();
    } finally {
      await store.close();
    }
  });
});
