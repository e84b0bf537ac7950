import { flag } from './columns.ts';
import type { RowMapping } from './row-mapping.ts';

export const accounts: RowMapping<'accounts'> = {
  key: ['id'],
  unique: ['name'],
  toColumns: (account) => ({ ...account, isAdministrator: flag(account.isAdministrator) }),
  fromColumns: (columns) => ({ ...columns, isAdministrator: columns.isAdministrator === 1 }),
};

export const accessKeys: RowMapping<'accessKeys'> = {
  key: ['secretId'],
  toColumns: (key) => key,
  fromColumns: (columns) => columns,
};

export const counters: RowMapping<'counters'> = {
  key: ['name'],
  toColumns: (counter) => counter,
  fromColumns: (columns) => columns,
};
