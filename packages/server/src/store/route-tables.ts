import type { Selectable } from 'kysely';
import type { RouteTableId, VpcId } from '../domain/resource-id.ts';
import type { RouteTable } from '../domain/route-table.ts';
import { parseJson, type Database, type Scope } from './repository.ts';
import { flag, type Tables } from './tables.ts';

export interface RouteTableRepository {
  insert(table: RouteTable): Promise<void>;
  /** Replaces the whole row. */
  update(table: RouteTable): Promise<void>;
  remove(id: RouteTableId): Promise<void>;
  find(scope: Scope, id: RouteTableId): Promise<RouteTable | undefined>;
  /** Oldest first. */
  list(scope: Scope): Promise<RouteTable[]>;
  listOfVpc(vpcId: VpcId): Promise<RouteTable[]>;
  /** Over all accounts and regions. */
  all(): Promise<RouteTable[]>;
}

export function routeTableRepository(db: Database): RouteTableRepository {
  const select = () => db.selectFrom('routeTables').selectAll().orderBy('createdAt').orderBy('id');
  const scoped = ({ accountId, region }: Scope) =>
    select().where('accountId', '=', accountId).where('region', '=', region);
  return {
    insert: async (table) => {
      await db.insertInto('routeTables').values(toRow(table)).execute();
    },
    update: async (table) => {
      await db.updateTable('routeTables').set(toRow(table)).where('id', '=', table.id).execute();
    },
    remove: async (id) => {
      await db.deleteFrom('routeTables').where('id', '=', id).execute();
    },
    find: async (scope, id) => {
      const row = await scoped(scope).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    list: async (scope) => (await scoped(scope).execute()).map(fromRow),
    listOfVpc: async (vpcId) => (await select().where('vpcId', '=', vpcId).execute()).map(fromRow),
    all: async () => (await select().execute()).map(fromRow),
  };
}

function toRow({ tags, ...table }: RouteTable): Tables['routeTables'] {
  return { ...table, isMain: flag(table.isMain), tagsJson: JSON.stringify(tags) };
}

function fromRow({ tagsJson, ...row }: Selectable<Tables['routeTables']>): RouteTable {
  return { ...row, isMain: row.isMain === 1, tags: parseJson(tagsJson) };
}
