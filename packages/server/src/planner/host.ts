import type { DesiredState } from '../domain/desired-state.ts';
import type { VxlanLine } from '../domain/direct-connect-line.ts';
import { natInsideAddress, type Uplink } from '../domain/uplink.ts';
import type { VpnGateway } from '../domain/vpn-gateway.ts';
import { hostCidr, networkSideAddress, tables } from './layout.ts';
import type { LinkPlan, NetnsPlan, ProxyPlan, RoutePlan } from './plan.ts';
import { isRoutedByHost, wanAddress } from './uplink.ts';

/** Our share of the host's own namespace: far ends of the gateways' uplinks, routes to them, and who answers for them. */
export function planHost(desired: DesiredState, uplink: Uplink | null): NetnsPlan {
  const gateways = uplink !== null && isRoutedByHost(uplink) ? desired.vpnGateways : [];
  return {
    key: 'host',
    netns: null,
    generation: 0,
    sysctls: uplink === null || gateways.length === 0 ? {} : planSysctls(uplink, gateways),
    links: gateways.map(planFarEnd),
    rules: [],
    routes: uplink === null ? [] : gateways.map((gateway) => planRoute(gateway, uplink)),
    proxies: uplink?.mode === 'routed' ? gateways.map((gateway) => planProxy(gateway, uplink.interface)) : [],
    filter: renderFilter(uplink?.mode === 'nat' && gateways.length > 0 ? uplink : null, desired),
    charon: null,
  };
}

function planFarEnd({ id }: VpnGateway): LinkPlan {
  return { kind: 'veth-peer', name: id, addresses: [{ address: `${networkSideAddress}/32`, scope: 'link' }] };
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

/** Forwarding only where we need it. A proxied ARP answer would otherwise wait up to 0.8 s (proxy_delay). */
function planSysctls(uplink: Uplink, gateways: readonly VpnGateway[]): Record<string, string> {
  if (uplink.mode === 'bridged') return {};
  const device = sysctlName(uplink.interface);
  return Object.fromEntries([
    [`net.ipv4.conf.${device}.forwarding`, '1'],
    ...(uplink.mode === 'routed' ? [[`net.ipv4.neigh.${device}.proxy_delay`, '0']] : []),
    ...gateways.map(({ id }) => [`net.ipv4.conf.${id}.forwarding`, '1']),
  ]) as Record<string, string>;
}

/** sysctl(8) swaps dots and slashes: the dot in `eth0.100` is written as a slash. */
function sysctlName(device: string): string {
  return device.replaceAll('.', '/');
}

function renderFilter(nat: Extract<Uplink, { mode: 'nat' }> | null, desired: DesiredState): string | null {
  const vxlans = desired.directConnectLines.filter((line) => line.kind === 'vxlan');
  if (nat === null && vxlans.length === 0) return null;
  return [nat === null ? '' : renderNat(nat), vxlans.length === 0 ? '' : renderVxlanGuard(vxlans)].join('');
}

/** VXLAN knows no sender: without this, anybody's packet with our VNI would come out of the line. */
function renderVxlanGuard(lines: readonly VxlanLine[]): string {
  const rules = lines.map(
    ({ port, vni, remoteAddress }) =>
      `  udp dport ${port} @th,${vniOffsetBits},24 ${vni} ip saddr != ${remoteAddress} drop`,
  );
  return `
chain input {
  type filter hook input priority filter; policy accept;
${rules.join('\n')}
}
`;
}

/** Behind the UDP header, and the flags and a reserved field of VXLAN's (RFC 7348 section 5). */
const vniOffsetBits = 64 + 32;

function renderNat({ interface: device, address }: Extract<Uplink, { mode: 'nat' }>): string {
  return `
chain prerouting {
  type nat hook prerouting priority dstnat; policy accept;
  iifname "${device}" ip daddr ${address} udp dport { 500, 4500 } dnat ip to ${natInsideAddress}
  iifname "${device}" ip daddr ${address} ip protocol esp dnat ip to ${natInsideAddress}
}
chain postrouting {
  type nat hook postrouting priority srcnat; policy accept;
  oifname "${device}" ip saddr ${natInsideAddress} snat ip to ${address}
}
`;
}
