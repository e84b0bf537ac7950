import type { KeyObject } from 'node:crypto';
import { tc3SigningKey, type CredentialScope } from '@landbridge/client';

/** Callers choose the scope, so that there may be any number of them. */
const mostKept = 1000;

/** Signing keys that were derived, the one that was asked for last at the end. */
export class SigningKeys {
  readonly #kept = new Map<string, KeyObject>();

  of(scope: CredentialScope, secretKey: string): KeyObject {
    const name = `${scope.date} ${scope.service} ${secretKey}`;
    const key = this.#kept.get(name) ?? tc3SigningKey(scope, secretKey);
    this.#kept.delete(name);
    this.#kept.set(name, key);
    const [oldest] = this.#kept.keys();
    if (this.#kept.size > mostKept && oldest !== undefined) this.#kept.delete(oldest);
    return key;
  }
}
