import type { IpAddress } from '@landbridge/net';
import type { CustomerGateway } from '../../domain/vpn/customer-gateway.ts';
import { proposeProbeAddresses } from '../../domain/vpn/health-check-address.ts';
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
import { checkProbeAddress, type ProbeSurroundings } from './probe-address-rules.ts';

/** Rules of VPN connections that need to see their neighbours (docs/spec/semantics.md sections 5, 7 and 13). */

const largestIfId = 65_535;

/** The tunnels around a new one, or around one that changes its peer. */
export interface Neighbours {
  /** The other tunnels of the VPN gateway. */
  readonly ofVpnGateway: readonly VpnConnection[];
  /** The other tunnels of the customer gateway. */
  readonly ofCustomerGateway: readonly VpnConnection[];
}

export function readNeighbours(
  rows: Rows,
  gateway: VpnGateway,
  customerGateway: CustomerGateway,
  self: VpnConnection | undefined,
): Neighbours {
  const isOther = ({ id }: VpnConnection) => id !== self?.id;
  return {
    ofVpnGateway: rows.vpnConnections.of('vpnGateway', gateway.id).filter(isOther),
    ofCustomerGateway: rows.vpnConnections.of('customerGateway', customerGateway.id).filter(isOther),
  };
}

/** Refuses one tunnel too many between the two gateways, or on either of them. */
export function checkCounts(
  gateway: VpnGateway,
  customerGateway: CustomerGateway,
  { ofVpnGateway, ofCustomerGateway }: Neighbours,
  quotas: Quotas,
): void {
  const pair = ofVpnGateway.filter(({ customerGatewayId }) => customerGatewayId === customerGateway.id);
  const [first] = pair;
  if (first !== undefined && pair.length >= quotas.vpnConnectionsPerPair) {
    const details = { vpnGateway: gateway.id, customerGateway: customerGateway.id, other: first.id };
    refuse('vpn-connection-pair-exists', details);
  }
  checkQuota(quotas, 'vpnConnectionsPerVpnGateway', ofVpnGateway.length);
  checkQuota(quotas, 'vpnConnectionsPerCustomerGateway', ofCustomerGateway.length);
}

/** The counter of a gateway's if_ids, which goes with it. */
export function ifIdSeries(gatewayId: VpnGatewayId): string {
  return `if-id:${gatewayId}`;
}

/**
 * The next if_id that no tunnel of the gateway has. They count up, so that one of a deleted tunnel comes back as late as
 * possible: what is left of it in the network must not meet its successor.
 * @param others the other tunnels of the gateway.
 */
export function nextIfId(rows: DraftRows, gatewayId: VpnGatewayId, others: readonly VpnConnection[]): number {
  const first = nextOf(rows, gatewayId);
  // As a rule nobody has it.
  if (others.every(({ ifId }) => ifId !== first)) return first;
  const taken = new Set(others.map(({ ifId }) => ifId));
  for (let tries = 0; tries < taken.size && taken.size < largestIfId; tries++) {
    const ifId = nextOf(rows, gatewayId);
    if (!taken.has(ifId)) return ifId;
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

/** Every probe address in use among these tunnels. */
export function probeAddressesOf(connections: readonly VpnConnection[]): Set<IpAddress> {
  const addresses = connections.flatMap(({ healthCheck }) => [healthCheck.localAddress, healthCheck.remoteAddress]);
  return new Set(addresses.filter((address) => address !== null));
}

/** Where a health check is to work. */
export interface ProbePlace {
  readonly mode: VpnConnection['mode'];
  /** Read only where there is an address to be checked. */
  readonly readSurroundings: () => ProbeSurroundings;
  /** The other tunnels of the VPN gateway. */
  readonly others: readonly VpnConnection[];
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
  const taken = probeAddressesOf(place.others);
  for (const address of [localAddress, remoteAddress]) if (address !== null) taken.add(address);
  const proposal = proposeProbeAddresses(taken, random) ?? refuse('health-check-no-address-left');
  return {
    ...check,
    localAddress: localAddress ?? proposal.local,
    remoteAddress: remoteAddress ?? proposal.remote,
  };
}

function checkNewAddresses(
  { localAddress, remoteAddress }: HealthCheck,
  before: HealthCheck | null,
  { readSurroundings, others }: ProbePlace,
): void {
  if (localAddress !== null && localAddress === remoteAddress) {
    refuse('health-check-addresses-equal', { address: localAddress });
  }
  if (localAddress !== null && localAddress !== before?.localAddress) {
    checkProbeAddress('Local', localAddress, readSurroundings(), others);
  }
  if (remoteAddress !== null && remoteAddress !== before?.remoteAddress) {
    checkProbeAddress('Remote', remoteAddress, readSurroundings(), others);
  }
}
