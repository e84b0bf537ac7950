import { randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import { SiteError, type KeySource } from './objects-of-site.ts';
import { Secret } from './secret.ts';

export interface KeyOptions {
  /** Where relative paths begin. */
  readonly directory: string;
  /** False: keys that would be generated are only told as `new`, and nothing is written. */
  readonly mayWrite: boolean;
  readonly environment: NodeJS.ProcessEnv;
}

/** Follows references to keys. A key is a file's first line, without the line break. */
export function keySource({ directory, mayWrite, environment }: KeyOptions): KeySource {
  return (reference, place) => {
    const colon = reference.indexOf(':');
    const [scheme, rest] = [reference.slice(0, colon), reference.slice(colon + 1)];
    if (scheme === 'env') {
      const value = environment[rest];
      if (value === undefined || value === '') throw new SiteError(place, `the environment has no ${rest}`);
      return new Secret(value);
    }
    const file = resolve(directory, rest);
    const key = readKey(file) ?? (scheme === 'generate' ? generateKey(file, mayWrite) : undefined);
    if (key === undefined) throw new SiteError(place, `there is no key in ${file}`);
    return new Secret(key);
  };
}

function readKey(file: string): string | undefined {
  try {
    const [line = ''] = readFileSync(file, 'utf8').split(/\r?\n/);
    return line === '' ? undefined : line;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}

function generateKey(file: string, mayWrite: boolean): string {
  const key = randomBytes(32).toString('base64url');
  if (mayWrite) writeKey(file, key);
  return key;
}

/** For its owner only; throws where the file is there. */
export function writeKey(file: string, key: string): void {
  mkdirSync(dirname(file), { recursive: true, mode: 0o700 });
  writeFileSync(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
}
