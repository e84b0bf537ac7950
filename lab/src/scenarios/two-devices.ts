import type { JsonObject } from '@landbridge/client';
import { gatewayPath } from '../gateway-path.ts';
import { createIdcPair, probeAddresses, type IdcPair } from '../idc-pair.ts';
import { patience, poll } from '../poll.ts';
import type { ExpectedMatrix } from '../reachability-matrix.ts';
import type { BuiltScenario } from '../scenario.ts';
import { createVpc1, type Vpc1 } from '../vpc-1.ts';
import type { World } from '../world.ts';

export interface FiveVpc extends BuiltScenario {
  readonly vpc1: Vpc1;
  readonly pair: IdcPair;
  /** Of tunnel 1 and tunnel 2. */
  readonly gatewayRouteIds: readonly [string, string];
}

export const idcLan = '192.168.1.0/24';

/** The table of scenario 5, variant 1, in every state in which a tunnel works. */
export const fiveVpcTable: ExpectedMatrix = {
  'VPC-1 A': { 'IDC-1': 'yes' },
  'VPC-1 B': { 'IDC-1': 'yes' },
  'IDC-1': { 'VPC-1 A': 'yes', 'VPC-1 B': 'yes' },
};

export interface FiveVpcOptions {
  readonly priorities: readonly [0 | 100, 0 | 100];
  /** What CreateVpnConnection of device n gets; the quickest health check unless given. */
  readonly healthCheck?: (n: 1 | 2) => JsonObject;
}

export async function buildFiveVpc(world: World, options: FiveVpcOptions): Promise<FiveVpc> {
  const { cloud, progress } = world;
  progress('VPC-1 with subnets A and B, a VPN gateway');
  const vpc1 = await createVpc1(world);
  const { gateway, routeTableId } = vpc1;
  progress(`IDC-1 with two devices, two tunnels from ${gateway.gatewayId} (${gateway.publicAddress})`);
  const pair = await createIdcPair(world, { vpc1, healthCheck: options.healthCheck ?? quickHealthCheck });
  const [one, two] = options.priorities;
  const gatewayRouteIds = [
    await cloud.createGatewayRoute(gateway.gatewayId, idcLan, pair.first.tunnel.connectionId, one),
    await cloud.createGatewayRoute(gateway.gatewayId, idcLan, pair.second.tunnel.connectionId, two),
  ] as const;
  await cloud.createVpcRoute(routeTableId, idcLan, gateway.gatewayId);
  const built = { vpc1, pair, gatewayRouteIds, hosts: [vpc1.hostA, vpc1.hostB, pair.host] };
  await waitUntilHealthy(world, built);
  progress('both tunnels are connected and their probes are answered');
  return built;
}

/** As often as the API allows, or as a slow machine can. */
const probeMs = 100 * patience;

export function quickHealthCheck(n: 1 | 2): JsonObject {
  const { gateway, device } = probeAddresses(n);
  return {
    EnableHealthCheck: true,
    HealthCheckLocalIp: gateway,
    HealthCheckRemoteIp: device,
    HealthCheckConfig: { ProbeType: 'NQA', ProbeInterval: probeMs, ProbeThreshold: 3, ProbeTimeout: probeMs },
  };
}

/** Tunnels connected, probes answered, packets on tunnel 1 (or whatever the priorities say). */
export async function waitUntilHealthy(world: World, { pair }: Pick<FiveVpc, 'pair'>): Promise<void> {
  for (const { tunnel } of [pair.first, pair.second]) {
    await world.cloud.waitUntilConnected(tunnel.connectionId, 90_000);
    await poll(
      `${tunnel.connectionId} is usable`,
      () => world.cloud.tunnelStatus(tunnel.connectionId),
      (status) => status['Usable'] === true,
      { within: 60_000 },
    );
  }
}

/** Waits until the gateway's packets to IDC-1 take tunnel 1, tunnel 2, both or none. */
export async function waitForPath(
  { vpc1, pair }: Pick<FiveVpc, 'vpc1' | 'pair'>,
  wanted: readonly (1 | 2)[],
  within = 60_000,
): Promise<void> {
  const ids = wanted.map((n) => (n === 1 ? pair.first : pair.second).tunnel.connectionId).sort();
  await poll(
    `packets to IDC-1 take tunnel ${wanted.join(' and ') || 'none'}`,
    () => gatewayPath(vpc1.gateway.gatewayId, idcLan),
    (hops) => hops.join() === ids.join(),
    { within, every: 20 },
  );
}
