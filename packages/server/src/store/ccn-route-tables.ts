import type { Selectable } from 'kysely';
import type { CcnRouteTable } from '../domain/ccn/ccn-route-table.ts';
import type { CcnRouteTableId } from '../domain/resource-id.ts';
import type { Database, Scope } from './repository.ts';
import { flag, type Tables } from './tables.ts';

/** As their CCNs, they belong to no region. */
export interface CcnRouteTableRepository {
  insert(table: CcnRouteTable): Promise<void>;
  /** Replaces the whole row. */
  update(table: CcnRouteTable): Promise<void>;
  remove(id: CcnRouteTableId): Promise<void>;
  /** Oldest first; a CCN's default table is as old as the CCN. */
  list(scope: Pick<Scope, 'accountId'>): Promise<CcnRouteTable[]>;
  /** Over all accounts. */
  all(): Promise<CcnRouteTable[]>;
}

export function ccnRouteTableRepository(db: Database): CcnRouteTableRepository {
  const select = () =>
    db.selectFrom('ccnRouteTables').selectAll().orderBy('createdAt').orderBy('isDefault', 'desc').orderBy('id');
  return {
    insert: async (table) => {
      await db.insertInto('ccnRouteTables').values(toRow(table)).execute();
    },
    update: async (table) => {
      await db.updateTable('ccnRouteTables').set(toRow(table)).where('id', '=', table.id).execute();
    },
    remove: async (id) => {
      await db.deleteFrom('ccnRouteTables').where('id', '=', id).execute();
    },
    list: async ({ accountId }) => (await select().where('accountId', '=', accountId).execute()).map(fromRow),
    all: async () => (await select().execute()).map(fromRow),
  };
}

function toRow(table: CcnRouteTable): Tables['ccnRouteTables'] {
  return { ...table, isDefault: flag(table.isDefault) };
}

function fromRow(row: Selectable<Tables['ccnRouteTables']>): CcnRouteTable {
  return { ...row, isDefault: row.isDefault === 1 };
}
