import { cidrContains, type Cidr } from '@landbridge/net';
import { refuse } from '../../domain/refusal.ts';
import type { VpnConnectionId, VpnGatewayId } from '../../domain/resource-id.ts';
import { rangesOfVpc } from '../../domain/vpc/vpc.ts';
import type { IsUsable } from '../../domain/vpn/tunnel-usability.ts';
import { isTunnelRoute, type GatewayNextHop, type VpnGatewayRoute } from '../../domain/vpn/vpn-gateway-route.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import type { DraftRows } from '../../image/draft.ts';
import type { Rows } from '../../image/rows.ts';
import { announcedToGateway } from '../../derive/ccn-announcement.ts';
import { attachmentOf } from '../../derive/ccn-routes.ts';
import type { CcnId } from '../../domain/resource-id.ts';
import type { Caller } from '../caller.ts';
import { orNotFound, recordTask } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface NewVpnGatewayRoute {
  readonly destination: Cidr;
  readonly nextHop: GatewayNextHop;
  readonly priority: VpnGatewayRoute['priority'];
  readonly enabled: boolean;
  readonly description: string;
}

export interface VpnGatewayRouteChanges {
  readonly id: string;
  readonly enabled?: boolean;
  readonly description?: string;
}

/** An entry that a CCN put into the gateway's route table. */
export interface LearnedRoute {
  readonly ccnId: CcnId;
  readonly destination: Cidr;
  readonly learnedAt: number;
}

function learnedBy(rows: Rows, id: VpnGatewayId, isUsable: IsUsable): LearnedRoute[] {
  const attachment = attachmentOf(id, rows);
  if (attachment === undefined) return [];
  const { ccnId, createdAt } = attachment;
  const destinations = announcedToGateway(attachment, rows, isUsable);
  return destinations.map((destination) => ({ ccnId, destination, learnedAt: createdAt }));
}

export type VpnGatewayRouteService = ReturnType<typeof vpnGatewayRouteService>;

/** Runs `work` on the gateway and counts its generation up. */
function changeGateway<T>(
  { decide, clock }: ServiceDependencies,
  caller: Caller,
  id: VpnGatewayId,
  work: (rows: DraftRows, gateway: VpnGateway) => T,
): Promise<T> {
  return decide(caller, (rows) => {
    const gateway = orNotFound(rows.vpnGateways.find(caller, id), id);
    const result = work(rows, gateway);
    recordTask(rows, caller, clock.now(), gateway.id);
    return result;
  });
}

/** A route for the table, to which `made` will have been added by then. */
function newRoute(
  { quotas, clock, ids }: ServiceDependencies,
  rows: Rows,
  caller: Caller,
  gateway: VpnGateway,
  made: readonly VpnGatewayRoute[],
  input: NewVpnGatewayRoute,
): VpnGatewayRoute {
  checkNextHop(rows, caller, gateway, input);
  const { routesPerVpnGateway: limit } = quotas;
  const present = rows.vpnGatewayRoutes.of('vpnGateway', gateway.id).length;
  if (present + made.length >= limit) refuse('gateway-route-quota-reached', { id: gateway.id, limit });
  const routes = [
    ...rows.vpnGatewayRoutes.of('destination', gateway.id, input.destination),
    ...made.filter(({ destination }) => destination === input.destination),
  ];
  const same = routes.find(({ priority, nextHop }) => priority === input.priority && nextHop.id === input.nextHop.id);
  if (same !== undefined) refuse('gateway-route-exists', { destination: input.destination, other: same.id });
  // The way back would cross: what the CCN sends here for a range that lies in the CCN, it sends for a tunnel, too.
  const opposite = routes.find(({ nextHop }) => nextHop.kind !== input.nextHop.kind);
  if (opposite !== undefined) {
    const { destination, nextHop, id: other } = opposite;
    refuse('gateway-route-both-ways', { destination, nextHop: nextHop.id, other });
  }
  const now = clock.now();
  return {
    ...input,
    accountId: caller.accountId,
    region: caller.region,
    createdAt: now,
    updatedAt: now,
    id: ids.resourceId('vpnr'),
    vpnGatewayId: gateway.id,
  };
}

