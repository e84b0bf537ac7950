import { chmodSync, chownSync, fchownSync, lstatSync, mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { openPlainFile, type PlainFile } from '../platform/plain-file.ts';
import type { ServiceUser } from '../platform/service-user.ts';
import { storeFiles } from '../store/store-files.ts';

/** For its group, and sticky: who is in it makes and removes files of his own, and can touch no other. */
const sharedMode = 0o1770;

/**
 * Makes the data directory one of root's in which the service's user keeps the store, and hands over what root has made or restored
 * there. Nothing is followed: what that user could have put there in place of a file stays whose it is.
 */
export function handOver(dataDir: string, { userId, groupId, name }: ServiceUser): void {
  mkdirSync(dataDir, { recursive: true, mode: 0o700 });
  const { uid, gid, mode } = lstatSync(dataDir);
  if (uid !== 0) throw new Error(`${dataDir} has to be root's: chown root ${dataDir}`);
  if (gid !== groupId) chownSync(dataDir, 0, groupId);
  if ((mode & 0o7777) !== sharedMode) chmodSync(dataDir, sharedMode);
  checkWay(dataDir, { userId, groupId, name });
  const { database, key, nextKey, administratorKey } = storeFiles(dataDir);
  const files = [database, `${database}-wal`, `${database}-shm`, `${database}-journal`, key, nextKey, administratorKey];
  for (const file of [...files, join(dataDir, 'landbridge.lock')]) giveFile(file, userId, groupId);
}

/** What is root's; anything else stays as it is. */
function giveFile(path: string, userId: number, groupId: number): void {
  let plain: PlainFile;
  try {
    plain = openPlainFile(path);
  } catch {
    return;
  }
  using file = plain;
  if (file.status.uid === 0) fchownSync(file.descriptor, userId, groupId);
}

/** Throws where the user cannot walk to the directory. */
function checkWay(dataDir: string, { userId, groupId, name }: ServiceUser): void {
  for (let folder = dirname(dataDir); folder !== dirname(folder); folder = dirname(folder)) {
    const { uid, gid, mode } = lstatSync(folder);
    const enter = uid === userId ? 0o100 : gid === groupId ? 0o010 : 0o001;
    if ((mode & enter) === 0) {
      throw new Error(
        `the user ${name} has to get to ${dataDir}: chmod o+x ${folder}, or take a data directory elsewhere`,
      );
    }
  }
}
