import { compareCidr, type Cidr, CidrIndex } from '@landbridge/net';
import { announcedToGateway, announcedToVpc } from '../src/derive/ccn-announcement.ts';
import { attachmentOf, ccnRoutesOf, type CcnRoute } from '../src/derive/ccn-routes.ts';
import { defaultRouteTableId, type Ccn } from '../src/domain/ccn/ccn.ts';
import type { VpnConnectionId } from '../src/domain/resource-id.ts';
import type { Vpc } from '../src/domain/vpc/vpc.ts';
import type { IsUsable } from '../src/domain/vpn/tunnel-usability.ts';
import { mappingsOf } from '../src/domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../src/domain/vpn/vpn-gateway.ts';
import { isTunnelRoute, type VpnGatewayRoute } from '../src/domain/vpn/vpn-gateway-route.ts';
import type { Rows } from '../src/image/rows.ts';
import { innerAddress } from '../src/plan/cable.ts';
import { ccnAddress } from '../src/plan/names.ts';
import type { PlanKey, RoutePlan } from '../src/plan/plan.ts';
import { kernelTables } from '../src/planner/kernel-tables.ts';
import { learnedMetric, tables } from '../src/planner/layout.ts';

/**
 * The oracle of plan/choose-routes.ts: routes as a planner makes them that is told which tunnels work, straight from the rows.
 * Routes that no tunnel has a say in are not among them (main tables, what users wrote into a VPC's tables, lines, probes).
 */
export function routesByUsability(key: PlanKey, rows: Rows, isUsable: IsUsable): RoutePlan[] {
  const vpc = rows.vpcs.get(key);
  if (vpc !== undefined) return vpcRoutes(vpc, rows, isUsable);
  const ccn = rows.ccns.get(key);
  if (ccn !== undefined) return ccnRoutes(ccn, rows, isUsable);
  const gateway = rows.vpnGateways.get(key);
  if (gateway !== undefined) {
    return [
      ...learnedRoutes(gateway, rows, isUsable, { table: tables.gateway, metric: learnedMetric }),
      ...tunnelRoutes(gateway, rows, isUsable),
    ];
  }
  const line = rows.directConnectGateways.get(key);
  return line === undefined ? [] : learnedRoutes(line, rows, isUsable, { table: tables.networkSide, metric: 0 });
}

/** Those of a plan that `routesByUsability` tells, by their places. */
export function isByUsability(key: PlanKey, { table, metric, kind, nextHops }: RoutePlan): boolean {
  if (kind !== 'unicast') return false;
  if (key.startsWith('ccn-')) return true;
  const isOnCcn = nextHops.every(({ device }) => device.startsWith('ccn-'));
  if (key.startsWith('vpc-')) return isOnCcn;
  if (key.startsWith('dcg-')) return isOnCcn && table === tables.networkSide;
  const isOfTunnels = nextHops.every(({ device }) => device.startsWith('vpnx-'));
  return table === tables.gateway && (isOfTunnels || (isOnCcn && metric === learnedMetric));
}

/** Watched tunnel → whether its CCN leads to one of its destinations without its gateway. */
export function otherPathsByUsability(
  gateway: VpnGateway,
  rows: Rows,
  isUsable: IsUsable,
): Readonly<Record<VpnConnectionId, boolean>> {
  const attachment = isOnVpc(gateway.vpcId, rows) ? undefined : attachmentOf(gateway.id, rows);
  const announced = attachment === undefined ? [] : announcedToGateway(attachment, rows, isUsable);
  const elsewhere = new CidrIndex(announced.map((range) => [range, range]));
  const routes = rows.vpnGatewayRoutes.of('vpnGateway', gateway.id).filter(({ enabled }) => enabled);
  const tunnels = rows.vpnConnections
    .of('vpnGateway', gateway.id)
    .filter(({ mode }) => mode === 'route' || attachment !== undefined);
  return Object.fromEntries(
    tunnels.map((tunnel) => {
      const destinations =
        tunnel.mode === 'spd'
          ? mappingsOf(tunnel).map(({ remote }) => remote)
          : routes.filter(({ nextHop }) => nextHop.id === tunnel.id).map(({ destination }) => destination);
      return [tunnel.id, destinations.some((range) => elsewhere.around(range).length > 0)];
    }),
  );
}

