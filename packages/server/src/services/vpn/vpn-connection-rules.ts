import type { IpAddress } from '@landbridge/net';
import type { CustomerGateway } from '../../domain/vpn/customer-gateway.ts';
import { proposeProbeAddresses, type ProbeSide } from '../../domain/vpn/health-check-address.ts';
import type { Quotas } from '../../domain/operator/quotas.ts';
import { refuse } from '../../domain/refusal.ts';
import type { VpnGatewayId } from '../../domain/resource-id.ts';
import type { Uplink } from '../../domain/operator/uplink.ts';
import type { HealthCheck, VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../../domain/vpn/vpn-gateway.ts';
import type { DraftRows } from '../../image/draft.ts';
import type { Rows } from '../../image/rows.ts';
import { checkQuota } from '../changes.ts';
import { checkAddressIsNotOurs } from './service-addresses.ts';
import type { OtherTunnels } from './other-tunnels.ts';

/** Rules of VPN connections that need to see their neighbours (docs/spec/semantics.md sections 5, 7 and 13). */

const largestIfId = 65_535;

/** Refuses one tunnel too many between the two gateways, or on either of them. `ofPeer`: the peer's other tunnels. */
export function checkCounts(
  gateway: VpnGateway,
  peer: CustomerGateway,
  others: OtherTunnels,
  ofPeer: number,
  quotas: Quotas,
): void {
  const pair = others.toPeer(peer.id);
  const [first] = pair;
  if (first !== undefined && pair.length >= quotas.vpnConnectionsPerPair) {
    const details = { vpnGateway: gateway.id, customerGateway: peer.id, other: first.id };
    refuse('vpn-connection-pair-exists', details);
  }
  checkQuota(quotas, 'vpnConnectionsPerVpnGateway', others.count(), gateway.id);
  checkQuota(quotas, 'vpnConnectionsPerCustomerGateway', ofPeer, peer.id);
}

/** The counter of a gateway's if_ids, which goes with it. */
export function ifIdSeries(gatewayId: VpnGatewayId): string {
  return `if-id:${gatewayId}`;
}

/**
 * The next if_id that no tunnel of the gateway has. They count up, so that one of a deleted tunnel comes back as late as
 * possible: what is left of it in the network must not meet its successor.
 */
export function nextIfId(rows: DraftRows, gatewayId: VpnGatewayId, others: OtherTunnels): number {
  const taken = others.count();
  for (let tries = 0; tries <= taken && taken < largestIfId; tries++) {
    const ifId = nextOf(rows, gatewayId);
    if (others.withIfId(ifId).length === 0) return ifId;
  }
  return refuse('no-if-id-left', { limit: largestIfId });
}

function nextOf(rows: DraftRows, gatewayId: VpnGatewayId): number {
  return ((rows.next(ifIdSeries(gatewayId)) - 1) % largestIfId) + 1;
}

/** Refuses a peer that is the gateway itself, or an address of this service that no gateway has. */
export function checkPeerIsNotUs(rows: Rows, uplink: Uplink | null, gateway: VpnGateway, peer: CustomerGateway): void {
  const { address } = peer;
  if (address === gateway.publicAddress)
    refuse('peer-is-gateway-itself', { id: peer.id, address, gateway: gateway.id });
  checkAddressIsNotOurs(rows, uplink, address, `\`CustomerGatewayId\` ${peer.id}`);
}

/** Where a health check is to work. */
export interface ProbePlace {
  readonly mode: VpnConnection['mode'];
  readonly others: OtherTunnels;
  /** Refuses an address that a check must keep clear of. */
  readonly checkAddress: (side: ProbeSide, address: IpAddress) => void;
}

/**
 * The health check with both probe addresses filled in when it is enabled, after checking that it can work: the tunnel
 * routes by destination, and the addresses that are new are the tunnel's own. `random` picks the proposal.
 */
export function completeHealthCheck(
  check: HealthCheck,
  before: HealthCheck | null,
  place: ProbePlace,
  random: number,
): HealthCheck {
  if (check.enabled && place.mode === 'spd') refuse('health-check-needs-destination-routing');
  checkNewAddresses(check, before, place);
  const { localAddress, remoteAddress } = check;
  if (!check.enabled || (localAddress !== null && remoteAddress !== null)) return check;
  const isTaken = (address: IpAddress) =>
    address === localAddress || address === remoteAddress || place.others.probingWith(address).length > 0;
  const proposal = proposeProbeAddresses(isTaken, random) ?? refuse('health-check-no-address-left');
  return {
    ...check,
    localAddress: localAddress ?? proposal.local,
    remoteAddress: remoteAddress ?? proposal.remote,
  };
}

function checkNewAddresses(
  { localAddress, remoteAddress }: HealthCheck,
  before: HealthCheck | null,
  { checkAddress }: ProbePlace,
): void {
  if (localAddress !== null && localAddress === remoteAddress) {
    refuse('health-check-addresses-equal', { address: localAddress });
  }
  if (localAddress !== null && localAddress !== before?.localAddress) checkAddress('Local', localAddress);
  if (remoteAddress !== null && remoteAddress !== before?.remoteAddress) checkAddress('Remote', remoteAddress);
}
