import type { AccessKey } from '../domain/operator/account.ts';
import type { Database } from './repository.ts';
import type { Sealer } from './sealing.ts';

export interface AccessKeyRepository {
  insert(key: { secretId: string; secretKey: string; accountId: string; createdAt: number }): Promise<void>;
  /** With the secret key in clear: only for verifying signatures. */
  findWithSecret(secretId: string): Promise<(AccessKey & { readonly secretKey: string }) | undefined>;
  /** Oldest first. */
  list(): Promise<AccessKey[]>;
  remove(secretId: string): Promise<void>;
}

export function accessKeyRepository(db: Database, sealer: Sealer): AccessKeyRepository {
  const context = (secretId: string) => `access-key:${secretId}`;
  const joined = () =>
    db
      .selectFrom('accessKeys')
      .innerJoin('accounts', 'accounts.id', 'accessKeys.accountId')
      .select(['secretId', 'accountId', 'accounts.name as accountName', 'isAdministrator'])
      .select(['accessKeys.createdAt as createdAt', 'sealedSecretKey']);
  return {
    insert: async ({ secretId, secretKey, accountId, createdAt }) => {
      const sealedSecretKey = sealer.seal(context(secretId), secretKey);
      await db.insertInto('accessKeys').values({ secretId, accountId, sealedSecretKey, createdAt }).execute();
    },
    findWithSecret: async (secretId) => {
      const row = await joined().where('secretId', '=', secretId).executeTakeFirst();
      return row && { ...fromRow(row), secretKey: sealer.open(context(secretId), row.sealedSecretKey) };
    },
    list: async () => {
      const rows = await joined().orderBy('accessKeys.createdAt').orderBy('secretId').execute();
      return rows.map(fromRow);
    },
    remove: async (secretId) => {
      await db.deleteFrom('accessKeys').where('secretId', '=', secretId).execute();
    },
  };
}

function fromRow(row: Omit<AccessKey, 'isAdministrator'> & { readonly isAdministrator: 0 | 1 }): AccessKey {
  const { secretId, accountId, accountName, createdAt } = row;
  return { secretId, accountId, accountName, isAdministrator: row.isAdministrator === 1, createdAt };
}
