import type { Selectable } from 'kysely';
import type { Account } from '../domain/operator/account.ts';
import type { Database } from './repository.ts';
import { flag, type Tables } from './tables.ts';

export interface AccountRepository {
  insert(account: Account): Promise<void>;
  findByName(name: string): Promise<Account | undefined>;
}

export function accountRepository(db: Database): AccountRepository {
  return {
    insert: async (account) => {
      const row = { ...account, isAdministrator: flag(account.isAdministrator) };
      await db.insertInto('accounts').values(row).execute();
    },
    findByName: async (name) => {
      const row = await db.selectFrom('accounts').selectAll().where('name', '=', name).executeTakeFirst();
      return row && fromRow(row);
    },
  };
}

function fromRow(row: Selectable<Tables['accounts']>): Account {
  return { id: row.id, name: row.name, isAdministrator: row.isAdministrator === 1, createdAt: row.createdAt };
}
