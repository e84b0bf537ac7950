import type { Rows } from '../image/rows.ts';
import type { VxlanLine } from '../domain/direct-connect/direct-connect-line.ts';
import { natInsideAddress, type Uplink } from '../domain/operator/uplink.ts';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import { adjacent, cable } from '../plan/cable.ts';
import type { ChainPlan, TablePlan } from '../plan/packet-filter.ts';
import { drop, filterChain, is, isIn, isNot, tableOf, when } from './filter-words.ts';
import { forwardingGuard } from './forwarding-guard.ts';
import { neighbourThresholds } from '../plan/neighbour-thresholds.ts';
import { hostCidr, tables } from './layout.ts';
import type { LinkPlan, NetnsPlan, ProxyPlan, RoutePlan } from '../plan/plan.ts';
import { hostEnd, isRoutedByHost, wanAddress, wanEnd } from './uplink.ts';
import type { UplinkForwarding } from '../plan/facts.ts';
import { networkSideAddress, sysctlName } from '../plan/names.ts';

/**
 * Our share of the host's own namespace: far ends of the gateways' uplinks, routes to them, and who answers for them. All of
 * them, over all accounts: there is one host, so that this plan alone reads whole tables.
 */
export function planHost(rows: Rows, uplink: Uplink | null, forwarding: UplinkForwarding): NetnsPlan {
  const all = rows.vpnGateways.all();
  const gateways = uplink !== null && isRoutedByHost(uplink) ? all : [];
  return {
    key: 'host',
    netns: null,
    sysctls: uplink === null ? {} : planSysctls(uplink, gateways, forwarding),
    sysctlMinima: neighbourThresholds,
    links: uplink === null ? [] : all.flatMap((gateway) => planFarEnd(gateway, uplink)),
    rules: [],
    routes: uplink === null ? [] : gateways.map((gateway) => planRoute(gateway, uplink)),
    proxies: uplink?.mode === 'routed' ? gateways.map((gateway) => planProxy(gateway, uplink.interface)) : [],
    filter: planFilter(uplink, gateways, rows, forwarding),
    charon: null,
  };
}

/** The bridge may go and come back: its ports are looked at again and again. */
function planFarEnd(gateway: VpnGateway, uplink: Uplink): LinkPlan[] {
  const { id } = gateway;
  if (uplink.mode === 'bridged') {
    if (uplink.attach.kind === 'macvlan') return [];
    return [{ kind: 'veth-peer', name: id, master: uplink.attach.bridge, addresses: [], adjacent: adjacent(id) }];
  }
  const ends = cable(hostEnd(gateway), wanEnd(gateway, uplink));
  const addresses = [{ address: `${networkSideAddress}/32`, scope: 'link' as const }];
  return [{ kind: 'veth-peer', name: id, addresses, cable: ends, adjacent: adjacent(id) }];
}

function planRoute(gateway: VpnGateway, uplink: Uplink): RoutePlan {
  return {
    table: tables.main,
    destination: hostCidr(wanAddress(gateway, uplink)),
    metric: 0,
    kind: 'unicast',
    nextHops: [{ device: gateway.id }],
  };
}

function planProxy({ publicAddress }: VpnGateway, device: string): ProxyPlan {
  return { device, address: publicAddress };
}

/**
 * Forwarding only where we need it, and given back with the last gateway. A proxied ARP answer would otherwise wait up to 0.8 s
 * (proxy_delay). A gateway says nothing in IPv6.
 */
function planSysctls(
  uplink: Uplink,
  gateways: readonly VpnGateway[],
  forwarding: UplinkForwarding,
): Record<string, string> {
  if (uplink.mode === 'bridged') return {};
  const device = sysctlName(uplink.interface);
  const fromUplink = `net.ipv4.conf.${device}.forwarding`;
  if (gateways.length === 0) return forwarding === 'ours' ? { [fromUplink]: '0' } : {};
  return Object.fromEntries([
    [fromUplink, '1'],
    ...(uplink.mode === 'routed' ? [[`net.ipv4.neigh.${device}.proxy_delay`, '0']] : []),
    ...gateways.flatMap(({ id }) => [
      [`net.ipv4.conf.${id}.forwarding`, '1'],
      [`net.ipv6.conf.${id}.disable_ipv6`, '1'],
    ]),
  ]) as Record<string, string>;
}

/** @param gateways those whose packets the host forwards. */
function planFilter(
  uplink: Uplink | null,
  gateways: readonly VpnGateway[],
  rows: Rows,
  forwarding: UplinkForwarding,
): TablePlan | null {
  const vxlans = rows.directConnectLines.all().filter((line) => line.kind === 'vxlan');
  const chains = [
    ...(uplink?.mode === 'nat' && gateways.length > 0 ? translate(uplink) : []),
    ...guardForwarding(uplink, gateways, vxlans.length > 0, forwarding),
    ...(vxlans.length === 0 ? [] : [guardVxlans(vxlans)]),
  ];
  return chains.length === 0 ? null : tableOf({ chains });
}

/** A table that stays keeps its guard: the filter is applied before the setting that it guards is given back. */
function guardForwarding(
  uplink: Uplink | null,
  gateways: readonly VpnGateway[],
  isTableKept: boolean,
  forwarding: UplinkForwarding,
): ChainPlan[] {
  if (uplink === null || uplink.mode === 'bridged') return [];
  const guards = gateways.length > 0 || (isTableKept && forwarding === 'ours');
  const ids = gateways.map(({ id }) => id);
  return guards ? [forwardingGuard(forwarding, uplink.interface, ids)] : [];
}

/** VXLAN knows no sender: without this, anybody's packet with our VNI would come out of the line. */
function guardVxlans(lines: readonly VxlanLine[]): ChainPlan {
  const rules = lines.map(({ port, vni, remoteAddress }) =>
    when(is('udp dport', String(port)), { vni }, isNot('ip saddr', remoteAddress)).do(drop),
  );
  return filterChain('input', 'input', 'accept', rules);
}

function translate({ interface: device, address }: Extract<Uplink, { mode: 'nat' }>): ChainPlan[] {
  const arrived = [is('iifname', device), is('ip daddr', address)];
  const inside = { dnat: natInsideAddress };
  return [
    {
      name: 'prerouting',
      base: { type: 'nat', hook: 'prerouting', priority: 'dstnat', policy: 'accept' },
      rules: [
        when(...arrived, isIn('udp dport', ['500', '4500'])).do(inside),
        when(...arrived, is('ip protocol', 'esp')).do(inside),
      ],
    },
    {
      name: 'postrouting',
      base: { type: 'nat', hook: 'postrouting', priority: 'srcnat', policy: 'accept' },
      rules: [when(is('oifname', device), is('ip saddr', natInsideAddress)).do({ snat: address })],
    },
  ];
}
