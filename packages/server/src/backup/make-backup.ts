import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join } from 'node:path';
import { systemClock } from '../platform/clock.ts';
import { openPlainFile } from '../platform/plain-file.ts';
import { programVersion } from '../platform/program-version.ts';
import { copyDatabase } from '../store/copy-database.ts';
import { storeFiles } from '../store/store-files.ts';
import { filesOf, labelFile, readContent, type BackupContent, type BackupLabel } from './backup-content.ts';
import { sealArchive } from './sealed-archive.ts';

export interface BackupOptions {
  readonly dataDir: string;
  /** A file that is not there yet. */
  readonly path: string;
  readonly passphrase: string;
}

/** Of what an installation has stored, whether its service runs or not: one moment of the database, the key file, the administrator's key. */
export async function makeBackup({ dataDir, path, passphrase }: BackupOptions): Promise<BackupContent> {
  const files = storeFiles(dataDir);
  for (const file of [files.database, files.key]) if (!existsSync(file)) throw new Error(`there is no ${file}`);
  // Beside the backup and not in /tmp, which is memory on many hosts.
  const folder = mkdtempSync(join(dirname(path), '.landbridge-backup-'));
  try {
    const copy = storeFiles(folder);
    copyDatabase(files.database, copy.database);
    copyPlain(files.key, copy.key);
    if (existsSync(files.administratorKey)) copyPlain(files.administratorKey, copy.administratorKey);
    const madeAt = new Date(systemClock.now()).toISOString();
    const label: BackupLabel = { format: 1, version: programVersion, madeAt, host: hostname() };
    writeFileSync(join(folder, labelFile), JSON.stringify(label), { mode: 0o600 });
    const content = readContent(folder);
    await sealArchive(folder, [labelFile, ...filesOf(folder)], { path, passphrase });
    return content;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The service's user has files of its own there: what could lead root to another one is not followed. */
function copyPlain(from: string, to: string): void {
  using file = openPlainFile(from);
  writeFileSync(to, readFileSync(file.descriptor), { mode: 0o600, flag: 'wx' });
}
