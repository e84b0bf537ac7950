import type { JsonObject } from '@landbridge/client';
import { runChecked } from '@landbridge/testbed/run-command';
import type { Host } from '../lab/src/host.ts';
import { World } from '../lab/src/world.ts';
import { createGatewayRoutes, rangeOf, routeBatch, routeTo } from './gateway-routes.ts';
import { createGatewaySide } from './gateway-side.ts';
import { createManyPeers, quickNegotiation, type ManyPeers, type Peer } from './many-peers.ts';
import { noRateLimits } from './no-rate-limits.ts';
import { tunOf } from './uxfrm-device.ts';

/** One gateway, and peers for so many tunnels and one more, which is for what is changed one at a time. */
export interface TunnelWorld {
  readonly world: World;
  readonly vpcId: string;
  readonly gatewayId: string;
  readonly publicAddress: string;
  readonly many: ManyPeers;
  /** Of those that stay: peer n is at place n - 1. */
  readonly count: number;
  readonly spare: Peer;
  /** By name of the peer. */
  readonly customerGatewayIds: ReadonlyMap<string, string>;
  /** In the VPC, and behind the first peer. */
  readonly hosts: { readonly inside: Host; readonly outside: Host };
}

/** Calls at the same time. */
const callers = 10;
/** A range of the first tunnel with a host in it, beside those of `rangeOf`. */
const outside = { range: '10.200.0.0/24', address: '10.200.0.10' };

/** Customer gateways are there already: they are rows only. `settings` come beside those that so many tunnels need. */
export async function buildTunnelWorld(
  count: number,
  settings: Readonly<Record<string, unknown>> = {},
): Promise<TunnelWorld> {
  const world = await World.start({
    dataPlane: 'uxfrm',
    settings: {
      ...settings,
      quotas: {
        customerGateways: count + 1,
        vpnConnectionsPerVpnGateway: count + 1,
        mappingsPerVpnGateway: count + 1,
        routesPerVpnGateway: count + 10,
      },
      rateLimits: noRateLimits,
      // It says when packets return, and each row would wait for it.
      holdDown: { checkedMs: 1000, uncheckedMs: 500 },
    },
  });
  const { vpcId, cidr, gateway, host } = await createGatewaySide(world, 'hub', '10.100');
  const many = await createManyPeers(world.lab, count + 1);
  const { device } = many;
  await device.host.namespace.ip(`address add ${outside.address}/32 dev lo`);
  await device.namespace.ip(`route add ${outside.address}/32 dev lan`, `route add ${cidr} dev ${tunOf(1).name}`);
  const ids = await inTurns(many.peers, ({ name, address }) => world.cloud.createCustomerGateway(name, address));
  const spare = many.peers[count];
  if (spare === undefined) throw new Error('no spare peer');
  return {
    ...{ world, vpcId, ...gateway, many, count, spare },
    customerGatewayIds: new Map(many.peers.map(({ name }, index) => [name, ids[index] ?? ''])),
    hosts: { inside: host, outside: { ...device.host, address: outside.address } },
  };
}

/** Several at the same time; results in the order of the items. */
export async function inTurns<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let first = 0; first < items.length; first += callers) {
    results.push(...(await Promise.all(items.slice(first, first + callers).map(work))));
  }
  return results;
}

export function createTunnel(
  { world, vpcId, gatewayId, customerGatewayIds }: TunnelWorld,
  { name, preSharedKey }: Peer,
): Promise<string> {
  const customerGatewayId = customerGatewayIds.get(name) ?? '';
  const more = { DpdEnable: 1, DpdTimeout: '30', DpdAction: 'restart' };
  const tunnel = { gatewayId, customerGatewayId, vpcId, name, preSharedKey, negotiation: quickNegotiation, more };
  return world.cloud.createVpnConnection(tunnel);
}

/** One into each of these tunnels, and the way to the host behind the first. */
export async function createRoutes({ world, gatewayId }: TunnelWorld, connectionIds: readonly string[]): Promise<void> {
  const routes = [
    ...connectionIds.map((id, index) => routeTo(rangeOf(index + 1), id, 0)),
    routeTo(outside.range, connectionIds[0] ?? '', 0),
  ];
  for (let first = 0; first < routes.length; first += routeBatch) {
    const some = routes.slice(first, first + routeBatch);
    const RouteIds = await createGatewayRoutes(world.cloud, gatewayId, some);
    world.cloud.deleteLater('DeleteVpnGatewayRoutes', { VpnGatewayId: gatewayId, RouteIds });
  }
}

/** Routes into tunnels, in the kernel's own words; the one to the host behind the first peer is not counted. */
export async function routesOf({ gatewayId }: TunnelWorld): Promise<number> {
  const text = await runChecked(['ip', '-n', `lb-${gatewayId}`, '-4', 'route', 'show', 'table', '100']);
  return text.match(/^100\.\S+ dev vpnx-/gm)?.length ?? 0;
}

/** What DescribeSystemStatus says about the tunnels. */
export async function tunnelStates({ world, gatewayId }: TunnelWorld): Promise<{
  /** All SAs are there, and the newest plan is applied. */
  readonly up: number;
  readonly connected: number;
  readonly isApplied: boolean;
}> {
  const { Gateways } = await world.cloud.call('DescribeSystemStatus', {}, 'landbridge');
  const gateway = (Gateways as JsonObject[]).find((one) => one['VpnGatewayId'] === gatewayId) ?? {};
  const tunnels = (gateway['Tunnels'] ?? []) as JsonObject[];
  return {
    up: tunnels.filter(({ State }) => State === 'up' || State === 'up-unproven').length,
    connected: tunnels.filter(({ NetStatus }) => NetStatus === 'AVAILABLE').length,
    isApplied: gateway['Applied'] === gateway['Generation'] && gateway['Error'] === '',
  };
}