function learnedRoutes(
  { id, vpcId }: { readonly id: PlanKey & CcnAttached; readonly vpcId: Vpc['id'] | null },
  rows: Rows,
  isUsable: IsUsable,
  place: Pick<RoutePlan, 'table' | 'metric'>,
): RoutePlan[] {
  const attachment = isOnVpc(vpcId, rows) ? undefined : attachmentOf(id, rows);
  if (attachment === undefined) return [];
  const nextHops = [{ device: attachment.ccnId, via: ccnAddress }];
  return announcedToGateway(attachment, rows, isUsable).map((destination) => {
    return { ...place, destination, kind: 'unicast', nextHops };
  });
}

function isOnVpc(vpcId: Vpc['id'] | null, { vpcs }: Rows): boolean {
  return vpcId !== null && vpcs.get(vpcId) !== undefined;
}

type CcnAttached = Parameters<typeof attachmentOf>[0];

/** Enabled entries whose tunnels are usable; those that share destination and priority become one multipath route. */
function tunnelRoutes({ id }: VpnGateway, rows: Rows, isUsable: IsUsable): RoutePlan[] {
  const connections = rows.vpnConnections.of('vpnGateway', id);
  const devices = new Set(connections.map((connection) => connection.id).filter(isUsable));
  const merged = new Map<string, { destination: Cidr; metric: number; devices: Set<string> }>();
  for (const route of rows.vpnGatewayRoutes.of('vpnGateway', id).filter(isTunnelRoute)) {
    if (!route.enabled || !devices.has(route.nextHop.id)) continue;
    const metric = metricOf(route);
    const key = `${route.destination} ${metric}`;
    const entry = merged.get(key) ?? { destination: route.destination, metric, devices: new Set<string>() };
    entry.devices.add(route.nextHop.id);
    merged.set(key, entry);
  }
  return [...merged.values()]
    .sort((a, b) => compareCidr(a.destination, b.destination) || a.metric - b.metric)
    .map(({ destination, metric, devices: hops }) => ({
      table: tables.gateway,
      destination,
      metric,
      kind: 'unicast',
      nextHops: [...hops].sort().map((device) => ({ device })),
    }));
}

function metricOf({ priority }: VpnGatewayRoute): number {
  return priority + 1;
}

function vpcRoutes(vpc: Vpc, rows: Rows, isUsable: IsUsable): RoutePlan[] {
  const attachment = attachmentOf(vpc.id, rows);
  if (attachment === undefined) return [];
  const nextHops = [{ device: attachment.ccnId, via: ccnAddress }];
  const destinations = announcedToVpc(attachment, vpc, rows, isUsable);
  return [...kernelTables(rows.routeTables.of('vpc', vpc.id)).values()].flatMap((table) =>
    destinations.map((destination) => ({ table, destination, metric: learnedMetric, kind: 'unicast', nextHops })),
  );
}

function ccnRoutes({ id: ccnId }: Ccn, rows: Rows, isUsable: IsUsable): RoutePlan[] {
  const own = rows.ccnRouteTables.of('ccn', ccnId).filter(({ isDefault }) => !isDefault);
  const tableOf = new Map([[defaultRouteTableId(ccnId), tables.ccn], ...kernelTables(own)]);
  return [...tableOf].flatMap(([routeTableId, table]) =>
    inTable(ccnRoutesOf({ ccnId, routeTableId }, rows, isUsable), table),
  );
}

/** Enabled routes; those of the same range become one multipath route. */
function inTable(routes: readonly CcnRoute[], table: number): RoutePlan[] {
  const enabled = routes.filter((route) => route.enabled);
  return [...Map.groupBy(enabled, ({ destination }) => destination)]
    .sort(([a], [b]) => compareCidr(a, b))
    .map(([destination, same]) => ({
      ...{ table, destination, metric: 0, kind: 'unicast' },
      nextHops: same
        .map(({ instance }) => ({ device: instance.id, via: innerAddress(instance.id) }))
        .sort((a, b) => (a.device < b.device ? -1 : 1)),
    }));
}
