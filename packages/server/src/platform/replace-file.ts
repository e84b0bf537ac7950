import { closeSync, fchmodSync, fsyncSync, openSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';

interface FileOptions {
  /** Whatever the mask is. */
  readonly mode?: number;
  /** It is on the disk when this returns. */
  readonly flush?: boolean;
}

/** The file is there whole, with this text or its last one. What a crash leaves is `PATH.new`, and is gone with the next one. */
export function replaceFile(path: string, text: string, { mode = 0o600, flush = false }: FileOptions = {}): void {
  const draft = `${path}.new`;
  rmSync(draft, { force: true });
  // One of its own: whoever else may write there has put no link in its place.
  const file = openSync(draft, 'wx', mode);
  try {
    fchmodSync(file, mode);
    writeFileSync(file, text);
    if (flush) fsyncSync(file);
    renameSync(draft, path);
  } catch (error) {
    rmSync(draft, { force: true });
    throw error;
  } finally {
    closeSync(file);
  }
  if (flush) flushFolder(dirname(path));
}

/** The name is on the disk as well. */
function flushFolder(path: string): void {
  const folder = openSync(path, 'r');
  try {
    fsyncSync(folder);
  } finally {
    closeSync(folder);
  }
}
