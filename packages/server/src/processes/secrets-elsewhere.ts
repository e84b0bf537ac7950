import { readFileSync } from 'node:fs';
import { installationOf } from '../drivers/netns.ts';
import { readHeldKeys } from '../seam/key-holder.ts';
import { seamFolder } from '../seam/seam-socket.ts';
import type { KnownSecrets } from '../store/replace-lost-key.ts';
import { storeFiles } from '../store/store-files.ts';
import { heldKeysFile } from './held-keys-file.ts';

/**
 * Secrets of an installation that are in clear somewhere else than in its database: with the agent, and in the administrator's file. Throws
 * where one of these is there and cannot be read: what it has would be given up for nothing.
 */
export function secretsElsewhere(dataDir: string): KnownSecrets {
  const held = heldKeysFile(seamFolder(installationOf(dataDir)));
  const { administratorKey } = storeFiles(dataDir);
  return {
    preSharedKeys: ifThere(held, () => [...readHeldKeys(held)].map(([id, { key }]) => [id, key])),
    accessKeys: ifThere(administratorKey, () => {
      const { secretId, secretKey } = JSON.parse(readFileSync(administratorKey, 'utf8')) as Record<string, string>;
      return secretId === undefined || secretKey === undefined ? [] : [[secretId, secretKey]];
    }),
  };
}

function ifThere(path: string, read: () => (readonly [string, string])[]): ReadonlyMap<string, string> {
  try {
    return new Map(read());
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    if (code === 'ENOENT') return new Map();
    // What is no JSON is quoted by whoever says so.
    if (code === undefined) throw new Error(`${path} cannot be read: it is damaged`);
    throw new Error(`${path} cannot be read (as root?): ${code}`, { cause });
  }
}
