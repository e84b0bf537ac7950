import type { Selectable } from 'kysely';
import type { VpnGatewayId } from '../domain/resource-id.ts';
import type { GatewayNextHop, VpnGatewayRoute } from '../domain/vpn/vpn-gateway-route.ts';
import type { Database } from './repository.ts';
import { resourceRows, type ResourceRows } from './resource-rows.ts';
import { flag, type Tables } from './tables.ts';

export interface VpnGatewayRouteRepository extends ResourceRows<VpnGatewayRoute> {
  listOfVpnGateway(vpnGatewayId: VpnGatewayId): Promise<VpnGatewayRoute[]>;
  listByNextHop(nextHopId: GatewayNextHop['id']): Promise<VpnGatewayRoute[]>;
}

export function vpnGatewayRouteRepository(db: Database): VpnGatewayRouteRepository {
  const rows = resourceRows(db, 'vpnGatewayRoutes', { toRow, fromRow });
  return {
    ...rows,
    listOfVpnGateway: (vpnGatewayId) => rows.where({ vpnGatewayId }),
    listByNextHop: (nextHopId) => rows.where({ nextHopId }),
  };
}

function toRow({ nextHop, ...route }: VpnGatewayRoute): Tables['vpnGatewayRoutes'] {
  return { ...route, nextHopKind: nextHop.kind, nextHopId: nextHop.id, enabled: flag(route.enabled) };
}

function fromRow({ nextHopKind, nextHopId, ...row }: Selectable<Tables['vpnGatewayRoutes']>): VpnGatewayRoute {
  return { ...row, nextHop: { kind: nextHopKind, id: nextHopId } as GatewayNextHop, enabled: row.enabled === 1 };
}