function routeOf(rows: Rows, gatewayId: VpnGatewayId, id: string): VpnGatewayRoute {
  const route = rows.vpnGatewayRoutes.get(id);
  return orNotFound(route?.vpnGatewayId === gatewayId ? route : undefined, id);
}

function checkNextHop(
  rows: Rows,
  caller: Caller,
  gateway: VpnGateway,
  { destination, nextHop }: NewVpnGatewayRoute,
): void {
  const { id } = gateway;
  if (nextHop.kind === 'ccn') {
    const attachment = rows.ccnAttachments.get(id);
    if (attachment?.ccnId !== nextHop.id) refuse('ccn-not-attached', { id, ccn: nextHop.id });
  } else {
    const connection = rows.vpnConnections.find(caller, nextHop.id);
    if (connection?.vpnGatewayId !== id) refuse('not-found', { id: nextHop.id });
    checkWay(rows, gateway, connection.id, destination);
  }
}

/** Refuses to lead into a tunnel with policies, and to lead what is in the gateway's VPC out of it. */
function checkWay(rows: Rows, { vpcId }: VpnGateway, tunnelId: VpnConnectionId, destination: Cidr): void {
  if (rows.vpnConnections.get(tunnelId)?.mode === 'spd') {
    refuse('gateway-route-into-policies', { id: tunnelId, destination });
  }
  const vpc = vpcId === null ? undefined : rows.vpcs.get(vpcId);
  const vpcCidr = vpc && rangesOfVpc(vpc).find((range) => cidrContains(range, destination));
  if (vpc !== undefined && vpcCidr !== undefined) {
    refuse('gateway-route-inside-vpc', { destination, vpcId: vpc.id, vpcCidr });
  }
}

export function vpnGatewayRouteService(dependencies: ServiceDependencies) {
  const { read, observed, clock } = dependencies;
  return {
    /** All or none. */
    create: (caller: Caller, id: VpnGatewayId, inputs: readonly NewVpnGatewayRoute[]): Promise<VpnGatewayRoute[]> =>
      changeGateway(dependencies, caller, id, (rows, gateway) => {
        const made: VpnGatewayRoute[] = [];
        for (const input of inputs) made.push(newRoute(dependencies, rows, caller, gateway, made, input));
        for (const route of made) rows.vpnGatewayRoutes.insert(route);
        return made;
      }),

    /** The routes users made, the VPC that the gateway reaches by itself, and what its CCN announces. */
    list: (
      caller: Caller,
      id: VpnGatewayId,
    ): Promise<{
      gateway: VpnGateway;
      vpcRanges: readonly Cidr[];
      learned: LearnedRoute[];
      routes: readonly VpnGatewayRoute[];
    }> =>
      read((rows) => {
        const gateway = orNotFound(rows.vpnGateways.find(caller, id), id);
        const vpc = gateway.vpcId === null ? undefined : rows.vpcs.find(caller, gateway.vpcId);
        const routes = rows.vpnGatewayRoutes.of('vpnGateway', id);
        return {
          gateway,
          vpcRanges: vpc === undefined ? [] : rangesOfVpc(vpc),
          learned: learnedBy(rows, id, observed.isUsable),
          routes,
        };
      }),

    modify: (
      caller: Caller,
      id: VpnGatewayId,
      changes: readonly VpnGatewayRouteChanges[],
    ): Promise<VpnGatewayRoute[]> =>
      changeGateway(dependencies, caller, id, (rows, gateway) => {
        const changed = changes.map(({ id: routeId, ...fields }) => {
          const route = routeOf(rows, id, routeId);
          if (fields.enabled === true && isTunnelRoute(route)) {
            checkWay(rows, gateway, route.nextHop.id, route.destination);
          }
          return { ...route, ...fields, updatedAt: clock.now() };
        });
        for (const route of changed) rows.vpnGatewayRoutes.update(route);
        return changed;
      }),

    remove: (caller: Caller, id: VpnGatewayId, routeIds: readonly string[]): Promise<void> =>
      changeGateway(dependencies, caller, id, (rows) => {
        const routes = [...new Set(routeIds)].map((routeId) => routeOf(rows, id, routeId));
        for (const route of routes) rows.vpnGatewayRoutes.remove(route.id);
      }),
  };
}
