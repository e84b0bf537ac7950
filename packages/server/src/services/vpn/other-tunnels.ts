import { blockOfOne, type IpAddress } from '@landbridge/net';
import type { CustomerGatewayId, VpnGatewayId } from '../../domain/resource-id.ts';
import type { SpdTunnels } from '../../domain/vpn/security-policy.ts';
import { mappingsOf, type VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { Rows } from '../../image/rows.ts';

type Tunnels = readonly VpnConnection[];

/** The tunnels of a VPN gateway around a new one, or around one that changes. The oldest come first. */
export interface OtherTunnels extends SpdTunnels {
  /** Costs as much as there are: for what few decisions need. */
  readonly all: () => Tunnels;
  readonly count: () => number;
  readonly toPeer: (id: CustomerGatewayId) => Tunnels;
  readonly withIfId: (ifId: number) => Tunnels;
  /** Those whose health check uses the address. */
  readonly probingWith: (address: IpAddress) => Tunnels;
  /** Those with a remote range that holds the address, 0.0.0.0/0 aside. */
  readonly leadingTo: (address: IpAddress) => Tunnels;
}

/** @param self the one that is not among them. */
export function otherTunnels(
  { vpnConnections }: Pick<Rows, 'vpnConnections'>,
  gatewayId: VpnGatewayId,
  self: VpnConnection | undefined,
): OtherTunnels {
  const others = (tunnels: Tunnels) => (self === undefined ? tunnels : tunnels.filter(({ id }) => id !== self.id));
  const ofGateway = () => vpnConnections.of('vpnGateway', gatewayId);
  const ownMappings = self?.mode === 'spd' ? mappingsOf(self).length : 0;
  return {
    gatewayId,
    all: () => others(ofGateway()),
    count: () => ofGateway().length - (self === undefined ? 0 : 1),
    toPeer: (id) => others(vpnConnections.of('pair', gatewayId, id)),
    withIfId: (ifId) => others(vpnConnections.of('ifId', gatewayId, String(ifId))),
    probingWith: (address) => others(vpnConnections.overlapping('probes', [blockOfOne(address)], gatewayId)),
    leadingTo: (address) => others(vpnConnections.overlapping('remotes', [blockOfOne(address)], gatewayId)),
    countMappings: () => vpnConnections.countRanges('mappings', gatewayId) - ownMappings,
    conflictingWith: ({ local, remote }) => others(vpnConnections.overlapping('mappings', [local, remote], gatewayId)),
  };
}
