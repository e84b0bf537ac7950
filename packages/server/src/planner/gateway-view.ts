import type { Cidr } from '@landbridge/net';
import type { DesiredState } from '../domain/desired-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Subnet } from '../domain/subnet.ts';
import type { Uplink } from '../domain/uplink.ts';
import type { VpnConnection } from '../domain/vpn-connection.ts';
import type { VpnGateway } from '../domain/vpn-gateway.ts';
import type { VpnGatewayRoute } from '../domain/vpn-gateway-route.ts';
import { netnsName } from './layout.ts';

/** What a gateway's plan is made of, looked up once. */
export interface GatewayView {
  readonly gateway: VpnGateway;
  readonly uplink: Uplink;
  /** Name of the network-side device and what lies behind it; null for a gateway that joins nothing. */
  readonly network: { readonly device: string; readonly netns: string; readonly cidr: Cidr } | null;
  readonly subnets: readonly Subnet[];
  readonly connections: readonly VpnConnection[];
  readonly routes: readonly VpnGatewayRoute[];
  /** False: its gateway routes are left out. */
  readonly isUsable: IsUsable;
}

/** Whether a tunnel works, as far as anybody knows. */
export type IsUsable = (id: VpnConnectionId) => boolean;

export function viewGateway(
  gateway: VpnGateway,
  desired: DesiredState,
  uplink: Uplink,
  isUsable: IsUsable,
): GatewayView {
  const vpc = desired.vpcs.find(({ id }) => id === gateway.vpcId);
  const byAge = <T extends { readonly createdAt: number; readonly id: string }>(list: readonly T[]): T[] =>
    [...list].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  return {
    gateway,
    uplink,
    network: vpc === undefined ? null : { device: vpc.id, netns: netnsName(vpc.id), cidr: vpc.cidr },
    subnets: byAge(desired.subnets.filter(({ vpcId }) => vpcId === gateway.vpcId)),
    connections: byAge(desired.vpnConnections.filter(({ vpnGatewayId }) => vpnGatewayId === gateway.id)),
    routes: byAge(desired.vpnGatewayRoutes.filter(({ vpnGatewayId }) => vpnGatewayId === gateway.id)),
    isUsable,
  };
}
