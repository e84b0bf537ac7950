import type { IpAddress } from '@landbridge/net';
import type { CustomerGateway } from '../domain/customer-gateway.ts';
import { proposeProbeAddresses } from '../domain/health-check-address.ts';
import type { Quotas } from '../domain/quotas.ts';
import { refuse } from '../domain/refusal.ts';
import type { HealthCheck, VpnConnection } from '../domain/vpn-connection.ts';
import type { VpnGateway } from '../domain/vpn-gateway.ts';
import type { Transaction } from '../store/transaction.ts';
import { checkQuota } from './changes.ts';
import { checkProbeAddress, type ProbeSurroundings } from './probe-address-rules.ts';

/** Rules of VPN connections that need to see their neighbours (spec/semantics.md sections 5, 7 and 13). */

const largestIfId = 65_535;

/** The tunnels around a new one, or around one that changes its peer. */
export interface Neighbours {
  /** The other tunnels of the VPN gateway. */
  readonly ofVpnGateway: readonly VpnConnection[];
  /** The other tunnels of the customer gateway. */
  readonly ofCustomerGateway: readonly VpnConnection[];
}

export async function readNeighbours(
  transaction: Transaction,
  gateway: VpnGateway,
  customerGateway: CustomerGateway,
  self: VpnConnection | undefined,
): Promise<Neighbours> {
  const isOther = ({ id }: VpnConnection) => id !== self?.id;
  return {
    ofVpnGateway: (await transaction.vpnConnections.listOfVpnGateway(gateway.id)).filter(isOther),
    ofCustomerGateway: (await transaction.vpnConnections.listOfCustomerGateway(customerGateway.id)).filter(isOther),
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

/** The smallest if_id that no tunnel of the gateway has. */
export function freeIfId(others: readonly VpnConnection[]): number {
  const taken = new Set(others.map(({ ifId }) => ifId));
  for (let ifId = 1; ifId <= largestIfId; ifId++) if (!taken.has(ifId)) return ifId;
  return refuse('no-if-id-left', { limit: largestIfId });
}

/** Every probe address in use among these tunnels. */
export function probeAddressesOf(connections: readonly VpnConnection[]): Set<IpAddress> {
  const addresses = connections.flatMap(({ healthCheck }) => [healthCheck.localAddress, healthCheck.remoteAddress]);
  return new Set(addresses.filter((address) => address !== null));
}

/** Where a health check is to work. */
export interface ProbePlace {
  readonly mode: VpnConnection['mode'];
  readonly surroundings: ProbeSurroundings;
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
  { surroundings, others }: ProbePlace,
): void {
  if (localAddress !== null && localAddress === remoteAddress) {
    refuse('health-check-addresses-equal', { address: localAddress });
  }
  if (localAddress !== null && localAddress !== before?.localAddress) {
    checkProbeAddress('Local', localAddress, surroundings, others);
  }
  if (remoteAddress !== null && remoteAddress !== before?.remoteAddress) {
    checkProbeAddress('Remote', remoteAddress, surroundings, others);
  }
}
