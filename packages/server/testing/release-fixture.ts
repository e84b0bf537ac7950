import { chmodSync, copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { pino } from 'pino';
import { administratorAccount } from '../src/domain/operator/account.ts';
import { differenceTo } from '../src/image/difference.ts';
import { Image } from '../src/image/image.ts';
import type { AllRows } from '../src/image/tables.ts';
import { systemClock } from '../src/platform/clock.ts';
import { openStore } from '../src/store/open-store.ts';
import type { Sealer } from '../src/store/sealing.ts';
import type { Store } from '../src/store/store.ts';
import { storeFiles } from '../src/store/store-files.ts';
import { sampleRows } from './sample-rows.ts';

// What each release leaves on disk, kept for ever: a database with rows of every shape, its key file, and what that release read of it.

const releasesDirectory = join(import.meta.dirname, 'releases');
const [databaseFile, rowsFile] = ['landbridge.db.gz', 'rows.json'];

/** What a key of the fixture is in clear. */
export function secretOf(place: string): string {
  return `the secret of ${place}`;
}

export function keptReleases(): readonly string[] {
  return readdirSync(releasesDirectory).sort();
}

/** Rows as the release had them, by table. */
export function rowsOfRelease(version: string): Partial<AllRows> {
  return JSON.parse(readFileSync(join(releasesDirectory, version, rowsFile), 'utf8')) as Partial<AllRows>;
}

/** Puts a release's files into a data directory that is not there yet. */
export function unpackRelease(version: string, dataDir: string): void {
  const directory = join(releasesDirectory, version);
  mkdirSync(dataDir, { mode: 0o700 });
  const { database, key } = storeFiles(dataDir);
  writeFileSync(database, gunzipSync(readFileSync(join(directory, databaseFile))), { mode: 0o600 });
  copyFileSync(join(directory, 'secret.key'), key);
  chmodSync(key, 0o600);
}

/**
 * Makes the fixture of a release with its own code. @param work an empty place for its data directory.
 * Throws where the release has one: what is kept is never made anew.
 */
export async function keepRelease(version: string, work: string): Promise<void> {
  const directory = join(releasesDirectory, version);
  mkdirSync(directory);
  const dataDir = join(work, 'data');
  const store = await openStore({ dataDir, clock: systemClock, logger: pino({ level: 'silent' }) });
  try {
    await fill(store);
    const { rows } = await store.load();
    writeFileSync(join(directory, rowsFile), `${JSON.stringify(rows, null, 1)}\n`);
  } finally {
    await store.close();
  }
  const { database, key } = storeFiles(dataDir);
  writeFileSync(join(directory, databaseFile), gzipSync(readFileSync(database), { level: 9 }));
  copyFileSync(key, join(directory, 'secret.key'));
}

async function fill(store: Store): Promise<void> {
  const { generation, rows } = await store.load();
  const image = new Image(generation, rows);
  const accounts = [...rows.accounts, ...sampleRows.accounts.filter(({ name }) => name !== administratorAccount)];
  const all = { ...sampleRows, ...sealedAnew(store.sealer), accounts, clientTokens: [] };
  await store.commit(generation, differenceTo(image, withOwner(all, rows)), []);
}

/** The administrator's rows belong to the account that the store made for it. */
function withOwner(rows: AllRows, { accounts: [owner], accessKeys }: AllRows): AllRows {
  const text = JSON.stringify(rows).replaceAll('"accountId":"admin"', `"accountId":"${owner?.id ?? ''}"`);
  const owned = JSON.parse(text) as AllRows;
  return { ...owned, accessKeys: [...accessKeys, ...owned.accessKeys] };
}

function sealedAnew(sealer: Sealer): Pick<AllRows, 'accessKeys' | 'webhooks' | 'preSharedKeys'> {
  const seal = (place: string): string => sealer.seal(place, secretOf(place));
  return {
    accessKeys: sampleRows.accessKeys.map((row) => ({ ...row, sealedSecretKey: seal(`access-key:${row.secretId}`) })),
    webhooks: sampleRows.webhooks.map((row) => ({ ...row, sealedSecret: seal(`webhook:${row.id}`) })),
    preSharedKeys: sampleRows.preSharedKeys.map(({ vpnConnectionId }) => ({
      vpnConnectionId,
      sealedKey: seal(`pre-shared-key:${vpnConnectionId}`),
    })),
  };
}
