import type { Database } from './repository.ts';

/** Names of rows. */
export const storeIdFact = 'store-id';
export const keyFingerprintFact = 'key-fingerprint';

/** Things the database remembers about itself. */
export interface FactRepository {
  find(name: string): Promise<string | undefined>;
  insert(name: string, value: string): Promise<void>;
}

export function factRepository(db: Database): FactRepository {
  return {
    find: async (name) => {
      const row = await db.selectFrom('facts').select('value').where('name', '=', name).executeTakeFirst();
      return row?.value;
    },
    insert: async (name, value) => {
      await db.insertInto('facts').values({ name, value }).execute();
    },
  };
}
