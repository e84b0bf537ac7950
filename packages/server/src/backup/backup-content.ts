import { existsSync, lstatSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { loadFittingKey } from '../store/key-file.ts';
import { storeFiles } from '../store/store-files.ts';
import { countRows, readStoreIdentity, type StoreIdentity } from '../store/store-identity.ts';

/** What a backup says about itself, beside the store's files. */
export interface BackupLabel {
  readonly format: 1;
  /** Of the program. */
  readonly version: string;
  /** ISO 8601. */
  readonly madeAt: string;
  readonly host: string;
}

export interface BackupContent extends BackupLabel {
  readonly store: StoreIdentity;
  /** Rows, by table. */
  readonly counts: Readonly<Record<string, number>>;
}

export const labelFile = 'backup.json';

/** Names of the files that a store in this folder has. */
export function filesOf(folder: string): string[] {
  return Object.values<string>({ ...storeFiles(folder) })
    .filter((path) => existsSync(path))
    .map((path) => basename(path));
}

/** Reads an opened backup. Throws where it is none, where database and key file do not belong together, and where the database is damaged. */
export function readContent(folder: string): BackupContent {
  for (const name of [labelFile, ...filesOf(folder)]) checkPlain(join(folder, name));
  const label = JSON.parse(readFileSync(join(folder, labelFile), 'utf8')) as BackupLabel;
  const format: number = label.format;
  if (format !== 1) throw new Error(`the backup has format ${format}, which a newer version made`);
  const files = storeFiles(folder);
  const store = readStoreIdentity(files.database);
  if (store === null) throw new Error('the backup has no database');
  loadFittingKey(files, store.keyFingerprint);
  return { ...label, store, counts: countRows(files.database) };
}

function checkPlain(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() !== true)
    throw new Error(`the backup has no file ${basename(path)}`);
}
