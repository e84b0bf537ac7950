import { blockOfOne, cidrContains, everything, type IpAddress } from '@landbridge/net';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { vpcRangeAround } from '../domain/vpc/vpc.ts';
import { isTunnelRoute } from '../domain/vpn/vpn-gateway-route.ts';
import type { Rows } from '../image/rows.ts';
import type { Origin } from './packet-trace.ts';

/**
 * Where an account has this address: its subnets, and behind its tunnels and lines by the ranges that routes and mappings name.
 * What is behind a default route is asked for only where nothing names the address. Costs what the account's VPCs and gateways are.
 */
export function placesOfAddress(address: IpAddress, accountId: string, rows: Rows): Origin[] {
  const named = [
    ...subnetsAround(address, accountId, rows),
    ...tunnelsBefore(address, accountId, rows),
    ...linesBefore(address, accountId, rows),
  ];
  return named.length > 0 ? named : defaultTunnels(accountId, rows);
}

function subnetsAround(address: IpAddress, accountId: string, rows: Rows): Origin[] {
  const block = blockOfOne(address);
  return rows.vpcs
    .of('account', accountId)
    .filter((vpc) => vpcRangeAround(vpc, block) !== undefined)
    .flatMap(({ id }) => rows.subnets.overlapping('cidr', [block], id))
    .map(({ id }) => ({ kind: 'subnet', id }));
}

function tunnelsBefore(address: IpAddress, accountId: string, rows: Rows): Origin[] {
  const block = [blockOfOne(address)];
  return rows.vpnGateways.of('account', accountId).flatMap(({ id }) => {
    const routes = rows.vpnGatewayRoutes.overlapping('destinations', block, id).filter(isTunnelRoute);
    const mapped = rows.vpnConnections.overlapping('remotes', block, id).filter(({ mode }) => mode === 'spd');
    return tunnels([...routes.map(({ nextHop }) => nextHop.id), ...mapped.map((connection) => connection.id)]);
  });
}

function linesBefore(address: IpAddress, accountId: string, rows: Rows): Origin[] {
  return rows.directConnectGateways
    .of('account', accountId)
    .filter(({ id }) =>
      [...rows.directConnectRanges.of('directConnectGateway', id), ...rows.vpcRoutes.of('nextHop', id)].some(
        ({ destination }) => destination !== everything && cidrContains(destination, address),
      ),
    )
    .map(({ id }) => ({ kind: 'direct-connect-gateway', id }));
}

function defaultTunnels(accountId: string, rows: Rows): Origin[] {
  return rows.vpnGateways.of('account', accountId).flatMap(({ id }) => {
    const routes = rows.vpnGatewayRoutes.of('destination', id, everything).filter(isTunnelRoute);
    return tunnels(routes.map(({ nextHop }) => nextHop.id));
  });
}

function tunnels(ids: readonly VpnConnectionId[]): Origin[] {
  return [...new Set(ids)].map((id) => ({ kind: 'vpn-connection', id }));
}
