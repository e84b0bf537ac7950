import type { Selectable } from 'kysely';
import type { RouteTableId } from '../domain/resource-id.ts';
import type { VpcNextHop, VpcRoute } from '../domain/vpc/route-table.ts';
import type { Database } from './repository.ts';
import { resourceRows, type ResourceRows } from './resource-rows.ts';
import { flag, type Tables } from './tables.ts';

export interface VpcRouteRepository extends ResourceRows<VpcRoute> {
  listOfTable(routeTableId: RouteTableId): Promise<VpcRoute[]>;
  listByNextHop(nextHopId: VpcNextHop['id']): Promise<VpcRoute[]>;
}

export function vpcRouteRepository(db: Database): VpcRouteRepository {
  const rows = resourceRows(db, 'vpcRoutes', { toRow, fromRow, orderBy: 'routeId' });
  return {
    ...rows,
    listOfTable: (routeTableId) => rows.where({ routeTableId }),
    listByNextHop: (nextHopId) => rows.where({ nextHopId }),
  };
}

function toRow({ nextHop, ...route }: VpcRoute): Tables['vpcRoutes'] {
  return { ...route, nextHopKind: nextHop.kind, nextHopId: nextHop.id, enabled: flag(route.enabled) };
}

function fromRow({ nextHopKind, nextHopId, ...row }: Selectable<Tables['vpcRoutes']>): VpcRoute {
  return { ...row, nextHop: { kind: nextHopKind, id: nextHopId } as VpcNextHop, enabled: row.enabled === 1 };
}
