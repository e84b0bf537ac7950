import { administratorAccount, newAccessKey } from '../domain/operator/account.ts';
import type { IdSource } from '../platform/ids.ts';
import { replaceFile } from '../platform/replace-file.ts';
import type { Database } from './database.ts';
import type { Sealer } from './sealing.ts';

interface AdministratorKeyOptions {
  readonly db: Database;
  readonly sealer: Sealer;
  readonly ids: IdSource;
  readonly now: number;
  /** Where the key is left for the operator, mode 0600. */
  readonly path: string;
  readonly endpoint: string | undefined;
}

/**
 * Makes the operator's first key and writes it to `path`, unless the store has one already: a file that the operator
 * removed stays away. The file is complete before the key counts. Returns true when a key was made.
 */
export async function ensureAdministratorKey(options: AdministratorKeyOptions): Promise<boolean> {
  const { db, sealer, ids, now, path, endpoint } = options;
  return db.transaction().execute(async (transaction) => {
    if (await hasAdministratorKey(transaction)) return false;
    const accountId = await administrator(transaction, ids, now);
    const { secretId, secretKey } = newAccessKey(ids);
    const sealedSecretKey = sealer.seal(`access-key:${secretId}`, secretKey);
    await transaction
      .insertInto('accessKeys')
      .values({
        ...{ secretId, accountId, sealedSecretKey, createdAt: now },
        ...{ policyJson: null, callsPerSecond: null, expiresAt: null },
      })
      .execute();
    const content = {
      secretId,
      secretKey,
      account: administratorAccount,
      ...(endpoint === undefined ? {} : { endpoint }),
    };
    replaceFile(path, `${JSON.stringify(content, null, 2)}\n`, { flush: true });
    return true;
  });
}

async function hasAdministratorKey(db: Database): Promise<boolean> {
  const keys = db.selectFrom('accessKeys').innerJoin('accounts', 'accounts.id', 'accessKeys.accountId');
  const master = keys.where('isAdministrator', '=', 1).where('policyJson', 'is', null).where('expiresAt', 'is', null);
  return (await master.select('secretId').executeTakeFirst()) !== undefined;
}

/** The id of the operator's account, which is made at the first start. */
async function administrator(db: Database, ids: IdSource, now: number): Promise<string> {
  const known = await db
    .selectFrom('accounts')
    .select('id')
    .where('name', '=', administratorAccount)
    .executeTakeFirst();
  if (known !== undefined) return known.id;
  const id = ids.token(8);
  await db
    .insertInto('accounts')
    .values({ id, name: administratorAccount, isAdministrator: 1, createdAt: now })
    .execute();
  return id;
}
