import type { JsonObject } from '@landbridge/client';
import { gatewayPath } from '../gateway-path.ts';
import { createIdcPair, probeAddresses, type CloudSide, type IdcPair } from '../idc-pair.ts';
import { patience, poll } from '@landbridge/testbed/poll';
import type { BuiltScenario } from '../scenario.ts';
import type { Tenant } from '../tenant.ts';

/** An IDC with two devices and a tunnel to each, whatever the gateway belongs to. */
export interface TwoDevices extends BuiltScenario {
  readonly side: CloudSide;
  readonly pair: IdcPair;
  /** Of tunnel 1 and tunnel 2. */
  readonly gatewayRouteIds: readonly [string, string];
}

export const idcLan = '192.168.1.0/24';

export interface TwoDevicesOptions {
  readonly priorities: readonly [0 | 100, 0 | 100];
  /** What CreateVpnConnection of device n gets. */
  readonly healthCheck: HealthCheck;
}

/** Scenario 5 without the cloud's side: CGW ×2, TUN-ROUTE ×2 with health checks, GWROUTE ×2 for the same range. */
export async function connectTwoDevices(
  tenant: Tenant,
  side: CloudSide,
  { priorities, healthCheck }: TwoDevicesOptions,
): Promise<TwoDevices> {
  const { cloud, progress } = tenant;
  const { gatewayId, publicAddress } = side.gateway;
  progress(`IDC-1 with two devices, two tunnels from ${gatewayId} (${publicAddress})`);
  const pair = await createIdcPair(tenant, { side: () => side, healthCheck });
  const gatewayRouteIds = [
    await cloud.createGatewayRoute(gatewayId, idcLan, pair.first.tunnel.connectionId, priorities[0]),
    await cloud.createGatewayRoute(gatewayId, idcLan, pair.second.tunnel.connectionId, priorities[1]),
  ] as const;
  return { side, pair, gatewayRouteIds, hosts: [...side.hosts, pair.host] };
}

type HealthCheck = (n: 1 | 2) => JsonObject;

/** Down to the shortest interval: for measuring. A machine that stalls for a third of a second fails a healthy tunnel by it. */
export const quickHealthCheck: HealthCheck = (n) => healthCheck(n, 100, 3);

/** Bears a stall of a second: for scenarios that shall go well on a busy machine. */
export const steadyHealthCheck: HealthCheck = (n) => healthCheck(n, 200, 5);

/** With as much more time as a slow machine needs. */
function healthCheck(n: 1 | 2, quickestMs: number, threshold: number): JsonObject {
  const intervalMs = quickestMs * patience;
  const { gateway, device } = probeAddresses(n);
  return {
    EnableHealthCheck: true,
    HealthCheckLocalIp: gateway,
    HealthCheckRemoteIp: device,
    HealthCheckConfig: {
      ...{ ProbeType: 'NQA', ProbeInterval: intervalMs, ProbeThreshold: threshold, ProbeTimeout: intervalMs },
    },
  };
}

/** Tunnels connected, probes answered where there are any, packets on tunnel 1 (or whatever the priorities say). */
export async function waitUntilHealthy(tenant: Tenant, { pair }: Pick<TwoDevices, 'pair'>): Promise<void> {
  for (const { tunnel } of [pair.first, pair.second]) {
    await tenant.cloud.waitUntilConnected(tunnel.connectionId, 90_000);
    await poll(
      `${tunnel.connectionId} is usable, and its probes are answered`,
      () => tenant.cloud.tunnelStatus(tunnel.connectionId),
      // Usable alone is not enough: so is a tunnel whose check was never answered.
      ({ Usable, HealthCheck }) => Usable === true && isHealthy(HealthCheck as JsonObject | null),
      { within: 60_000, every: 200 },
    );
  }
}

/** Null: nothing is checked. */
function isHealthy(check: JsonObject | null): boolean {
  return check === null || check['State'] === 'AVAILABLE';
}

/** Waits until the gateway's packets to IDC-1 take tunnel 1, tunnel 2, both or none. */
export async function waitForPath(built: Paths, wanted: readonly (1 | 2)[], within = 60_000): Promise<void> {
  await poll(
    `packets to IDC-1 take tunnel ${wanted.join(' and ') || 'none'}`,
    () => readPath(built),
    (hops) => hops === hopsOf(built, wanted),
    { within, every: 20 },
  );
}

/** Whether they do at this moment. */
export async function hasPath(built: Paths, wanted: readonly (1 | 2)[]): Promise<boolean> {
  return (await readPath(built)) === hopsOf(built, wanted);
}

/** Waits until IDC-1's packets to the cloud go through device 1 or 2. */
export async function waitForLanPath({ pair }: Paths, wanted: 1 | 2): Promise<void> {
  const options = { within: 60_000, every: 20 };
  await poll(`packets of IDC-1 take device ${wanted}`, () => pair.isLanPath(wanted), Boolean, options);
}

type Paths = Pick<TwoDevices, 'side' | 'pair'>;

async function readPath({ side }: Paths): Promise<string> {
  return (await gatewayPath(side.gateway.gatewayId, idcLan)).join();
}

function hopsOf({ pair }: Paths, wanted: readonly (1 | 2)[]): string {
  const ids = wanted.map((n) => (n === 1 ? pair.first : pair.second).tunnel.connectionId);
  return ids.sort().join();
}
