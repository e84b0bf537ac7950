import type { Cidr } from '@landbridge/net';
import type { Rows } from '../image/rows.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import type { Subnet } from '../domain/vpc/subnet.ts';
import { keyOwners, keyUserOf } from '../domain/vpn/key-owners.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { VpnGatewayRoute } from '../domain/vpn/vpn-gateway-route.ts';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import { keptPerRow } from './kept-per-row.ts';
import { planTunnel, type AroundTunnels, type Tunnel } from './tunnel.ts';
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
  const ends = connections.map((connection) => {
    return { connection, user: keyUser(connection, gateway, peerOf(connection, rows)) };
  });
  const owners = keyOwners(ends.map(({ user }) => user));
  const routed = enabledDestinations(routes);
  const around = aroundTunnels(gateway, uplink, subnets);
  return ends.map(({ connection, user }) =>
    planTunnel(connection, around, user, owners.get(user.id) ?? none, routed.get(user.id) ?? none),
  );
}

const none: readonly never[] = [];
const keyUser = keptPerRow(keyUserOf);
const aroundTunnels = keptPerRow((gateway: VpnGateway, uplink: Uplink, subnets: readonly Subnet[]): AroundTunnels => {
  const { checksSources } = gateway;
  return { localAddress: wanAddress(gateway, uplink), pathMtu: uplink.pathMtu, subnets, checksSources };
});

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
