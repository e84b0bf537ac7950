import type { AccessKey } from '../domain/operator/account.ts';
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

  /** With its secret half, for verifying signatures. */
  accessKey(secretId: string): (AccessKey & { readonly secretKey: string }) | undefined {
    const row = this.#rows.accessKeys.get(secretId);
    const account = row && this.#rows.accounts.get(row.accountId);
    if (row === undefined || account === undefined) return undefined;
    const { accountId, createdAt } = row;
    const { name: accountName, isAdministrator } = account;
    const secretKey = this.#sealer.open(`access-key:${secretId}`, row.sealedSecretKey);
    return { secretId, accountId, accountName, isAdministrator, createdAt, secretKey };
  }
}
