import { newAccessKey, type AccessKey, type Account } from '../../domain/operator/account.ts';
import { refuse } from '../../domain/refusal.ts';
import type { DraftRows } from '../../image/draft.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type AccessKeyService = ReturnType<typeof accessKeyService>;

export function accessKeyService({ decide, read, sealing, clock, ids }: ServiceDependencies) {
  const asAdministrator = <T>(caller: Caller, work: (rows: DraftRows) => T): Promise<T> => {
    if (!caller.isAdministrator) refuse('administrator-only');
    return decide(caller, work);
  };

  function accountNamed(rows: DraftRows, name: string): Account {
    const known = rows.accounts.of('name', name)[0];
    if (known !== undefined) return known;
    const account = { id: ids.token(8), name, isAdministrator: false, createdAt: clock.now() };
    rows.accounts.insert(account);
    return account;
  }

  return {
    /** Makes the account too when the name is new. The only time that the secret key is shown. */
    create: (caller: Caller, accountName: string): Promise<{ secretId: string; secretKey: string }> =>
      asAdministrator(caller, (rows) => {
        const account = accountNamed(rows, accountName);
        const { secretId, secretKey } = newAccessKey(ids);
        const sealedSecretKey = sealing.seal(`access-key:${secretId}`, secretKey);
        rows.accessKeys.insert({ secretId, sealedSecretKey, accountId: account.id, createdAt: clock.now() });
        return { secretId, secretKey };
      }),

    list: async (caller: Caller): Promise<AccessKey[]> => {
      if (!caller.isAdministrator) refuse('administrator-only');
      return read(accessKeysIn);
    },

    /** Refuses to remove the last administrator key: nobody could make another one. */
    remove: (caller: Caller, secretId: string): Promise<void> =>
      asAdministrator(caller, (rows) => {
        const keys = accessKeysIn(rows);
        const key = orNotFound(
          keys.find((candidate) => candidate.secretId === secretId),
          secretId,
        );
        const administrators = keys.filter(({ isAdministrator }) => isAdministrator);
        if (key.isAdministrator && administrators.length === 1) refuse('last-administrator-key', { id: secretId });
        rows.accessKeys.remove(secretId);
      }),
  };
}

function accessKeysIn(rows: Rows): AccessKey[] {
  return rows.accessKeys.all().map(({ secretId, accountId, createdAt }) => {
    const { name: accountName = '', isAdministrator = false } = rows.accounts.get(accountId) ?? {};
    return { secretId, accountId, accountName, isAdministrator, createdAt };
  });
}
