import type { Database } from './database.ts';

/** Names of what the database remembers about itself. */
export const storeIdFact = 'store-id';
export const keyFingerprintFact = 'key-fingerprint';
/** Sealed; what digests are keyed with since the key file is another one than at first. */
export const digestKeyFact = 'digest-key';

export async function readFact(db: Database, name: string): Promise<string | undefined> {
  const row = await db.selectFrom('facts').select('value').where('name', '=', name).executeTakeFirst();
  return row?.value;
}

export async function insertFact(db: Database, name: string, value: string): Promise<void> {
  await db.insertInto('facts').values({ name, value }).execute();
}
