import {
  createCipheriv,
  createDecipheriv,
  createHmac,
  createSecretKey,
  randomBytes,
  type KeyObject,
} from 'node:crypto';
import { digestKeyFact } from './facts.ts';
import { StoreError } from './store-error.ts';
import type { StoreKeys } from './key-file.ts';

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const format = 'v1';

/** Opened texts that are kept: a page of a hundred tunnels opens a hundred. */
const mostOpened = 2000;

/**
 * Seals secrets for the database with AES-256-GCM. `context` (such as `pre-shared-key:vpnx-…`) is authenticated, so
 * that a sealed value moved to another row does not open there.
 */
export class Sealer {
  readonly #sealing: KeyObject;
  readonly #digest: KeyObject;
  /** By sealed text, the one that was asked for last at the end. Private to the language: no dump and no log shows it. */
  readonly #opened = new Map<string, string>();

  constructor(keys: StoreKeys) {
    // Bytes would be made a key at each use, which takes longer than the cipher.
    this.#sealing = createSecretKey(keys.sealing);
    this.#digest = createSecretKey(keys.digest);
  }

  seal(context: string, secret: string): string {
    const nonce = randomBytes(nonceBytes);
    const sealing = createCipheriv(cipher, this.#sealing, nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([sealing.update(secret, 'utf8'), sealing.final()]);
    return `${format}:${Buffer.concat([nonce, sealed, sealing.getAuthTag()]).toString('base64')}`;
  }

  /** Throws StoreError when the text was not sealed by this key for this context. */
  open(context: string, text: string): string {
    const place = `${context} ${text}`;
    const secret = this.#opened.get(place) ?? this.#decrypt(context, text);
    this.#opened.delete(place);
    this.#opened.set(place, secret);
    const [oldest] = this.#opened.keys();
    if (this.#opened.size > mostOpened && oldest !== undefined) this.#opened.delete(oldest);
    return secret;
  }

  /** Keyed digest of a secret: 16 hex characters, equal for equal secrets only. */
  digest(secret: string): string {
    return createHmac('sha256', this.#digest).update(secret, 'utf8').digest('hex').slice(0, 16);
  }

  #decrypt(context: string, text: string): string {
    const data = Buffer.from(text.slice(format.length + 1), 'base64');
    try {
      const opening = createDecipheriv(cipher, this.#sealing, data.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      opening.setAAD(Buffer.from(context)).setAuthTag(data.subarray(-tagBytes));
      return Buffer.concat([opening.update(data.subarray(nonceBytes, -tagBytes)), opening.final()]).toString('utf8');
    } catch (cause) {
      throw new StoreError(`the sealed ${context} cannot be opened with the key file`, { cause });
    }
  }
}

/** @param sealed the digest key of an earlier key file, as the database keeps it; undefined: there was none. */
export function withKeptDigest(keys: StoreKeys, sealed: string | undefined): StoreKeys {
  if (sealed === undefined) return keys;
  return { ...keys, digest: Buffer.from(new Sealer(keys).open(digestKeyFact, sealed), 'hex') };
}
