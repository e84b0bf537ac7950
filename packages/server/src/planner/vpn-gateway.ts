import { cidrContains, compareCidr, everything, type Cidr, type IpAddress } from '@landbridge/net';
import type { Rows } from '../image/rows.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import { mappingsOf } from '../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import { isTunnelRoute, type VpnGatewayRoute } from '../domain/vpn/vpn-gateway-route.ts';
import { viewGateway, type GatewayView } from './gateway-view.ts';
import { planTunnelWatches } from './tunnel-watch.ts';
import { errorAddress, errorSource } from './error-source.ts';
import { keptPerRow } from './kept-per-row.ts';
import { lookup } from './lookup.ts';
import type { Tunnel } from './tunnel.ts';
import { adjacent, innerCable } from '../plan/cable.ts';
import {
  gatewayRules,
  hostCidr,
  lastResortMetric,
  learnedMetric,
  routerSysctls,
  tables,
  tunnelTable,
} from './layout.ts';
import { planGatewayFilter } from './gateway-filter.ts';
import type { LinkPlan, NetnsPlan, RoutePlan, RulePlan } from '../plan/plan.ts';
import { boundUplink, planUplink } from './uplink.ts';
import { gatewaySideAddress, netnsName } from '../plan/names.ts';

/** The namespace of a VPN gateway: uplink, network side, one device per tunnel, and the order of lookups between them. */
export function planVpnGateway(gateway: VpnGateway, rows: Rows, uplink: Uplink, isUsable: IsUsable): NetnsPlan {
  const view = viewGateway(gateway, rows, uplink, isUsable);
  const wanPlan = planUplink(view);
  return {
    key: gateway.id,
    netns: netnsName(gateway.id),
    sysctls: planSysctls(view),
    links: [loopback, wanPlan.link, ...planNetworkLink(view), ...view.tunnels.map(({ link }) => link)],
    rules: planRules(view),
    routes: [
      wanPlan.defaultRoute,
      ...planNetworkRoutes(view),
      ...planStaticCcnRoutes(view),
      ...view.tunnels.flatMap(({ ownTable }) => ownTable),
      ...view.tunnels.flatMap(({ probeRoutes }) => probeRoutes),
      ...planGatewayRoutes(view),
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

function planRules(view: GatewayView): RulePlan[] {
  const { tunnels, network } = view;
  const destinationIifs = [
    ...(network === null ? [] : [network.device]),
    ...tunnels.filter(({ connection }) => connection.mode === 'route').map(({ link }) => link.name),
  ];
  return [
    ...tunnels.flatMap(({ probeRules }) => probeRules),
    ...planOwnRules(view),
    ...tunnels.flatMap(({ spdRules }) => spdRules.from),
    ...tunnels.flatMap(({ spdRules }) => spdRules.into),
    ...destinationIifs.map((iif) => lookup(gatewayRules.destination, tables.gateway, { iif })),
    { priority: gatewayRules.drop, action: { kind: 'blackhole' } },
  ];
}

/** Packets made here: ICMP errors go the way of the packet they answer, everything else is charon's and goes out. */
function planOwnRules({ tunnels, subnets }: GatewayView): RulePlan[] {
  const sources = [
    ...new Set([errorSource(subnets, [everything]), ...tunnels.map((tunnel) => tunnel.errorSource)]),
  ].filter((address) => address !== null);
  const ofErrors = sources.flatMap((source): RulePlan[] => {
    const inside = lookup(gatewayRules.ownInside, tables.gateway, { iif: 'lo', from: hostCidr(source) });
    return [...tunnels.flatMap((tunnel) => ownSpdRules(tunnel, sources).get(source) ?? []), inside];
  });
  return [...ofErrors, lookup(gatewayRules.ownOutside, tables.main, { iif: 'lo' })];
}

const ownSpdRules = keptPerRow(({ connection }: Tunnel, sources: readonly IpAddress[]) => {
  const rulesFrom = (source: IpAddress): RulePlan[] =>
    mappingsOf(connection)
      .filter(({ local }) => cidrContains(local, source))
      .map(({ remote }) => {
        const selector = { iif: 'lo', from: hostCidr(source), to: remote };
        return lookup(gatewayRules.ownSpd, tunnelTable(connection), selector);
      });
  return new Map(sources.map((source) => [source, rulesFrom(source)]));
});

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
  const nextHops = [{ device: network.device, via: network.via }];
  const metric = network.kind === 'vpc' ? 0 : learnedMetric;
  const toNetwork = (table: number, destination: Cidr): RoutePlan => {
    return { table, destination, metric, kind: 'unicast', nextHops };
  };
  return [
    ...network.destinations.map((destination) => toNetwork(tables.gateway, destination)),
    ...network.open.map((destination) => toNetwork(tables.networkSide, destination)),
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

/** Enabled entries whose tunnels are usable; those that share destination and priority become one multipath route. */
function planGatewayRoutes({ routes, connections, isUsable }: GatewayView): RoutePlan[] {
  const devices = new Set(connections.map(({ id }) => id).filter(isUsable));
  const merged = new Map<string, { destination: Cidr; metric: number; devices: Set<string> }>();
  for (const route of routes.filter(isTunnelRoute)) {
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
