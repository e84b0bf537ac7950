import type { Cidr } from '@landbridge/net';
import type { Rows } from '../image/rows.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import type { Subnet } from '../domain/vpc/subnet.ts';
import { keyOwners, keyUserOf } from '../domain/vpn/key-owners.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { VpnGatewayRoute } from '../domain/vpn/vpn-gateway-route.ts';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import { planTunnel, type Tunnel } from './tunnel.ts';
import { wanAddress } from './uplink.ts';

export interface TunnelsOf {
  readonly gateway: VpnGateway;
  readonly connections: readonly VpnConnection[];
  readonly routes: readonly VpnGatewayRoute[];
  readonly subnets: readonly Subnet[];
}

/** The tunnels of a gateway, with what each depends on beside its own row. Throws where a customer gateway is missing. */
export function planTunnels(
  { gateway, connections, routes, subnets }: TunnelsOf,
  rows: Pick<Rows, 'customerGateways'>,
  uplink: Uplink,
): Tunnel[] {
  const tunnels = connections.map((connection) => ({
    connection,
    user: keyUserOf(connection, gateway, peerOf(connection, rows)),
  }));
  const owners = keyOwners(tunnels.map(({ user }) => user));
  const routed = enabledDestinations(routes);
  const localAddress = wanAddress(gateway, uplink);
  const shared = { pathMtu: uplink.pathMtu, checksSources: gateway.checksSources, subnets };
  return tunnels.map(({ connection, user: { localId, remoteId, remoteAddress } }) => {
    const ends = { localAddress, remoteAddress, localId, remoteId, keyOwners: owners.get(connection.id) ?? [] };
    return planTunnel(connection, { ...shared, ends, routed: routed.get(connection.id) ?? [] });
  });
}

function peerOf({ id, customerGatewayId }: VpnConnection, { customerGateways }: Pick<Rows, 'customerGateways'>) {
  const peer = customerGateways.get(customerGatewayId);
  if (peer === undefined) throw new Error(`${id} refers to the unknown ${customerGatewayId}`);
  return peer;
}

function enabledDestinations(routes: readonly VpnGatewayRoute[]) {
  const destinations = new Map<string, Cidr[]>();
  for (const { enabled, nextHop, destination } of routes) {
    if (!enabled) continue;
    const known = destinations.get(nextHop.id);
    if (known === undefined) destinations.set(nextHop.id, [destination]);
    else known.push(destination);
  }
  return destinations;
}
