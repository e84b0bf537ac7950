import { cidrContains, everything, type Cidr, type IpAddress } from '@landbridge/net';
import { attachmentOf, ccnRoutesInAllTables } from '../../derive/ccn-routes.ts';
import type { CustomerGateway } from '../../domain/vpn/customer-gateway.ts';
import { isProbeAddress, type ProbeSide } from '../../domain/vpn/health-check-address.ts';
import { refuse } from '../../domain/refusal.ts';
import { assumeUsable } from '../../domain/vpn/tunnel-usability.ts';
import { mappingsOf, type HealthCheck, type VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import type { Rows } from '../../image/rows.ts';

/** What a health check's addresses must keep clear of (docs/spec/semantics.md section 7). */
export interface ProbeSurroundings {
  /** The gateway and the peers of its tunnels: a probe's route must not catch IKE and ESP. */
  readonly publicAddresses: readonly { readonly id: string; readonly address: IpAddress }[];
  /** Of the VPC, the CCN and the IDCs. */
  readonly ranges: readonly { readonly id: string; readonly range: Cidr }[];
}

export function readProbeSurroundings(
  rows: Rows,
  gateway: VpnGateway,
  peer: CustomerGateway,
  others: readonly VpnConnection[],
): ProbeSurroundings {
  const peerIds = new Set([peer.id, ...others.map(({ customerGatewayId }) => customerGatewayId)]);
  const peers = [...peerIds].map((id) => rows.customerGateways.get(id)).filter((one) => one !== undefined);
  const { ccnId } = attachmentOf(gateway.id, rows) ?? {};
  const routes = ccnId === undefined ? [] : ccnRoutesInAllTables(ccnId, rows, assumeUsable);
  const announced = routes.filter(({ instance }) => instance.id !== gateway.id);
  const vpcIds = new Set([gateway.vpcId ?? '', ...announced.map(({ instance }) => instance.id)]);
  const vpcs = [...vpcIds].map((id) => rows.vpcs.get(id)).filter((vpc) => vpc !== undefined);
  const ranges = [
    ...vpcs.map(({ id, cidr }) => ({ id, range: cidr })),
    ...announced.map(({ instance, destination }) => ({ id: instance.id, range: destination })),
    ...rows.vpnGatewayRoutes.of('vpnGateway', gateway.id).map(({ id, destination }) => ({ id, range: destination })),
    ...others.flatMap(({ id, ...other }) => mappingsOf(other).map(({ remote }) => ({ id, range: remote }))),
  ];
  return {
    publicAddresses: [
      { id: gateway.id, address: gateway.publicAddress },
      ...peers.map(({ id, address }) => ({ id, address })),
    ],
    ranges: ranges.filter(({ range }) => range !== everything),
  };
}

export function checkProbeAddress(
  side: ProbeSide,
  address: IpAddress,
  { publicAddresses, ranges }: ProbeSurroundings,
  others: readonly VpnConnection[],
): void {
  const holder = publicAddresses.find((one) => one.address === address);
  if (holder !== undefined) refuse('health-check-address-is-public', { side, address, id: holder.id });
  if (!isProbeAddress(address)) refuse('health-check-address-not-private', { side, address });
  const around = ranges.find(({ range }) => cidrContains(range, address));
  if (around !== undefined) refuse('health-check-address-in-range', { side, address, ...around });
  const other = others.find(({ healthCheck }) => usesAddress(healthCheck, address));
  if (other !== undefined) refuse('health-check-address-taken', { side, address, other: other.id });
}

/** The peer of a new tunnel, or the new peer of a tunnel. */
export function checkPeerAddress({ id, address }: CustomerGateway, connections: readonly VpnConnection[]): void {
  const other = connections.find(({ healthCheck }) => usesAddress(healthCheck, address));
  if (other !== undefined) refuse('peer-address-is-probed', { id, address, other: other.id });
}

function usesAddress({ localAddress, remoteAddress }: HealthCheck, address: IpAddress): boolean {
  return localAddress === address || remoteAddress === address;
}
