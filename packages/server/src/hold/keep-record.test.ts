import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, test } from 'vitest';
import { Image } from '../image/image.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { NetworkRecord } from '../platform/network-record.ts';
import { openStore } from '../store/open-store.ts';
import { Writer } from '../writer/writer.ts';
import { keepRecord } from './keep-record.ts';

test('commits are in the record while it is kept, and bring none back that was put away', async () => {
  const root = mkdtempSync(join(tmpdir(), 'landbridge-record-'));
  const logger = pino({ level: 'silent' });
  const store = await openStore({ dataDir: join(root, 'data'), clock, logger });
  try {
    const { generation, rows } = await store.load();
    const image = new Image(generation, rows);
    const writer = new Writer(store, image, logger);
    const change = () => writer.decide((draft) => draft.next('change'));
    const record = new NetworkRecord('installation', join(root, 'run'));
    const kept = await keepRecord(record, { store, rows: image.rows, writer });
    await change();
    record.flush();
    expect(record.read()).toEqual(await store.position());
    // Nothing stands in the network.
    kept[Symbol.dispose]();
    expect(record.read()).toBeNull();
    await change();
    record.flush();
    expect(record.read()).toBeNull();
  } finally {
    await store.close();
    rmSync(root, { recursive: true });
  }
});
