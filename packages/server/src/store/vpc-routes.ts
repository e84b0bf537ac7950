import type { Selectable } from 'kysely';
import type { RouteItemId, RouteTableId } from '../domain/resource-id.ts';
import type { VpcNextHop, VpcRoute } from '../domain/route-table.ts';
import type { Database, Scope } from './repository.ts';
import { flag, type Tables } from './tables.ts';

export interface VpcRouteRepository {
  insert(route: VpcRoute): Promise<void>;
  /** Replaces the whole row. */
  update(route: VpcRoute): Promise<void>;
  remove(id: RouteItemId): Promise<void>;
  find(scope: Scope, id: RouteItemId): Promise<VpcRoute | undefined>;
  /** Oldest first. */
  list(scope: Scope): Promise<VpcRoute[]>;
  listOfTable(id: RouteTableId): Promise<VpcRoute[]>;
  listByNextHop(id: VpcNextHop['id']): Promise<VpcRoute[]>;
  /** Over all accounts and regions. */
  all(): Promise<VpcRoute[]>;
}

export function vpcRouteRepository(db: Database): VpcRouteRepository {
  const select = () => db.selectFrom('vpcRoutes').selectAll().orderBy('routeId');
  const scoped = ({ accountId, region }: Scope) =>
    select().where('accountId', '=', accountId).where('region', '=', region);
  return {
    insert: async (route) => {
      await db.insertInto('vpcRoutes').values(toRow(route)).execute();
    },
    update: async (route) => {
      await db.updateTable('vpcRoutes').set(toRow(route)).where('id', '=', route.id).execute();
    },
    remove: async (id) => {
      await db.deleteFrom('vpcRoutes').where('id', '=', id).execute();
    },
    find: async (scope, id) => {
      const row = await scoped(scope).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    list: async (scope) => (await scoped(scope).execute()).map(fromRow),
    listOfTable: async (id) => (await select().where('routeTableId', '=', id).execute()).map(fromRow),
    listByNextHop: async (id) => (await select().where('nextHopId', '=', id).execute()).map(fromRow),
    all: async () => (await select().execute()).map(fromRow),
  };
}

function toRow({ nextHop, ...route }: VpcRoute): Tables['vpcRoutes'] {
  return { ...route, nextHopKind: nextHop.kind, nextHopId: nextHop.id, enabled: flag(route.enabled) };
}

function fromRow({ nextHopKind, nextHopId, ...row }: Selectable<Tables['vpcRoutes']>): VpcRoute {
  return { ...row, nextHop: { kind: nextHopKind, id: nextHopId } as VpcNextHop, enabled: row.enabled === 1 };
}
