import { copyFile, rm, stat, truncate } from 'node:fs/promises';

/** A log that is larger when it is looked at becomes the older part. */
export const rotatedBytes = 4 * 1024 * 1024;

/** Keeps a log file and one older part of it bounded; its writer has it open for appending and does not notice. */
export async function rotateLog(file: string): Promise<void> {
  try {
    if ((await stat(file)).size <= rotatedBytes) return;
    // On a full disk the older part is given up: its writer shall not go on filling it.
    await copyFile(file, `${file}.1`).catch(() => rm(`${file}.1`, { force: true }));
    await truncate(file);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
  }
}
