import { compareCidr, everything, type Cidr } from '@landbridge/net';
import type { CcnOffer } from '../derive/ccn-offers.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Rows } from '../image/rows.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import { isTunnelRoute, type VpnGatewayRoute } from '../domain/vpn/vpn-gateway-route.ts';
import { viewGateway, type GatewayView } from './gateway-view.ts';
import { hopWhileServed } from './hop-while-served.ts';
import { planTunnelWatches } from './tunnel-watch.ts';
import { errorAddress, errorSource } from './error-source.ts';
import { planProbeRules } from './probe.ts';
import { lookup } from './lookup.ts';
import { adjacent, innerCable } from '../plan/cable.ts';
import { gatewayRules, hostCidr, lastResortMetric, learnedMetric, routerSysctls, tables } from './layout.ts';
import { planGatewayFilter } from './gateway-filter.ts';
import type { LinkPlan, NetnsPlan, RoutePlan, RulePlan } from '../plan/plan.ts';
import {
  planOwnSpdRules,
  planSpdRoutes,
  planSpdRules,
  planUnmappedRoutes,
  planUnmappedRules,
  spdTablesOf,
  type SpdTables,
} from './spd-tables.ts';
import { boundUplink, planUplink } from './uplink.ts';
import { gatewaySideAddress, netnsName, wan } from '../plan/names.ts';

/** The namespace of a VPN gateway: uplink, network side, one device per tunnel, and the order of lookups between them. */
export function planVpnGateway(gateway: VpnGateway, rows: Rows, uplink: Uplink): NetnsPlan {
  const view = viewGateway(gateway, rows, uplink);
  const wanPlan = planUplink(view);
  const spdTables = spdTablesOf(view.connections);
  return {
    key: gateway.id,
    netns: netnsName(gateway.id),
    sysctls: planSysctls(view),
    links: [loopback, wanPlan.link, ...planNetworkLink(view), ...view.tunnels.map(({ link }) => link)],
    rules: planRules(view, spdTables),
    routes: [
      wanPlan.defaultRoute,
      ...planNetworkRoutes(view),
      ...planStaticCcnRoutes(view),
      ...planSpdRoutes(view.connections, spdTables),
      ...view.tunnels.flatMap(({ probeRoutes }) => probeRoutes),
      ...planGatewayRoutes(view),
      ...planUnmappedRoutes(view.connections, view.network?.device),
    ],
    proxies: [],
    filter: planGatewayFilter(view),
    ...boundUplink(uplink, view.tunnels),
    charon: { connections: view.tunnels.map(({ charon }) => charon) },
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
  const addresses = [errorAddress(errorSource(view.subnets, [everything]))];
  const peer = { netns: netnsName(device), name: id };
  return [{ kind: 'veth', name: device, peer, addresses, cable: innerCable(id, device), adjacent: adjacent(device) }];
}

function planRules(view: GatewayView, spdTables: SpdTables): RulePlan[] {
  const { tunnels, connections, network } = view;
  return [
    ...planProbeRules(connections),
    ...planOwnRules(view, spdTables),
    ...['lo', wan].map((iif): RulePlan => ({ priority: gatewayRules.sealed, iif, action: { kind: 'blackhole' } })),
    ...tunnels.flatMap(({ rulesFrom }) => rulesFrom),
    ...planSpdRules(spdTables),
    lookup(gatewayRules.destination, tables.gateway, {}),
    ...planUnmappedRules(connections, network?.device),
    { priority: gatewayRules.drop, action: { kind: 'blackhole' } },
  ];
}

/** Packets made here: ICMP errors go the way of the packet they answer, everything else is charon's and goes out. */
function planOwnRules({ tunnels, subnets }: GatewayView, spdTables: SpdTables): RulePlan[] {
  const sources = [
    ...new Set([errorSource(subnets, [everything]), ...tunnels.map((tunnel) => tunnel.errorSource)]),
  ].filter((address) => address !== null);
  const ofErrors = sources.flatMap((source): RulePlan[] => {
    const inside = lookup(gatewayRules.ownInside, tables.gateway, { iif: 'lo', from: hostCidr(source) });
    return [...planOwnSpdRules(source, spdTables), inside];
  });
  return [...ofErrors, lookup(gatewayRules.ownOutside, tables.main, { iif: 'lo' })];
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
