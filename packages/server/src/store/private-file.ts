import { statSync } from 'node:fs';
import { StoreError } from './store-error.ts';

const openToOthers = 0o077;

/** Throws StoreError when other users may read or change this file or directory. What does not exist is private. */
export function checkPrivate(path: string): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined || (status.mode & openToOthers) === 0) return;
  const [wanted, consequence] = status.isDirectory()
    ? ['700', 'whoever could write there may have replaced its files']
    : ['600', 'consider the keys in it, or sealed with it, known to whoever could read it'];
  throw new StoreError(
    `${path} is open to other users (mode ${(status.mode & 0o777).toString(8)}). Run: chmod ${wanted} ${path} ` +
      `- and ${consequence}.`,
  );
}
