import type { IsUsable } from '../../domain/vpn/tunnel-usability.ts';
import type { Tag } from '../../domain/owned.ts';
import { refuse } from '../../domain/refusal.ts';
import type { RouteTableId, SubnetId, VpcId } from '../../domain/resource-id.ts';
import type { RouteTable, VpcCcnRoute, VpcRoute } from '../../domain/vpc/route-table.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { checkQuota, idList, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { ccnRoutesOfTables } from './vpc-ccn-routes.ts';

export interface RouteTableView extends RouteTable {
  readonly routes: readonly VpcRoute[];
  /** What the VPC's CCN announces, the same in every table of the VPC. */
  readonly ccnRoutes: readonly VpcCcnRoute[];
  readonly subnetIds: readonly SubnetId[];
}

export type RouteTableService = ReturnType<typeof routeTableService>;

export function routeTableService({ decide, read, observed, quotas, clock, ids }: ServiceDependencies) {
  return {
    create: (caller: Caller, input: { vpcId: VpcId; name: string; tags: readonly Tag[] }): Promise<RouteTableView> =>
      decide(caller, (rows) => {
        orNotFound(rows.vpcs.find(caller, input.vpcId), input.vpcId);
        const siblings = rows.routeTables.of('vpc', input.vpcId);
        checkQuota(quotas, 'routeTablesPerVpc', siblings.length, input.vpcId);
        const { accountId, region } = caller;
        const id = ids.resourceId('rtb');
        const table: RouteTable = { ...input, accountId, region, createdAt: clock.now(), id, isMain: false };
        rows.routeTables.insert(table);
        const ccnRoutes = ccnRoutesOfTables(rows, [table], observed.isUsable);
        return { ...table, routes: [], ccnRoutes, subnetIds: [] };
      }),

    /** With ids only those. */
    list: (caller: Caller, tableIds?: readonly RouteTableId[]): Promise<RouteTableView[]> =>
      read((rows) => {
        const tables = rows.routeTables.list(caller, tableIds);
        return viewsOf(rows, tables, observed.isUsable);
      }),

    rename: (caller: Caller, id: RouteTableId, name: string): Promise<void> =>
      decide(caller, (rows) => {
        const table = orNotFound(rows.routeTables.find(caller, id), id);
        rows.routeTables.update({ ...table, name });
      }),

    /** Takes its routes with it; not while subnets use it, and never the default table. */
    remove: (caller: Caller, id: RouteTableId): Promise<void> =>
      decide(caller, (rows) => {
        const table = orNotFound(rows.routeTables.find(caller, id), id);
        if (table.isMain) refuse('route-table-is-default', { id, vpcId: table.vpcId });
        const bound = rows.subnets.of('routeTable', id);
        if (bound.length > 0) refuse('route-table-in-use', { id, blocking: idList(bound) });
        for (const route of rows.vpcRoutes.of('routeTable', id)) rows.vpcRoutes.remove(route.id);
        rows.routeTables.remove(id);
      }),
  };
}

/** Tables with their routes and the subnets bound to them. */
function viewsOf(rows: Rows, tables: readonly RouteTable[], isUsable: IsUsable): RouteTableView[] {
  const announced = ccnRoutesOfTables(rows, tables, isUsable);
  const learned = Map.groupBy(announced, ({ routeTableId }) => routeTableId);
  return tables.map((table) => ({
    ...table,
    routes: rows.vpcRoutes.of('routeTable', table.id),
    ccnRoutes: learned.get(table.id) ?? [],
    subnetIds: rows.subnets.of('routeTable', table.id).map(({ id }) => id),
  }));
}
