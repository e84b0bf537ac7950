import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto';
import { StoreError } from './store-error.ts';
import type { StoreKeys } from './key-file.ts';

const cipher = 'aes-256-gcm';
const nonceBytes = 12;
const tagBytes = 16;
const format = 'v1';

/**
 * Seals secrets for the database with AES-256-GCM. `context` (such as `pre-shared-key:vpnx-…`) is authenticated, so
 * that a sealed value moved to another row does not open there.
 */
export class Sealer {
  readonly #keys: StoreKeys;

  constructor(keys: StoreKeys) {
    this.#keys = keys;
  }

  seal(context: string, secret: string): string {
    const nonce = randomBytes(nonceBytes);
    const sealing = createCipheriv(cipher, this.#keys.sealing, nonce).setAAD(Buffer.from(context));
    const sealed = Buffer.concat([sealing.update(secret, 'utf8'), sealing.final()]);
    return `${format}:${Buffer.concat([nonce, sealed, sealing.getAuthTag()]).toString('base64')}`;
  }

  /** Throws StoreError when the text was not sealed by this key for this context. */
  open(context: string, text: string): string {
    const data = Buffer.from(text.slice(format.length + 1), 'base64');
    try {
      const opening = createDecipheriv(cipher, this.#keys.sealing, data.subarray(0, nonceBytes), {
        authTagLength: tagBytes,
      });
      opening.setAAD(Buffer.from(context)).setAuthTag(data.subarray(-tagBytes));
      return Buffer.concat([opening.update(data.subarray(nonceBytes, -tagBytes)), opening.final()]).toString('utf8');
    } catch (cause) {
      throw new StoreError(`the sealed ${context} cannot be opened with the key file`, { cause });
    }
  }

  /** Keyed digest of a secret: 16 hex characters, equal for equal secrets only. */
  digest(secret: string): string {
    return createHmac('sha256', this.#keys.digest).update(secret, 'utf8').digest('hex').slice(0, 16);
  }
}
