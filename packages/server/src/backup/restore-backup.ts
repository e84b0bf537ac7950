import { existsSync, mkdirSync, mkdtempSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { systemKernel, type Kernel } from '../drivers/kernel.ts';
import { installationOf, readOwnNetns } from '../drivers/netns.ts';
import { claimDataDir } from '../platform/claim-data-dir.ts';
import { systemClock } from '../platform/clock.ts';
import { checkSchemaIsKnown, readNetworkOwners, readStoreIdentity } from '../store/store-identity.ts';
import { storeFiles } from '../store/store-files.ts';
import { filesOf, readContent, type BackupContent } from './backup-content.ts';
import { openArchive } from './sealed-archive.ts';

export interface RestoreOptions {
  readonly dataDir: string;
  readonly path: string;
  readonly passphrase: string;
  /** Without it, only tells what would happen. */
  readonly confirmed: boolean;
  readonly kernel?: Kernel;
}

export interface Restoration {
  readonly content: BackupContent;
  /** Of the store that is there: nothing, the same one with so many later changes, or another one. */
  readonly replaces: 'nothing' | 'another store' | { readonly laterChanges: number };
  /** Ids of what the host's network has and the backup does not. */
  readonly unknownInNetwork: readonly string[];
  /** Where the files are now that were there; null: there were none, or nothing was done. */
  readonly keptIn: string | null;
}

/**
 * Puts a backup in place of what is stored; what was there is moved aside, not removed. The network is not touched: a service that finds
 * one that was made from a later state holds everything until `landbridge adopt`. Throws where a service runs there.
 */
export async function restoreBackup(options: RestoreOptions): Promise<Restoration> {
  const { dataDir, path, passphrase, confirmed, kernel = systemKernel() } = options;
  using claims = new DisposableStack();
  if (confirmed) claims.use(claimDataDir(dataDir));
  const folder = mkdtempSync(join(confirmed ? dataDir : tmpdir(), '.landbridge-restore-'));
  try {
    await openArchive(path, passphrase, folder);
    const content = readContent(folder);
    const { database } = storeFiles(folder);
    checkSchemaIsKnown(database);
    const known = new Set(readNetworkOwners(database));
    const inNetwork = await readOwnNetns(kernel, installationOf(dataDir));
    const seen = {
      content,
      replaces: comparison(content, dataDir),
      unknownInNetwork: inNetwork.filter((id) => !known.has(id)),
    };
    return { ...seen, keptIn: confirmed ? exchange(folder, dataDir) : null };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function comparison({ store }: BackupContent, dataDir: string): Restoration['replaces'] {
  const there = readStoreIdentity(storeFiles(dataDir).database);
  if (there === null) return 'nothing';
  if (there.storeId !== store.storeId) return 'another store';
  return { laterChanges: there.serial - store.serial };
}

/** The database goes last: until it is there, a service says that it is lost, and what was kept is whole. */
function exchange(folder: string, dataDir: string): string | null {
  const { database, key, nextKey, administratorKey } = storeFiles(dataDir);
  const old = [database, `${database}-wal`, `${database}-shm`, `${database}-journal`, key, nextKey, administratorKey];
  const there = old.filter((file) => existsSync(file));
  const time = new Date(systemClock.now()).toISOString().replaceAll(':', '-');
  const kept = join(dataDir, `replaced-${time}`);
  if (there.length > 0) mkdirSync(kept, { mode: 0o700 });
  for (const file of there) renameSync(file, join(kept, basename(file)));
  const isDatabase = (name: string) => name === basename(database);
  const names = filesOf(folder).sort((a, b) => Number(isDatabase(a)) - Number(isDatabase(b)));
  for (const name of names) renameSync(join(folder, name), join(dataDir, name));
  return there.length > 0 ? kept : null;
}
