import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keptReleases, rowsOfRelease, secretOf, unpackRelease } from '../../testing/release-fixture.ts';
import { sampleRows } from '../../testing/sample-rows.ts';
import { Image } from '../image/image.ts';
import { tableNames } from '../image/tables.ts';
import { systemClock } from '../platform/clock.ts';
import { openStore } from './open-store.ts';
import { Secrets } from './secrets.ts';
import type { Store } from './store.ts';

let root: string;
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'landbridge-releases-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

/** A release's data directory, as this program opens it. */
async function withRelease<T>(version: string, work: (store: Store) => Promise<T>): Promise<T> {
  const dataDir = join(root, 'data');
  unpackRelease(version, dataDir);
  const store = await openStore({ dataDir, clock: systemClock, logger: pino({ level: 'silent' }) });
  try {
    return await work(store);
  } finally {
    await store.close();
  }
}

it('keeps a database of every release', () => {
  const changes = readFileSync(join(import.meta.dirname, '../../../../CHANGELOG.md'), 'utf8');
  const released = [...changes.matchAll(/^## (\d+\.\d+\.\d+)/gm)].map(([, version]) => version);
  expect(released).not.toEqual([]);
  expect(keptReleases()).toEqual(released.sort());
});

describe.each(keptReleases())('the database of %s', (version) => {
  it('is opened, and every row says what it said', async () => {
    const before = rowsOfRelease(version);
    const { rows } = await withRelease(version, (store) => store.load());
    // Only calls that were answered a day ago are kept out: they end by themselves.
    for (const table of tableNames) {
      if (sampleRows[table].length > 0 && table !== 'clientTokens') expect(before[table], table).not.toEqual([]);
      expect(rows[table], table).toHaveLength(before[table]?.length ?? 0);
    }
    expect(rows).toMatchObject(before);
  });

  it('has its secrets', async () => {
    const opened = await withRelease(version, async (store) => {
      const { generation, rows } = await store.load();
      const secrets = new Secrets(new Image(generation, rows).rows, store.sealer);
      return [
        ...rows.preSharedKeys.map(({ vpnConnectionId: id }) => [`pre-shared-key:${id}`, secrets.preSharedKey(id)]),
        ...sampleRows.accessKeys.map(({ secretId }) => {
          const place = `access-key:${secretId}`;
          const sealed = rows.accessKeys.find((row) => row.secretId === secretId)?.sealedSecretKey ?? '';
          return [place, store.sealer.open(place, sealed)];
        }),
        ...rows.webhooks.map(({ id }) => [`webhook:${id}`, secrets.webhookSecret(id)]),
      ];
    });
    expect(opened.length).toBeGreaterThan(3);
    expect(opened).toEqual(opened.map(([place]) => [place, secretOf(place ?? '')]));
  });
});
