import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '@landbridge/client';
import { poll } from '@landbridge/testbed/poll';
import { gatewayProcesses } from '../lab/src/gateway-processes.ts';
import { measureSingleChanges } from './single-changes.ts';
import { programCpu, serviceCpu, serviceCpuBetween } from './service-cpu.ts';
import { round } from './statistics.ts';
import { inTurns, type TunnelWorld } from './tunnel-world.ts';

/** Health checks at 100 ms on every tunnel. */
export interface ProbesResult {
  /** Answered on all tunnels, after the first of the calls that switch them on; ten calls at a time. */
  readonly switchedOnSeconds: number;
  /** Probes a second that reached the peer that got the fewest, and half of the peers: in a quiet time, and beside changes. */
  readonly quiet: ProbeRates;
  readonly besideChanges: ProbeRates;
  /** Parts of a core in the quiet time. */
  readonly proberCores: number;
  /** The monitor is a part of it. */
  readonly agentCores: number;
  readonly controllerCores: number;
  /** Faults that were told of tunnels that had none, in both times together. */
  readonly falseAlarms: number;
  readonly seconds: number;
}

interface ProbeRates {
  readonly lowest: number;
  readonly median: number;
}

const quickMs = 100;
const quietSeconds = 20;
const longestMs = 300_000;

/** @param connectionIds in the order of the peers. */
export async function measureManyProbes(bench: TunnelWorld, connectionIds: readonly string[]): Promise<ProbesResult> {
  const { world, gatewayId } = bench;
  const started = performance.now();
  await checkAll(bench, connectionIds, quickMs);
  const switchedOnSeconds = round((performance.now() - started) / 1000);
  await delay(5000);
  const since = new Date().toISOString();
  const begun = performance.now();
  const pids = await gatewayProcesses(gatewayId, 'uxprobe');
  const [proberBefore, before] = [await programCpu(pids), await serviceCpu(world.server.pid)];
  const quiet = await ratesWhile(bench, () => delay(quietSeconds * 1000));
  const quietMs = performance.now() - begun;
  const [proberAfter, after] = [await programCpu(pids), await serviceCpu(world.server.pid)];
  const besideChanges = await ratesWhile(bench, () => measureSingleChanges(bench, 3, `${bench.count} probed`));
  const { agent, controller } = serviceCpuBetween(before, after);
  const cores = (seconds: number): number => round((seconds * 1000) / quietMs);
  return {
    ...{ switchedOnSeconds, quiet, besideChanges },
    proberCores: cores(proberAfter - proberBefore),
    agentCores: cores(agent),
    controllerCores: cores(controller),
    falseAlarms: await faultsSince(bench, since, connectionIds),
    seconds: round((performance.now() - begun) / 1000),
  };
}

/** Returns when all tunnels' probes are answered. */
export async function checkAll(
  bench: TunnelWorld,
  connectionIds: readonly string[],
  intervalMs: number,
): Promise<void> {
  const { world, many, gatewayId } = bench;
  const { cloud } = world;
  await inTurns([...connectionIds.entries()], ([place, id]) => {
    const { local = '', remote = '' } = many.peers[place]?.probe ?? {};
    return cloud.modifyVpnConnection(id, {
      ...{ EnableHealthCheck: true, HealthCheckLocalIp: local, HealthCheckRemoteIp: remote },
      HealthCheckConfig: {
        ...{ ProbeType: 'NQA', ProbeInterval: intervalMs, ProbeThreshold: 3, ProbeTimeout: intervalMs },
      },
    });
  });
  const healthy = async (): Promise<number> => {
    const { Gateways } = await cloud.call('DescribeSystemStatus', {}, 'landbridge');
    const gateway = (Gateways as JsonObject[]).find((one) => one['VpnGatewayId'] === gatewayId) ?? {};
    const checks = (gateway['Tunnels'] as JsonObject[]).map(({ HealthCheck }) => HealthCheck as JsonObject | null);
    return checks.filter((check) => check?.['State'] === 'AVAILABLE').length;
  };
  await poll('all probes are answered', healthy, (count) => count === connectionIds.length, {
    ...{ within: longestMs, every: 250 },
  });
}

/** What arrives at the peers, counted by their kernel. */
async function ratesWhile({ many, count }: TunnelWorld, work: () => Promise<unknown>): Promise<ProbeRates> {
  const { namespace } = many.device;
  const table = `table ip bench {
    set probed { type ipv4_addr; size 65535; flags dynamic; counter; }
    chain in { type filter hook input priority 0; icmp type echo-request update @probed { ip daddr counter }; }
  }`;
  await namespace.runChecked(['nft', '-f', '-'], { input: `${table}\n` });
  const started = performance.now();
  await work();
  const text = await namespace.runChecked(['nft', 'list', 'set', 'ip', 'bench', 'probed']);
  const seconds = (performance.now() - started) / 1000;
  await namespace.runChecked(['nft', 'delete table ip bench']);
  const counts = new Map(
    [...text.matchAll(/([\d.]+) counter packets (\d+)/g)].map(([, to = '', n]) => [to, Number(n)]),
  );
  const rates = many.peers
    .slice(0, count)
    .map(({ probe }) => round((counts.get(probe.remote) ?? 0) / seconds))
    .sort((a, b) => a - b);
  return { lowest: rates[0] ?? NaN, median: rates[Math.floor(rates.length / 2)] ?? NaN };
}

const faults = ['probe-failed', 'tunnel-down', 'tunnel-withdrawn'];

/** Events that tell of a fault; of the newest 500 of a resource, which is what is kept. */
async function faultsSince(
  { world, gatewayId }: TunnelWorld,
  Since: string,
  connectionIds: readonly string[],
): Promise<number> {
  const events: JsonObject[] = [];
  for (let more = true; more;) {
    const request = { ResourceId: gatewayId, Since, Offset: events.length, Limit: 100 };
    const { EventSet } = await world.cloud.call('DescribeEvents', request, 'landbridge');
    events.push(...(EventSet as JsonObject[]));
    more = (EventSet as JsonObject[]).length === 100;
  }
  return events.filter(
    ({ Kind, ResourceId }) => faults.includes(String(Kind)) && connectionIds.includes(String(ResourceId)),
  ).length;
}
