import { isExpired } from '../domain/operator/account.ts';
import type { Credentials } from '../domain/operator/principal.ts';
import { longestToken, type TokenContent } from '../domain/operator/temporary-credentials.ts';
import type { WebhookId } from '../domain/operator/webhook.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Rows } from '../image/rows.ts';
import type { Sealer } from './sealing.ts';

/** Opens what the rows hold sealed. Nothing that it answers may be logged. */
export class Secrets {
  readonly #rows: Rows;
  readonly #sealer: Sealer;
  /** Of rows: a key that is put anew is another row. */
  readonly #digests = new WeakMap<object, string>();

  constructor(rows: Rows, sealer: Sealer) {
    this.#rows = rows;
    this.#sealer = sealer;
  }

  /** In clear, or undefined when there is no such VPN connection. */
  preSharedKey(id: VpnConnectionId): string | undefined {
    const row = this.#rows.preSharedKeys.get(id);
    return row && this.#sealer.open(`pre-shared-key:${id}`, row.sealedKey);
  }

  /** 16 hex characters that are equal exactly for equal keys of this store; safe to show. */
  preSharedKeyDigest(id: VpnConnectionId): string | undefined {
    const row = this.#rows.preSharedKeys.get(id);
    if (row === undefined) return undefined;
    const known = this.#digests.get(row);
    if (known !== undefined) return known;
    const digest = this.#sealer.digest(this.#sealer.open(`pre-shared-key:${id}`, row.sealedKey));
    this.#digests.set(row, digest);
    return digest;
  }

  /** What signs what is sent to a webhook; undefined: there is none (any more). */
  webhookSecret(id: WebhookId): string | undefined {
    const row = this.#rows.webhooks.get(id);
    return row && this.#sealer.open(`webhook:${id}`, row.sealedSecret);
  }

  /** Whose key this is, with its secret half for verifying signatures. Undefined: there is no such key (any more). */
  accessKey(secretId: string, now: number): Credentials | undefined {
    const row = this.#rows.accessKeys.get(secretId);
    const account = row && this.#rows.accounts.get(row.accountId);
    if (row === undefined || account === undefined || isExpired(row, now)) return undefined;
    const { accountId, policy, callsPerSecond } = row;
    const { isAdministrator } = account;
    const policies = policy === null ? [] : [policy];
    const principal = { accountId, isAdministrator, secretId, keyId: secretId, policies, callsPerSecond };
    return { principal, secretKey: this.#sealer.open(`access-key:${secretId}`, row.sealedSecretKey) };
  }

  /** As `accessKey`, for temporary credentials. Undefined: the token is none of this id, has expired, or its key is gone. */
  temporaryKey(secretId: string, token: string, now: number): Credentials | undefined {
    const content = this.#contentOf(secretId, token);
    if (content === undefined || content.expiresAt <= now) return undefined;
    const maker = this.accessKey(content.keyId, now)?.principal;
    if (maker === undefined) return undefined;
    const policies = content.policy === null ? maker.policies : [...maker.policies, content.policy];
    return { principal: { ...maker, secretId, policies }, secretKey: content.secretKey };
  }

  #contentOf(secretId: string, token: string): TokenContent | undefined {
    if (token.length > longestToken) return undefined;
    try {
      return JSON.parse(this.#sealer.open(`temporary-credentials:${secretId}`, token)) as TokenContent;
    } catch {
      // Anybody can send anything.
      return undefined;
    }
  }
}
