import type { Cidr } from '@landbridge/net';
import type { RouteTableId } from '../../domain/resource-id.ts';
import type { VpcCcnRoute } from '../../domain/vpc/route-table.ts';
import { assumeUsable } from '../../domain/vpn/tunnel-usability.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { ccnRoutesOfTables } from './vpc-ccn-routes.ts';

/** The CCN's routes that stand in the way of a user's route to this destination. */
export interface RouteConflict {
  readonly destination: Cidr;
  readonly routes: readonly VpcCcnRoute[];
}

export type RouteConflictService = ReturnType<typeof routeConflictService>;

export function routeConflictService({ read }: ServiceDependencies) {
  return {
    /** For each destination that has any, once; those for which a new route is refused, also while no tunnel leads there. */
    list: (caller: Caller, id: RouteTableId, destinations: readonly Cidr[]): Promise<RouteConflict[]> =>
      read((rows) => {
        const table = orNotFound(rows.routeTables.find(caller, id), id);
        const announced = Map.groupBy(ccnRoutesOfTables(rows, [table], assumeUsable), ({ destination }) => destination);
        return [...new Set(destinations)].flatMap((destination) => {
          const routes = announced.get(destination);
          return routes === undefined ? [] : [{ destination, routes }];
        });
      }),
  };
}
