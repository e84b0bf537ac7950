import { renameSync, writeFileSync } from 'node:fs';
import { administratorAccount } from '../domain/operator/account.ts';
import type { IdSource } from '../platform/ids.ts';
import { accountRepository } from './accounts.ts';
import { accessKeyRepository } from './access-keys.ts';
import type { Database } from './repository.ts';
import type { Sealer } from './sealing.ts';

/** Bytes of randomness in the two halves of an access key. */
const accessKeySizes = { secretId: 16, secretKey: 24 } as const;

/** A new access key: `AKID` and 32 hex characters, 48 hex characters. */
export function newAccessKey(ids: IdSource): { secretId: string; secretKey: string } {
  return { secretId: `AKID${ids.token(accessKeySizes.secretId)}`, secretKey: ids.token(accessKeySizes.secretKey) };
}

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
    const accounts = accountRepository(transaction);
    const accessKeys = accessKeyRepository(transaction, sealer);
    if ((await accessKeys.list()).some(({ isAdministrator }) => isAdministrator)) return false;
    const known = await accounts.findByName(administratorAccount);
    const account = known ?? { id: ids.token(8), name: administratorAccount, isAdministrator: true, createdAt: now };
    if (known === undefined) await accounts.insert(account);
    const key = newAccessKey(ids);
    await accessKeys.insert({ ...key, accountId: account.id, createdAt: now });
    const content = { ...key, account: account.name, ...(endpoint === undefined ? {} : { endpoint }) };
    writePrivately(path, `${JSON.stringify(content, null, 2)}\n`);
    return true;
  });
}

/** The file is there whole or not at all. */
function writePrivately(path: string, text: string): void {
  const draft = `${path}.new`;
  writeFileSync(draft, text, { mode: 0o600, flush: true });
  renameSync(draft, path);
}
