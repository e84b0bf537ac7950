import {
  isExpired,
  isMasterKey,
  newAccessKey,
  unboundedTerms,
  type AccessKey,
  type Account,
  type KeyTerms,
  type SealedAccessKey,
} from '../../domain/operator/account.ts';
import { isTemporary, isUnbounded } from '../../domain/operator/principal.ts';
import { refuse } from '../../domain/refusal.ts';
import type { DraftRows } from '../../image/draft.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type AccessKeyService = ReturnType<typeof accessKeyService>;

/** Both halves, the only time that the secret one is shown. */
export interface NewAccessKey {
  readonly secretId: string;
  readonly secretKey: string;
}

/** An account has no more. */
const mostKeysPerAccount = 100;

export function accessKeyService({ decide, read, sealing, clock, ids }: ServiceDependencies) {
  function accountNamed(rows: DraftRows, name: string): Account {
    const known = rows.accounts.of('name', name)[0];
    if (known !== undefined) return known;
    const account = { id: ids.token(8), name, isAdministrator: false, createdAt: clock.now() };
    rows.accounts.insert(account);
    return account;
  }

  /** Expired ones make room. */
  function insertKey(rows: DraftRows, accountId: string, terms: KeyTerms): NewAccessKey {
    for (const key of rows.accessKeys.of('account', accountId)) {
      if (isExpired(key, clock.now())) rows.accessKeys.remove(key.secretId);
    }
    if (rows.accessKeys.of('account', accountId).length >= mostKeysPerAccount) {
      refuse('access-keys-too-many', { limit: mostKeysPerAccount });
    }
    const { secretId, secretKey } = newAccessKey(ids);
    const sealedSecretKey = sealing.seal(`access-key:${secretId}`, secretKey);
    rows.accessKeys.insert({ ...terms, secretId, sealedSecretKey, accountId, createdAt: clock.now() });
    return { secretId, secretKey };
  }

  function find(rows: Rows, secretId: string): SealedAccessKey {
    return orNotFound(rows.accessKeys.get(secretId), secretId);
  }

  return {
    /** Makes the account too when the name is new. */
    create: (
      caller: Caller,
      { accountName, ...terms }: { readonly accountName: string } & Partial<KeyTerms>,
    ): Promise<NewAccessKey> =>
      decide(caller, (rows) => {
        checkMayGiveKeys(caller);
        return insertKey(rows, accountNamed(rows, accountName).id, { ...unboundedTerms, ...terms });
      }),

    list: (): Promise<AccessKey[]> => read((rows) => rows.accessKeys.all().map((key) => described(rows, key))),

    /** Refuses to bound the last key with which an administrator may do everything. */
    modify: (caller: Caller, secretId: string, changes: Partial<KeyTerms>): Promise<void> =>
      decide(caller, (rows) => {
        checkMayGiveKeys(caller);
        rows.accessKeys.update({ ...find(rows, secretId), ...changes });
        checkMasterKeyIsLeft(rows, secretId);
      }),

    /** Another key for the same account, which may do the same; both are valid until the old one expires. Anybody's own key, or an administrator's. */
    rotate: (caller: Caller, secretId: string, oldOneValidSeconds: number): Promise<NewAccessKey> =>
      decide(caller, (rows) => {
        const isOwn = secretId === caller.principal.keyId && !isTemporary(caller.principal);
        if (!isOwn && !caller.isAdministrator) refuse('own-key-only');
        if (!isOwn) checkMayGiveKeys(caller);
        const old = find(rows, secretId);
        // Otherwise a key that ends would live on for ever in those that come after it.
        if (old.expiresAt !== null) refuse('access-key-expires-already', { id: secretId });
        const { policy, callsPerSecond } = old;
        const made = insertKey(rows, old.accountId, { policy, callsPerSecond, expiresAt: null });
        rows.accessKeys.update({ ...old, expiresAt: clock.now() + oldOneValidSeconds * 1000 });
        return made;
      }),

    /** Refuses to remove the last key with which an administrator may do everything: nobody could make another one. */
    remove: (caller: Caller, secretId: string): Promise<void> =>
      decide(caller, (rows) => {
        checkMayGiveKeys(caller);
        find(rows, secretId);
        rows.accessKeys.remove(secretId);
        checkMasterKeyIsLeft(rows, secretId);
      }),
  };
}

/** Whoever is bounded himself could give himself everything. */
function checkMayGiveKeys({ principal }: Caller): void {
  if (!isUnbounded(principal)) refuse('access-key-bounded');
}

function checkMasterKeyIsLeft(rows: Rows, id: string): void {
  const isLeft = rows.accounts
    .all()
    .filter(({ isAdministrator }) => isAdministrator)
    .flatMap((account) => rows.accessKeys.of('account', account.id))
    .some((key) => isMasterKey(described(rows, key)));
  if (!isLeft) refuse('last-administrator-key', { id });
}

function described(rows: Rows, key: SealedAccessKey): AccessKey {
  const { secretId, accountId, createdAt, policy, callsPerSecond, expiresAt } = key;
  const { name: accountName = '', isAdministrator = false } = rows.accounts.get(accountId) ?? {};
  return { secretId, accountId, accountName, isAdministrator, createdAt, policy, callsPerSecond, expiresAt };
}
