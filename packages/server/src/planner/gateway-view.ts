import { everything, type Cidr, type IpAddress } from '@landbridge/net';
import { offeredToGateway, type CcnOffer } from '../derive/ccn-offers.ts';
import { attachmentOf } from '../derive/ccn-routes.ts';
import type { Rows } from '../image/rows.ts';
import type { CcnId, VpcId } from '../domain/resource-id.ts';
import { rangesOfVpc } from '../domain/vpc/vpc.ts';
import type { Subnet } from '../domain/vpc/subnet.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import type { VpnGatewayRoute } from '../domain/vpn/vpn-gateway-route.ts';
import { foreignSources } from '../derive/foreign-sources.ts';
import { reachedSubnets } from '../derive/reached-subnets.ts';
import { ccnAddress, networkSideAddress } from '../plan/names.ts';
import { planTunnels } from './tunnels.ts';
import type { Tunnel } from './tunnel.ts';

/** The VPC or the CCN of a gateway. */
export interface NetworkSide {
  readonly kind: 'vpc' | 'ccn';
  readonly device: VpcId | CcnId;
  readonly via: IpAddress;
  /** What is reached there by destination routing, and what of a CCN has to serve for it. */
  readonly destinations: readonly CcnOffer[];
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
  /** Subnets there, the oldest first: ICMP errors carry a gateway address of theirs. */
  readonly subnets: readonly Subnet[];
  readonly connections: readonly VpnConnection[];
  /** What each of them brings into the plan. */
  readonly tunnels: readonly Tunnel[];
  readonly routes: readonly VpnGatewayRoute[];
}

export function viewGateway(gateway: VpnGateway, rows: Rows, uplink: Uplink): GatewayView {
  const connections = rows.vpnConnections.of('vpnGateway', gateway.id);
  const routes = rows.vpnGatewayRoutes.of('vpnGateway', gateway.id);
  const subnets = subnetsBehind(gateway, rows);
  return {
    gateway,
    uplink,
    network: networkOf(gateway, rows),
    subnets,
    connections,
    tunnels: planTunnels({ gateway, connections, routes, subnets }, rows, uplink),
    routes,
  };
}

function networkOf({ id, vpcId }: VpnGateway, rows: Rows): NetworkSide | null {
  const vpc = vpcId === null ? undefined : rows.vpcs.get(vpcId);
  if (vpc !== undefined) {
    const ranges = rangesOfVpc(vpc);
    return {
      kind: 'vpc',
      device: vpc.id,
      via: networkSideAddress,
      destinations: ranges.map((destination) => ({ destination, ranges: null })),
      open: ranges,
      sources: ranges,
    };
  }
  const attachment = attachmentOf(id, rows);
  if (attachment === undefined) return null;
  const { ccnId } = attachment;
  const destinations = offeredToGateway(attachment, rows);
  const sources = foreignSources(id, rows);
  return { kind: 'ccn', device: ccnId, via: ccnAddress, destinations, open: [everything], sources };
}

/** Of its VPC; on a CCN those that its route table there leads to. A failover changes no address. */
function subnetsBehind({ id, vpcId }: VpnGateway, rows: Rows): readonly Subnet[] {
  if (vpcId !== null) return rows.subnets.of('vpc', vpcId);
  const attachment = attachmentOf(id, rows);
  return attachment === undefined ? [] : reachedSubnets(attachment, rows);
}
