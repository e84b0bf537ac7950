import type { Cidr } from '@landbridge/net';
import { refuse } from '../../domain/refusal.ts';
import type { RouteTableId, VpcId } from '../../domain/resource-id.ts';
import type { RouteTable, VpcCcnRoute, VpcNextHop, VpcRoute } from '../../domain/vpc/route-table.ts';
import { vpcRangeAround } from '../../domain/vpc/vpc.ts';
import type { DraftRows } from '../../image/draft.ts';
import type { Rows } from '../../image/rows.ts';
import { assumeUsable } from '../../domain/vpn/tunnel-usability.ts';
import type { Caller } from '../caller.ts';
import { checkQuota, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import type { RouteTableView } from './route-tables.ts';
import { ccnRoutesOfTables, ccnRoutesOfVpc } from './vpc-ccn-routes.ts';

export interface NewVpcRoute {
  readonly destination: Cidr;
  readonly nextHop: VpcNextHop;
  readonly description: string;
  readonly enabled: boolean;
}

/** A route by either of its two ids; `itemId` wins when both are given. */
export interface RouteReference {
  readonly routeId?: number;
  readonly itemId?: string;
}

export type VpcRouteService = ReturnType<typeof vpcRouteService>;

/** Runs `work` on the table and names its VPC as changed. */
function changeTable<T>(
  { decide }: ServiceDependencies,
  caller: Caller,
  id: RouteTableId,
  work: (rows: DraftRows, table: RouteTable) => T,
): Promise<T> {
  return decide(caller, (rows) => {
    const table = orNotFound(rows.routeTables.find(caller, id), id);
    const result = work(rows, table);
    return result;
  });
}

/** Adds one route, checked against the table as it is by then. */
function insertRoute(
  { quotas, clock, ids }: ServiceDependencies,
  rows: DraftRows,
  caller: Caller,
  table: RouteTable,
  input: NewVpcRoute,
): VpcRoute {
  checkQuota(quotas, 'routesPerRouteTable', rows.vpcRoutes.of('routeTable', table.id).length, table.id);
  checkRoute(rows, caller, table, input, undefined);
  const route: VpcRoute = {
    accountId: caller.accountId,
    region: caller.region,
    createdAt: clock.now(),
    id: ids.resourceId('rti'),
    routeId: rows.next('vpc-route'),
    routeTableId: table.id,
    vpcId: table.vpcId,
    ...fieldsOf(input),
  };
  rows.vpcRoutes.insert(route);
  return route;
}

export function vpcRouteService(dependencies: ServiceDependencies) {
  const { read, observed } = dependencies;
  return {
    /** Those of users, then those that CCNs announce. */
    list: (caller: Caller): Promise<(VpcRoute | VpcCcnRoute)[]> =>
      read((rows) => [
        ...rows.vpcRoutes.list(caller),
        ...ccnRoutesOfTables(rows, rows.routeTables.list(caller), observed.isUsable),
      ]),

    /** All or none. The view holds the new routes only (docs/spec/actions.md, CreateRoutes). */
    create: (caller: Caller, id: RouteTableId, inputs: readonly NewVpcRoute[]): Promise<RouteTableView> =>
      changeTable(dependencies, caller, id, (rows, table) => {
        const routes: VpcRoute[] = [];
        for (const input of inputs) routes.push(insertRoute(dependencies, rows, caller, table, input));
        const subnets = rows.subnets.of('vpc', table.vpcId);
        const bound = subnets.filter(({ routeTableId }) => routeTableId === id);
        return { ...table, routes, ccnRoutes: [], subnetIds: bound.map((subnet) => subnet.id) };
      }),

    /** Rewrites routes in place; their ids stay. */
    replace: (
      caller: Caller,
      id: RouteTableId,
      inputs: readonly (NewVpcRoute & { readonly reference: RouteReference })[],
    ): Promise<{ before: VpcRoute[]; after: VpcRoute[] }> =>
      changeTable(dependencies, caller, id, (rows, table) => {
        const before: VpcRoute[] = [];
        const after: VpcRoute[] = [];
        for (const { reference, ...input } of inputs) {
          const route = find(rows, id, reference);
          checkRoute(rows, caller, table, input, route);
          const changed = { ...route, ...fieldsOf(input) };
          rows.vpcRoutes.update(changed);
          before.push(route);
          after.push(changed);
        }
        return { before, after };
      }),

    remove: (caller: Caller, id: RouteTableId, references: readonly RouteReference[]): Promise<VpcRoute[]> =>
      changeTable(dependencies, caller, id, (rows, table) => {
        refuseSystemRoutes(rows, table, references);
        const removed = [...new Set(references.map((reference) => find(rows, id, reference)))];
        for (const route of removed) rows.vpcRoutes.remove(route.id);
        return removed;
      }),

    setEnabled: (
      caller: Caller,
      id: RouteTableId,
      references: readonly RouteReference[],
      enabled: boolean,
    ): Promise<void> =>
      changeTable(dependencies, caller, id, (rows, table) => {
        refuseSystemRoutes(rows, table, references);
        for (const reference of references) {
          const route = find(rows, id, reference);
          if (enabled) {
            checkSiblings(rows, table, { ...route, enabled }, route);
            checkAgainstCcn(rows, table.vpcId, route.destination);
          }
          rows.vpcRoutes.update({ ...route, enabled });
        }
      }),

    refusePublication: (caller: Caller, id: RouteTableId, itemIds: readonly string[]): Promise<never> =>
      read((rows) => refusePublication(rows, caller, id, itemIds)),

    /** Renames the table and puts the given routes in the place of all it had. */
    reset: (caller: Caller, id: RouteTableId, name: string, inputs: readonly NewVpcRoute[]): Promise<void> =>
      changeTable(dependencies, caller, id, (rows, table) => {
        rows.routeTables.update({ ...table, name });
        for (const route of rows.vpcRoutes.of('routeTable', id)) rows.vpcRoutes.remove(route.id);
        for (const input of inputs) insertRoute(dependencies, rows, caller, table, input);
      }),
  };
}

/**
 * Publishing a route to the CCN or withdrawing it: refused for the first reason that stands in the way. There is no route
 * that could be published (docs/adr/0012-routes-to-gateways-are-not-published.md).
 */
function refusePublication(rows: Rows, caller: Caller, id: RouteTableId, itemIds: readonly string[]): never {
  const table = orNotFound(rows.routeTables.find(caller, id), id);
  const references = itemIds.map((itemId) => ({ itemId }));
  refuseSystemRoutes(rows, table, references);
  const [first] = references.map((reference) => find(rows, id, reference));
  const attachment = rows.ccnAttachments.get(table.vpcId);
  if (first === undefined || attachment === undefined) return refuse('vpc-without-ccn', { id: table.vpcId });
  const { destination, nextHop } = first;
  return refuse('route-not-publishable', { destination, nextHop: nextHop.id });
}

function fieldsOf({ destination, nextHop, description, enabled }: NewVpcRoute) {
  return { destination, nextHop, description, enabled };
}

/** Routes of a CCN are changed there. */
function refuseSystemRoutes(rows: Rows, table: RouteTable, references: readonly RouteReference[]): void {
  for (const { id, routeId, destination, ccnId } of ccnRoutesOfTables(rows, [table], assumeUsable)) {
    const isNamed = references.some((named) =>
      named.itemId === undefined ? named.routeId === routeId : named.itemId === id,
    );
    if (isNamed) refuse('route-of-system', { destination, ccn: ccnId });
  }
}

function find(rows: Rows, tableId: RouteTableId, { routeId, itemId }: RouteReference): VpcRoute {
  const found =
    itemId === undefined ? rows.vpcRoutes.of('number', tableId, String(routeId))[0] : rows.vpcRoutes.get(itemId);
  return found?.routeTableId === tableId ? found : refuse('not-found', { id: itemId ?? String(routeId) });
}

function checkRoute(
  rows: Rows,
  caller: Caller,
  table: RouteTable,
  input: NewVpcRoute,
  self: VpcRoute | undefined,
): void {
  const vpc = orNotFound(rows.vpcs.find(caller, table.vpcId), table.vpcId);
  const { destination, nextHop } = input;
  const vpcCidr = vpcRangeAround(vpc, destination);
  if (vpcCidr !== undefined) refuse('route-inside-vpc', { destination, vpcId: vpc.id, vpcCidr });
  const gateway = findNextHop(rows, caller, nextHop);
  if (gateway === undefined) refuse('route-next-hop-not-found', { id: nextHop.id });
  if (gateway.vpcId !== vpc.id) refuse('route-next-hop-of-other-vpc', { id: nextHop.id, vpcId: vpc.id });
  checkSiblings(rows, table, input, self);
  if (input.enabled) checkAgainstCcn(rows, table.vpcId, destination);
}

function findNextHop(rows: Rows, caller: Caller, nextHop: VpcNextHop) {
  return nextHop.kind === 'vpn-gateway'
    ? rows.vpnGateways.find(caller, nextHop.id)
    : rows.directConnectGateways.find(caller, nextHop.id);
}

/** A destination that the VPC's CCN leads somewhere already. */
function checkAgainstCcn(rows: Rows, vpcId: VpcId, destination: Cidr): void {
  const other = ccnRoutesOfVpc(vpcId, rows, assumeUsable).find((route) => route.destination === destination);
  if (other !== undefined) refuse('route-to-ccn-exists', { destination, ccn: other.ccnId });
}

/**
 * The same route twice is refused always, the same destination by two gateways while both are enabled.
 * @param self the route that changes, if it is no new one.
 */
function checkSiblings(
  rows: Rows,
  table: RouteTable,
  { destination, nextHop, enabled }: Pick<VpcRoute, 'destination' | 'nextHop' | 'enabled'>,
  self: VpcRoute | undefined,
): void {
  const siblings = rows.vpcRoutes.of('destination', table.id, destination);
  for (const other of siblings.filter(({ id }) => id !== self?.id)) {
    const details = { destination, id: table.id, other: other.id, nextHop: other.nextHop.id };
    if (other.nextHop.id === nextHop.id) refuse('route-exists', details);
    if (enabled && other.enabled) refuse('route-to-other-gateway-exists', details);
  }
}
