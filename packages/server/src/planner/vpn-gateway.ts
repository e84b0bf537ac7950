import { cidrContains, compareCidr, type Cidr, type IpAddress } from '@landbridge/net';
import type { CcnOffer } from '../derive/ccn-offers.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Rows } from '../image/rows.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import { mappingsOf, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import { isTunnelRoute, type VpnGatewayRoute } from '../domain/vpn/vpn-gateway-route.ts';
import { tunnelMtu } from '../domain/vpn/esp-overhead.ts';
import { viewGateway, type GatewayView } from './gateway-view.ts';
import { hopWhileServed } from './hop-while-served.ts';
import { planTunnelWatches } from './tunnel-watch.ts';
import { planProbeRoutes, planProbeRules, probeAddresses } from './probe.ts';
import { adjacent, innerCable } from '../plan/cable.ts';
import { planConnections } from './connection.ts';
import {
  everything,
  gatewayRules,
  hostCidr,
  lastResortMetric,
  learnedMetric,
  routerSysctls,
  tables,
  tunnelTable,
} from './layout.ts';
import { planGatewayFilter } from './gateway-filter.ts';
import type { AddressPlan, LinkPlan, NetnsPlan, RoutePlan, RulePlan } from '../plan/plan.ts';
import { boundUplink, planUplink } from './uplink.ts';
import { gatewaySideAddress, netnsName } from '../plan/names.ts';

/** The namespace of a VPN gateway: uplink, network side, one device per tunnel, and the order of lookups between them. */
export function planVpnGateway(gateway: VpnGateway, rows: Rows, uplink: Uplink): NetnsPlan {
  const view = viewGateway(gateway, rows, uplink);
  const wanPlan = planUplink(view);
  return {
    key: gateway.id,
    netns: netnsName(gateway.id),
    sysctls: planSysctls(view),
    links: [loopback, wanPlan.link, ...planNetworkLink(view), ...view.connections.map((c) => planTunnelLink(c, view))],
    rules: [...planProbeRules(view.connections), ...planRules(view)],
    routes: [
      wanPlan.defaultRoute,
      ...planNetworkRoutes(view),
      ...planStaticCcnRoutes(view),
      ...planTunnelTables(view),
      ...planProbeRoutes(view.connections),
      ...planGatewayRoutes(view),
    ],
    proxies: [],
    filter: planGatewayFilter(view),
    ...boundUplink(view),
    charon: { connections: planConnections(view, rows) },
    watches: planTunnelWatches(view),
    switching: { table: tables.gateway, tells: 'route-switched', resourceId: gateway.id },
  };
}

const loopback: LinkPlan = {
  kind: 'loopback',
  name: 'lo',
  addresses: [{ address: `${gatewaySideAddress}/32`, scope: 'link' }],
};

function planSysctls({ network }: GatewayView): Record<string, string> {
  return {
    ...routerSysctls,
    // "Packet too big" must leave with a source address inside the selectors of the tunnel that the packet came from.
    'net.ipv4.icmp_errors_use_inbound_ifaddr': '1',
    // Entries of equal destination and priority share by flow, ports included, not by pair of hosts.
    'net.ipv4.fib_multipath_hash_policy': '1',
    // The VPC's router shares its subnets' gateway addresses with us (see errorSource).
    ...(network === null ? {} : { [`net.ipv4.conf.${network.device}.accept_local`]: '1' }),
  };
}

function planNetworkLink(view: GatewayView): LinkPlan[] {
  if (view.network === null) return [];
  const { device } = view.network;
  const { id } = view.gateway;
  const addresses = addressOf(errorSource(view, [everything]));
  const peer = { netns: netnsName(device), name: id };
  return [{ kind: 'veth', name: device, peer, addresses, cable: innerCable(id, device), adjacent: adjacent(device) }];
}

function planTunnelLink(connection: VpnConnection, view: GatewayView): LinkPlan {
  return {
    kind: 'tunnel',
    name: connection.id,
    ifId: connection.ifId,
    mtu: tunnelMtu(view.uplink.pathMtu, connection.esp),
    addresses: [...addressOf(errorSource(view, localRanges(connection))), ...probeAddresses(connection)],
  };
}

function localRanges(connection: VpnConnection): readonly Cidr[] {
  return connection.mode === 'route' ? [everything] : connection.policies.map(({ local }) => local);
}

/**
 * The address that ICMP errors of this gateway carry: the gateway address of a subnet within the given ranges. No host
 * can have it, and it passes the selectors of the tunnel. Null where no subnet fits.
 */
function errorSource({ errorSources }: GatewayView, ranges: readonly Cidr[]): IpAddress | null {
  return errorSources.find((address) => ranges.some((range) => cidrContains(range, address))) ?? null;
}

/** A device without an address would lend its errors any other device's; the link-local one keeps them from leaving. */
function addressOf(address: IpAddress | null): AddressPlan[] {
  return address === null
    ? [{ address: `${gatewaySideAddress}/32`, scope: 'link' }]
    : [{ address: `${address}/32`, scope: 'global' }];
}

function planRules(view: GatewayView): RulePlan[] {
  const spd = view.connections.filter(({ mode }) => mode === 'spd');
  const destinationIifs = [
    ...(view.network === null ? [] : [view.network.device]),
    ...view.connections.filter(({ mode }) => mode === 'route').map(({ id }) => id),
  ];
  return [
    ...planOwnRules(view, spd),
    ...spd.map(({ id }): RulePlan => lookup(gatewayRules.fromSpdTunnel, tables.networkSide, { iif: id })),
    ...spd.flatMap((connection) =>
      mappingsOf(connection).map(({ local, remote }) =>
        lookup(gatewayRules.spd, tunnelTable(connection), { from: local, to: remote }),
      ),
    ),
    ...destinationIifs.map((iif) => lookup(gatewayRules.destination, tables.gateway, { iif })),
    { priority: gatewayRules.drop, action: { kind: 'blackhole' } },
  ];
}

/** Packets made here: ICMP errors go the way of the packet they answer, everything else is charon's and goes out. */
function planOwnRules(view: GatewayView, spd: readonly VpnConnection[]): RulePlan[] {
  const sources = new Set(
    [[everything], ...view.connections.map(localRanges)]
      .map((ranges) => errorSource(view, ranges))
      .filter((address) => address !== null),
  );
  const inside = [...sources].flatMap((source): RulePlan[] => {
    const from = hostCidr(source);
    const spdRules = spd.flatMap((connection) =>
      mappingsOf(connection)
        .filter(({ local }) => cidrContains(local, source))
        .map(({ remote }) => lookup(gatewayRules.ownSpd, tunnelTable(connection), { iif: 'lo', from, to: remote })),
    );
    return [...spdRules, lookup(gatewayRules.ownInside, tables.gateway, { iif: 'lo', from })];
  });
  return [...inside, lookup(gatewayRules.ownOutside, tables.main, { iif: 'lo' })];
}

function lookup(priority: number, table: number, selector: Pick<RulePlan, 'iif' | 'from' | 'to'>): RulePlan {
  // The kernel writes "all" for an absent selector; naming 0.0.0.0/0 would never compare equal.
  const { from, to, ...rest } = selector;
  return {
    priority,
    ...rest,
    ...(from === undefined || from === everything ? {} : { from }),
    ...(to === undefined || to === everything ? {} : { to }),
    action: { kind: 'lookup', table },
  };
}

/** The network side is reachable from destination routing and from SPD tunnels; the latter reach nothing else. */
function planNetworkRoutes({ network }: GatewayView): RoutePlan[] {
  const sealed: RoutePlan = {
    table: tables.networkSide,
    destination: everything,
    // Behind the default route into a CCN, should its cable be missing.
    metric: network?.kind === 'ccn' ? lastResortMetric : 0,
    kind: 'blackhole',
    nextHops: [],
  };
  if (network === null) return [sealed];
  const metric = network.kind === 'vpc' ? 0 : learnedMetric;
  const toNetwork = (table: number, { destination, ranges }: CcnOffer): RoutePlan => {
    return { table, destination, metric, kind: 'unicast', nextHops: [hopWhileServed(network, ranges)] };
  };
  return [
    ...network.destinations.map((offer) => toNetwork(tables.gateway, offer)),
    ...network.open.map((destination) => toNetwork(tables.networkSide, { destination, ranges: null })),
    sealed,
  ];
}

/** Entries of users to the CCN, such as a default route; what the CCN announces comes after them. */
function planStaticCcnRoutes({ network, routes }: GatewayView): RoutePlan[] {
  if (network?.kind !== 'ccn') return [];
  const nextHops = [{ device: network.device, via: network.via }];
  return routes
    .filter(({ enabled, nextHop }) => enabled && nextHop.id === network.device)
    .map((route) => {
      const { destination } = route;
      return { table: tables.gateway, destination, metric: metricOf(route), kind: 'unicast', nextHops };
    });
}

function planTunnelTables({ connections }: GatewayView): RoutePlan[] {
  return connections
    .filter(({ mode }) => mode === 'spd')
    .map((connection) => ({
      table: tunnelTable(connection),
      destination: everything,
      metric: 0,
      kind: 'unicast',
      nextHops: [{ device: connection.id }],
    }));
}

/** Metric 0 is how the kernel writes "none", so priority 0 becomes 1 and 100 becomes 101. */
function metricOf({ priority }: VpnGatewayRoute): number {
  return priority + 1;
}

/** Enabled entries, each while its tunnel works; those that share destination and priority become one multipath route. */
function planGatewayRoutes({ routes, connections }: GatewayView): RoutePlan[] {
  const devices = new Set(connections.map(({ id }) => id));
  const merged = new Map<string, { destination: Cidr; metric: number; devices: Set<VpnConnectionId> }>();
  for (const route of routes.filter(isTunnelRoute)) {
    if (!route.enabled || !devices.has(route.nextHop.id)) continue;
    const metric = metricOf(route);
    const key = `${route.destination} ${metric}`;
    const entry = merged.get(key) ?? { destination: route.destination, metric, devices: new Set<VpnConnectionId>() };
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
      nextHops: [...hops].sort().map((device) => ({ device, needs: { tunnels: [device] } })),
    }));
}
