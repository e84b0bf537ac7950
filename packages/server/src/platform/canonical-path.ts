import { realpathSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';

/** The one path of a file or directory, whatever symbolic links lead to it; what does not exist yet keeps its name. */
export function canonicalPath(path: string): string {
  const absolute = resolve(path);
  try {
    return realpathSync(absolute);
  } catch {
    const parent = dirname(absolute);
    return parent === absolute ? absolute : join(canonicalPath(parent), basename(absolute));
  }
}
