import type { IsUsable } from '../../domain/vpn/tunnel-usability.ts';
import type { Tag } from '../../domain/owned.ts';
import { refuse } from '../../domain/refusal.ts';
import type { RouteTableId, SubnetId, VpcId } from '../../domain/resource-id.ts';
import type { RouteTable, VpcCcnRoute, VpcRoute } from '../../domain/vpc/route-table.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { Caller } from '../caller.ts';
import { checkQuota, idList, nameRoutesChanged, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { ccnRoutesOfTables } from './vpc-ccn-routes.ts';

export interface RouteTableView extends RouteTable {
  readonly routes: readonly VpcRoute[];
  /** What the VPC's CCN announces, the same in every table of the VPC. */
  readonly ccnRoutes: readonly VpcCcnRoute[];
  readonly subnetIds: readonly SubnetId[];
}

export type RouteTableService = ReturnType<typeof routeTableService>;

export function routeTableService({ store, observed, quotas, clock, ids }: ServiceDependencies) {
  return {
    create: (caller: Caller, input: { vpcId: VpcId; name: string; tags: readonly Tag[] }): Promise<RouteTableView> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.vpcs.find(caller, input.vpcId), input.vpcId);
        const siblings = await transaction.routeTables.listOfVpc(input.vpcId);
        checkQuota(quotas, 'routeTablesPerVpc', siblings.length);
        const { accountId, region } = caller;
        const id = ids.resourceId('rtb');
        const table: RouteTable = { ...input, accountId, region, createdAt: clock.now(), id, isMain: false };
        await transaction.routeTables.insert(table);
        const ccnRoutes = await ccnRoutesOfTables(transaction, [table], observed.isUsable);
        return { ...table, routes: [], ccnRoutes, subnetIds: [] };
      }),

    list: (caller: Caller): Promise<RouteTableView[]> =>
      store.transaction(async (transaction) => {
        const tables = await transaction.routeTables.list(caller);
        return viewsOf(transaction, caller, tables, observed.isUsable);
      }),

    rename: (caller: Caller, id: RouteTableId, name: string): Promise<void> =>
      store.transaction(async (transaction) => {
        const table = orNotFound(await transaction.routeTables.find(caller, id), id);
        await transaction.routeTables.update({ ...table, name });
      }),

    /** Takes its routes with it; not while subnets use it, and never the default table. */
    remove: (caller: Caller, id: RouteTableId): Promise<void> =>
      store.transaction(async (transaction) => {
        const table = orNotFound(await transaction.routeTables.find(caller, id), id);
        if (table.isMain) refuse('route-table-is-default', { id, vpcId: table.vpcId });
        const subnets = await transaction.subnets.listOfVpc(table.vpcId);
        const bound = subnets.filter(({ routeTableId }) => routeTableId === id);
        if (bound.length > 0) refuse('route-table-in-use', { id, blocking: idList(bound) });
        for (const route of await transaction.vpcRoutes.listOfTable(id)) await transaction.vpcRoutes.remove(route.id);
        await transaction.routeTables.remove(id);
        await nameRoutesChanged(transaction, table.vpcId);
      }),
  };
}

/** Tables with their routes and the subnets bound to them. */
async function viewsOf(
  transaction: Transaction,
  caller: Caller,
  tables: readonly RouteTable[],
  isUsable: IsUsable,
): Promise<RouteTableView[]> {
  const routes = Map.groupBy(await transaction.vpcRoutes.list(caller), ({ routeTableId }) => routeTableId);
  const subnets = Map.groupBy(await transaction.subnets.list(caller), ({ routeTableId }) => routeTableId);
  const announced = await ccnRoutesOfTables(transaction, tables, isUsable);
  const learned = Map.groupBy(announced, ({ routeTableId }) => routeTableId);
  return tables.map((table) => ({
    ...table,
    routes: routes.get(table.id) ?? [],
    ccnRoutes: learned.get(table.id) ?? [],
    subnetIds: (subnets.get(table.id) ?? []).map(({ id }) => id),
  }));
}
