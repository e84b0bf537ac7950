import type { IpAddress } from '@landbridge/net';
import type { VpnGateway } from '../domain/vpn-gateway.ts';
import { natInsideAddress, type Uplink } from '../domain/uplink.ts';
import { everything, networkSideAddress, tables, wan } from './layout.ts';
import type { LinkPlan, RoutePlan } from './plan.ts';

/** The address that `wan` holds: the public one, or the inside of the host's NAT. */
export function wanAddress(gateway: VpnGateway, uplink: Uplink): IpAddress {
  return uplink.mode === 'nat' ? natInsideAddress : gateway.publicAddress;
}

/** True when the host's own namespace routes the gateway's packets, so that the host plan has a share in it. */
export function isRoutedByHost(uplink: Uplink): boolean {
  return uplink.mode !== 'bridged';
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
    return { kind: 'veth', peer: { netns: null, name: gateway.id }, ...common };
  }
  return uplink.attach.kind === 'macvlan'
    ? { kind: 'macvlan', parent: uplink.attach.interface, ...common }
    : { kind: 'bridge-port', bridge: uplink.attach.bridge, port: gateway.id, ...common };
}
