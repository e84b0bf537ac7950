import { readFileSync } from 'node:fs';
import { installationOf } from '../drivers/netns.ts';
import { readHeldKeys } from '../seam/key-holder.ts';
import { seamFolder } from '../seam/seam-socket.ts';
import type { KnownSecrets } from '../store/replace-lost-key.ts';
import { storeFiles } from '../store/store-files.ts';
import { heldKeysFile } from './held-keys-file.ts';

/** Secrets of an installation that are in clear somewhere else than in its database: with the agent, and in the administrator's file. */
export function secretsElsewhere(dataDir: string): KnownSecrets {
  const held = readHeldKeys(heldKeysFile(seamFolder(installationOf(dataDir))));
  return {
    preSharedKeys: new Map([...held].map(([id, { key }]) => [id, key])),
    accessKeys: administratorKeyIn(storeFiles(dataDir).administratorKey),
  };
}

function administratorKeyIn(path: string): ReadonlyMap<string, string> {
  try {
    const { secretId, secretKey } = JSON.parse(readFileSync(path, 'utf8')) as Readonly<Record<string, unknown>>;
    if (typeof secretId === 'string' && typeof secretKey === 'string') return new Map([[secretId, secretKey]]);
  } catch {
    // Somebody took it away, or it is damaged: it is lost as well.
  }
  return new Map();
}
