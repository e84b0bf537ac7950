import { cidrContains, type Cidr, type IpAddress } from '@landbridge/net';
import { announcedToGateway } from '../derive/ccn-announcement.ts';
import { attachmentOf, ccnRoutesOf } from '../derive/ccn-routes.ts';
import type { DesiredState } from '../domain/desired-state.ts';
import type { CcnId, VpcId } from '../domain/resource-id.ts';
import type { Subnet } from '../domain/vpc/subnet.ts';
import { assumeUsable, type IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import type { VpnGatewayRoute } from '../domain/vpn/vpn-gateway-route.ts';
import { foreignSources } from '../derive/foreign-sources.ts';
import { ccnAddress, everything, networkSideAddress } from './layout.ts';

/** The VPC or the CCN of a gateway. */
export interface NetworkSide {
  readonly kind: 'vpc' | 'ccn';
  readonly device: VpcId | CcnId;
  readonly via: IpAddress;
  /** What is reached there by destination routing. */
  readonly destinations: readonly Cidr[];
  /** What SPD tunnels may reach there; a CCN decides by itself. */
  readonly open: readonly Cidr[];
  /** Sources that belong here: what comes out of a tunnel with one of them is forged. */
  readonly sources: readonly Cidr[];
}

/** What a gateway's plan is made of, looked up once. */
export interface GatewayView {
  readonly gateway: VpnGateway;
  readonly uplink: Uplink;
  /** Null for a gateway that joins nothing. */
  readonly network: NetworkSide | null;
  /** Whose gateway addresses ICMP errors may carry. */
  readonly subnets: readonly Subnet[];
  readonly connections: readonly VpnConnection[];
  readonly routes: readonly VpnGatewayRoute[];
  /** Public addresses of the devices at the other ends of its tunnels. */
  readonly peers: readonly IpAddress[];
  /** False: its gateway routes are left out, and its ranges are not announced. */
  readonly isUsable: IsUsable;
}

export function viewGateway(
  gateway: VpnGateway,
  desired: DesiredState,
  uplink: Uplink,
  isUsable: IsUsable,
): GatewayView {
  const byAge = <T extends { readonly createdAt: number; readonly id: string }>(list: readonly T[]): T[] =>
    [...list].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1));
  const connections = byAge(desired.vpnConnections.filter(({ vpnGatewayId }) => vpnGatewayId === gateway.id));
  return {
    gateway,
    uplink,
    network: networkOf(gateway, desired, isUsable),
    subnets: byAge(subnetsBehind(gateway, desired)),
    connections,
    peers: peersOf(connections, desired),
    routes: byAge(desired.vpnGatewayRoutes.filter(({ vpnGatewayId }) => vpnGatewayId === gateway.id)),
    isUsable,
  };
}

function peersOf(connections: readonly VpnConnection[], { customerGateways }: DesiredState): IpAddress[] {
  const ids = new Set(connections.map(({ customerGatewayId }) => customerGatewayId));
  const addresses = customerGateways.filter(({ id }) => ids.has(id)).map(({ address }) => address);
  return [...new Set(addresses)].sort();
}

function networkOf({ id, vpcId }: VpnGateway, desired: DesiredState, isUsable: IsUsable): NetworkSide | null {
  const vpc = desired.vpcs.find((candidate) => candidate.id === vpcId);
  if (vpc !== undefined) {
    const ranges = [vpc.cidr];
    return {
      kind: 'vpc',
      device: vpc.id,
      via: networkSideAddress,
      destinations: ranges,
      open: ranges,
      sources: ranges,
    };
  }
  const attachment = attachmentOf(id, desired);
  if (attachment === undefined) return null;
  const { ccnId } = attachment;
  const destinations = announcedToGateway(attachment, desired, isUsable);
  const sources = foreignSources(id, desired);
  return { kind: 'ccn', device: ccnId, via: ccnAddress, destinations, open: [everything], sources };
}

/** Of its VPC; of the VPCs on its CCN those that its route table there leads to. A failover changes no address. */
function subnetsBehind({ id, vpcId }: VpnGateway, desired: DesiredState): readonly Subnet[] {
  if (vpcId !== null) return desired.subnets.filter((subnet) => subnet.vpcId === vpcId);
  const attachment = attachmentOf(id, desired);
  if (attachment === undefined) return [];
  const routes = ccnRoutesOf(attachment, desired, assumeUsable).filter(({ enabled }) => enabled);
  const routesTo = Map.groupBy(routes, ({ instance }): string => instance.id);
  return desired.subnets.filter(({ vpcId: owner, cidr }) =>
    routesTo.get(owner)?.some(({ destination }) => cidrContains(destination, cidr)),
  );
}
