import type { Selectable } from 'kysely';
import type { VpnGatewayRouteId, VpnGatewayId } from '../domain/resource-id.ts';
import type { GatewayNextHop, VpnGatewayRoute } from '../domain/vpn-gateway-route.ts';
import type { Database, Scope } from './repository.ts';
import { flag, type Tables } from './tables.ts';

export interface VpnGatewayRouteRepository {
  insert(route: VpnGatewayRoute): Promise<void>;
  /** Replaces the whole row. */
  update(route: VpnGatewayRoute): Promise<void>;
  remove(id: VpnGatewayRouteId): Promise<void>;
  find(scope: Scope, id: VpnGatewayRouteId): Promise<VpnGatewayRoute | undefined>;
  /** Oldest first. */
  list(scope: Scope): Promise<VpnGatewayRoute[]>;
  listOfVpnGateway(id: VpnGatewayId): Promise<VpnGatewayRoute[]>;
  listByNextHop(id: GatewayNextHop['id']): Promise<VpnGatewayRoute[]>;
  /** Over all accounts and regions. */
  all(): Promise<VpnGatewayRoute[]>;
}

export function vpnGatewayRouteRepository(db: Database): VpnGatewayRouteRepository {
  const select = () => db.selectFrom('vpnGatewayRoutes').selectAll().orderBy('createdAt').orderBy('id');
  const scoped = ({ accountId, region }: Scope) =>
    select().where('accountId', '=', accountId).where('region', '=', region);
  return {
    insert: async (route) => {
      await db.insertInto('vpnGatewayRoutes').values(toRow(route)).execute();
    },
    update: async (route) => {
      await db.updateTable('vpnGatewayRoutes').set(toRow(route)).where('id', '=', route.id).execute();
    },
    remove: async (id) => {
      await db.deleteFrom('vpnGatewayRoutes').where('id', '=', id).execute();
    },
    find: async (scope, id) => {
      const row = await scoped(scope).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    list: async (scope) => (await scoped(scope).execute()).map(fromRow),
    listOfVpnGateway: async (id) => (await select().where('vpnGatewayId', '=', id).execute()).map(fromRow),
    listByNextHop: async (id) => (await select().where('nextHopId', '=', id).execute()).map(fromRow),
    all: async () => (await select().execute()).map(fromRow),
  };
}

function toRow({ nextHop, ...route }: VpnGatewayRoute): Tables['vpnGatewayRoutes'] {
  return { ...route, nextHopKind: nextHop.kind, nextHopId: nextHop.id, enabled: flag(route.enabled) };
}

function fromRow({ nextHopKind, nextHopId, ...row }: Selectable<Tables['vpnGatewayRoutes']>): VpnGatewayRoute {
  return { ...row, nextHop: { kind: nextHopKind, id: nextHopId } as GatewayNextHop, enabled: row.enabled === 1 };
}
