import { cidrContains, everything, normalizeCidr, type IpAddress } from '@landbridge/net';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import { natInsideAddress, type Uplink } from '../domain/operator/uplink.ts';
import { adjacent, cable, type CableEnd } from '../plan/cable.ts';
import { tables } from './layout.ts';
import { boundStations } from './neighbour-bound.ts';
import type { LinkPlan, NetnsPlan, RoutePlan } from '../plan/plan.ts';
import { netnsName, networkSideAddress, wan } from '../plan/names.ts';
import type { Tunnel } from './tunnel.ts';

/** The address that `wan` holds: the public one, or the inside of the host's NAT. */
export function wanAddress(gateway: VpnGateway, uplink: Uplink): IpAddress {
  return uplink.mode === 'nat' ? natInsideAddress : gateway.publicAddress;
}

/** The gateway's end of its cable to the host, where there is one. */
export function wanEnd(gateway: VpnGateway, uplink: Uplink): CableEnd {
  return { netns: netnsName(gateway.id), name: wan, address: wanAddress(gateway, uplink) };
}

export function hostEnd({ id }: VpnGateway): CableEnd {
  return { netns: null, name: id, address: networkSideAddress };
}

/** True when the host's own namespace routes the gateway's packets. */
export function isRoutedByHost(uplink: Uplink): boolean {
  return uplink.mode !== 'bridged';
}

/** On the uplink's own layer 2 the next hop and peers are answered whatever else somebody writes as a sender. */
export function boundUplink(uplink: Uplink, tunnels: readonly Tunnel[]): Pick<NetnsPlan, 'neighbourBound'> {
  if (uplink.mode !== 'bridged') return {};
  const segment = normalizeCidr(`${uplink.nextHop}/${uplink.prefixLength}`);
  const peers = [...new Set(tunnels.map(({ charon }) => charon.remoteAddress))].sort();
  const known = peers.filter((address) => cidrContains(segment, address) && address !== uplink.nextHop);
  return { neighbourBound: boundStations(wan, segment, [uplink.nextHop, ...known]) };
}

/** The gateway's `wan` device and its only route to the outside. */
export function planUplink({ gateway, uplink }: { readonly gateway: VpnGateway; readonly uplink: Uplink }): {
  readonly link: LinkPlan;
  readonly defaultRoute: RoutePlan;
} {
  const address = wanAddress(gateway, uplink);
  const prefixLength = uplink.mode === 'bridged' ? uplink.prefixLength : 32;
  const common = {
    name: wan,
    mtu: uplink.pathMtu,
    egressLimitMbps: gateway.bandwidthMbps,
    addresses: [{ address: `${address}/${prefixLength}`, scope: 'global' as const }],
  };
  const via = uplink.mode === 'bridged' ? uplink.nextHop : networkSideAddress;
  return {
    link: planWanLink(gateway, uplink, common),
    defaultRoute: {
      table: tables.main,
      destination: everything,
      metric: 0,
      kind: 'unicast',
      nextHops: [{ device: wan, via }],
      source: address,
    },
  };
}

type WanCommon = Pick<LinkPlan, 'name' | 'addresses' | 'egressLimitMbps' | 'mtu'> & {
  readonly mtu: number;
  readonly egressLimitMbps: number;
};

function planWanLink(gateway: VpnGateway, uplink: Uplink, common: WanCommon): LinkPlan {
  if (uplink.mode !== 'bridged') {
    const far = hostEnd(gateway);
    const peer = { netns: far.netns, name: far.name };
    return { kind: 'veth', peer, ...common, cable: cable(wanEnd(gateway, uplink), far), adjacent: adjacent('host') };
  }
  const neighbours = [{ address: uplink.nextHop, mac: null }];
  return uplink.attach.kind === 'macvlan'
    ? { kind: 'macvlan', parent: uplink.attach.interface, ...common, neighbours }
    : { kind: 'bridge-port', port: gateway.id, ...common, neighbours, adjacent: adjacent('host') };
}
