import { blockOfOne, cidrContains, everything, type Cidr, type IpAddress } from '@landbridge/net';
import { attachmentOf, ccnRoutesInAllTables } from '../../derive/ccn-routes.ts';
import type { CustomerGateway } from '../../domain/vpn/customer-gateway.ts';
import { isProbeAddress, type ProbeSide } from '../../domain/vpn/health-check-address.ts';
import { refuse } from '../../domain/refusal.ts';
import { rangesOfVpc } from '../../domain/vpc/vpc.ts';
import { assumeUsable } from '../../domain/vpn/tunnel-usability.ts';
import { mappingsOf, type HealthCheck, type VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import type { Rows } from '../../image/rows.ts';
import type { OtherTunnels } from './other-tunnels.ts';

/** What the addresses of a tunnel's health check must keep clear of (docs/spec/semantics.md section 7). */
export interface ProbeSurroundings {
  readonly rows: Rows;
  readonly gateway: VpnGateway;
  readonly peer: CustomerGateway;
  readonly others: OtherTunnels;
}

export function checkProbeAddress(side: ProbeSide, address: IpAddress, surroundings: ProbeSurroundings): void {
  const holder = publicHolderOf(address, surroundings);
  if (holder !== undefined) refuse('health-check-address-is-public', { side, address, id: holder.id });
  if (!isProbeAddress(address)) refuse('health-check-address-not-private', { side, address });
  const around = rangeAround(address, surroundings);
  if (around !== undefined) refuse('health-check-address-in-range', { side, address, ...around });
  const [other] = surroundings.others.probingWith(address);
  if (other !== undefined) refuse('health-check-address-taken', { side, address, other: other.id });
}

/**
 * The peer of a new tunnel, or the new peer of one.
 * @param self that one, whose own health check comes first.
 */
export function checkPeerAddress(
  { id, address }: CustomerGateway,
  self: VpnConnection | undefined,
  others: OtherTunnels,
): void {
  const isProbed = self !== undefined && usesAddress(self.healthCheck, address);
  const other = isProbed ? self : others.probingWith(address)[0];
  if (other !== undefined) refuse('peer-address-is-probed', { id, address, other: other.id });
}

function usesAddress({ localAddress, remoteAddress }: HealthCheck, address: IpAddress): boolean {
  return localAddress === address || remoteAddress === address;
}

/** The gateway, or a peer of its tunnels: a probe's route must not catch IKE and ESP. */
function publicHolderOf(
  address: IpAddress,
  { rows, gateway, peer, others }: ProbeSurroundings,
): VpnGateway | CustomerGateway | undefined {
  if (address === gateway.publicAddress) return gateway;
  if (address === peer.address) return peer;
  const { accountId, region } = gateway;
  return rows.customerGateways.of('address', accountId, region, address).find(({ id }) => others.toPeer(id).length > 0);
}

interface NamedRange {
  readonly id: string;
  readonly range: Cidr;
}

/** A range of the VPC, of the CCN or of the IDCs that holds the address. */
function rangeAround(address: IpAddress, { rows, gateway, others }: ProbeSurroundings): NamedRange | undefined {
  const holdsIt = ({ range }: NamedRange) => range !== everything && cidrContains(range, address);
  const inNetwork = rangesOfNetwork(rows, gateway).find(holdsIt);
  if (inNetwork !== undefined) return inNetwork;
  const [route] = rows.vpnGatewayRoutes.overlapping('destinations', [blockOfOne(address)], gateway.id);
  if (route !== undefined) return { id: route.id, range: route.destination };
  const [tunnel] = others.leadingTo(address);
  return (
    tunnel &&
    mappingsOf(tunnel)
      .map(({ remote }) => ({ id: tunnel.id, range: remote }))
      .find(holdsIt)
  );
}

/** Of the gateway's VPC, and of what others publish to its CCN. */
function rangesOfNetwork(rows: Rows, gateway: VpnGateway): NamedRange[] {
  const { ccnId } = attachmentOf(gateway.id, rows) ?? {};
  const routes = ccnId === undefined ? [] : ccnRoutesInAllTables(ccnId, rows, assumeUsable);
  const announced = routes.filter(({ instance }) => instance.id !== gateway.id);
  const vpcIds = new Set([gateway.vpcId ?? '', ...announced.map(({ instance }) => instance.id)]);
  const vpcs = [...vpcIds].map((id) => rows.vpcs.get(id)).filter((vpc) => vpc !== undefined);
  return [
    ...vpcs.flatMap((vpc) => rangesOfVpc(vpc).map((range) => ({ id: vpc.id, range }))),
    ...announced.map(({ instance, destination }) => ({ id: instance.id, range: destination })),
  ];
}
