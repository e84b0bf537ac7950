import { createHmac, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { replaceFile } from '../platform/replace-file.ts';
import { checkPrivate } from './private-file.ts';
import { StoreError } from './store-error.ts';
import type { StoreFiles } from './store-files.ts';

/** Keys derived from DATA_DIR/secret.key, one for each purpose. */
export interface StoreKeys {
  /** AES-256-GCM key for secrets at rest. */
  readonly sealing: Buffer;
  /** HMAC key for digests that let a pre-shared key be recognised without being shown. */
  readonly digest: Buffer;
  /** Says which key file this is, without revealing it; 64 hex characters. */
  readonly fingerprint: string;
}

const keyBytes = 32;

/**
 * Reads the key file, or creates it (mode 0600) when `mayCreate`. Throws StoreError when it is missing, not a regular
 * file of 64 hex characters, or readable by others.
 */
export function loadKeyFile(path: string, mayCreate: boolean): StoreKeys {
  if (!existsSync(path)) {
    if (!mayCreate) {
      throw new StoreError(
        `${path} is missing, but a database exists that was sealed with it. Restore the file from your backup; ` +
          'without it the pre-shared keys and access keys in the database cannot be read. ' +
          'Without a backup: landbridge rotate-key --lost says what can be kept.',
      );
    }
    replaceFile(path, `${randomBytes(keyBytes).toString('hex')}\n`, { flush: true });
  }
  checkPrivate(path);
  const text = readFileSync(path, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw new StoreError(`${path} is damaged: 64 hexadecimal characters are expected. Restore it from your backup.`);
  }
  return deriveKeys(Buffer.from(text, 'hex'));
}

/**
 * The key that a database was sealed with: the next one where a rotation was cut short after the database had it. Throws StoreError where
 * neither fits.
 */
export function loadFittingKey({ key, nextKey }: StoreFiles, fingerprint: string): StoreKeys {
  if (existsSync(nextKey)) {
    const next = loadKeyFile(nextKey, false);
    if (next.fingerprint === fingerprint) return next;
  }
  const keys = loadKeyFile(key, false);
  if (keys.fingerprint === fingerprint) return keys;
  throw new StoreError(
    `${key} is not the file that this database was sealed with. Restore the matching pair from one backup.`,
  );
}

/** Ends a rotation that was cut short, the one way or the other. */
export function settleKeyFiles({ key, nextKey }: StoreFiles, fingerprint: string): void {
  if (!existsSync(nextKey)) return;
  if (loadKeyFile(nextKey, false).fingerprint === fingerprint) renameSync(nextKey, key);
  else rmSync(nextKey);
}

function deriveKeys(master: Buffer): StoreKeys {
  const derive = (purpose: string) => Buffer.from(hkdfSync('sha256', master, '', `landbridge ${purpose}`, keyBytes));
  return {
    sealing: derive('sealing'),
    digest: derive('digest'),
    fingerprint: createHmac('sha256', derive('fingerprint')).update('landbridge').digest('hex'),
  };
}
