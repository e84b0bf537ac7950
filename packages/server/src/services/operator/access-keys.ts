import type { AccessKey, Account } from '../../domain/operator/account.ts';
import { refuse } from '../../domain/refusal.ts';
import { newAccessKey } from '../../store/administrator-key.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type AccessKeyService = ReturnType<typeof accessKeyService>;

export function accessKeyService({ store, clock, ids }: ServiceDependencies) {
  const asAdministrator = <T>(caller: Caller, work: (transaction: Transaction) => Promise<T>): Promise<T> => {
    if (!caller.isAdministrator) refuse('administrator-only');
    return store.transaction(work);
  };

  async function accountNamed(transaction: Transaction, name: string): Promise<Account> {
    const known = await transaction.accounts.findByName(name);
    if (known !== undefined) return known;
    const account = { id: ids.token(8), name, isAdministrator: false, createdAt: clock.now() };
    await transaction.accounts.insert(account);
    return account;
  }

  return {
    /** Makes the account too when the name is new. The only time that the secret key is shown. */
    create: (caller: Caller, accountName: string): Promise<{ secretId: string; secretKey: string }> =>
      asAdministrator(caller, async (transaction) => {
        const account = await accountNamed(transaction, accountName);
        const key = newAccessKey(ids);
        await transaction.accessKeys.insert({ ...key, accountId: account.id, createdAt: clock.now() });
        return key;
      }),

    list: (caller: Caller): Promise<AccessKey[]> =>
      asAdministrator(caller, (transaction) => transaction.accessKeys.list()),

    /** Refuses to remove the last administrator key: nobody could make another one. */
    remove: (caller: Caller, secretId: string): Promise<void> =>
      asAdministrator(caller, async (transaction) => {
        const keys = await transaction.accessKeys.list();
        const key = orNotFound(
          keys.find((candidate) => candidate.secretId === secretId),
          secretId,
        );
        const administrators = keys.filter(({ isAdministrator }) => isAdministrator);
        if (key.isAdministrator && administrators.length === 1) refuse('last-administrator-key', { id: secretId });
        await transaction.accessKeys.remove(secretId);
      }),
  };
}
