import { statSync } from 'node:fs';
import { StoreError } from './store-error.ts';

const openToOthers = 0o077;
/** A directory of root's, in which the service's user has files of its own, and can touch no other: sticky, for its group. */
const sharedWithService = 0o1770;

/** Throws StoreError when other users may read or change this file or directory. What does not exist is private. */
export function checkPrivate(path: string): void {
  const status = statSync(path, { throwIfNoEntry: false });
  if (status === undefined || (status.mode & openToOthers) === 0) return;
  if (status.isDirectory() && status.uid === 0 && (status.mode & 0o7777) === sharedWithService) return;
  const [wanted, consequence] = status.isDirectory()
    ? ['700', 'whoever could write there may have replaced its files']
    : ['600', 'consider the keys in it, or sealed with it, known to whoever could read it'];
  throw new StoreError(
    `${path} is open to other users (mode ${(status.mode & 0o777).toString(8)}). Run: chmod ${wanted} ${path} ` +
      `- and ${consequence}.`,
  );
}
