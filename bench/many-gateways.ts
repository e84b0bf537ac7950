import { readFile, readdir } from 'node:fs/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type { JsonObject } from '@landbridge/client';
import { poll } from '@landbridge/testbed/poll';
import { World } from '../lab/src/world.ts';
import { killAndStartService } from './killed-service.ts';
import type { Say } from './part-process.ts';
import { serviceCpu, serviceCpuBetween, type ServiceCpu } from './service-cpu.ts';
import { round } from './statistics.ts';
import { inTurns } from './tunnel-world.ts';
import { noRateLimits } from './no-rate-limits.ts';

/** Gateways with a VPC each. */
export interface GatewayScale {
  readonly gateways: number;
  /** From the first call, ten at a time, until all were AVAILABLE; with the answers to the calls in it. */
  readonly availableSeconds: number;
  readonly answeredSeconds: number;
  readonly serviceCpu: ServiceCpu;
  /** Processes that were started and have ended again, a gateway. */
  readonly shortLivedProcesses: number;
  /** Parts of a core, afterwards. */
  readonly idleCores: ServiceCpu;
  /** Server killed: from its start until all were known again. */
  readonly restartSeconds: number;
  /** Gateways whose daemons are other processes after that. */
  readonly restartedGateways: number;
}

const idleSeconds = 60;
const longestMs = 300_000;

export async function measureManyGateways(count: number, say: Say): Promise<GatewayScale> {
  const world = await World.start({
    dataPlane: 'uxfrm',
    settings: {
      uplink: { mode: 'routed', interface: 'uplink', addresses: ['203.0.113.128/25'] },
      quotas: { vpcs: count, vpcVpnGateways: count },
      rateLimits: noRateLimits,
    },
  });
  const before = await Processes.now();
  const cpuBefore = await serviceCpu(world.server.pid);
  const started = performance.now();
  const since = (at: number): number => round((at - started) / 1000);
  await inTurns(
    Array.from({ length: count }, (_, index) => index),
    (index) => createGateway(world, index),
  );
  const answeredSeconds = since(performance.now());
  await waitUntilAvailable(world, count);
  const availableSeconds = since(performance.now());
  const creation = serviceCpuBetween(cpuBefore, await serviceCpu(world.server.pid));
  say(`${count} gateways: available after ${availableSeconds} s`);
  await delay(5000);
  const shortLived = (await Processes.now()).endedSince(before);
  const idleBefore = await serviceCpu(world.server.pid);
  await delay(idleSeconds * 1000);
  const idle = serviceCpuBetween(idleBefore, await serviceCpu(world.server.pid));
  say(`${count} gateways, idle: ${JSON.stringify(idle)}`);
  const daemons = await daemonPids();
  const restartSeconds = await measureRestart(world, count);
  const left = await daemonPids();
  await world.stop();
  return {
    ...{ gateways: count, availableSeconds, answeredSeconds, serviceCpu: creation },
    shortLivedProcesses: round(shortLived / count),
    idleCores: {
      controller: round(idle.controller / idleSeconds),
      agent: round(idle.agent / idleSeconds),
      helpers: round(idle.helpers / idleSeconds),
    },
    restartSeconds,
    restartedGateways: daemons.filter((pid) => !left.includes(pid)).length,
  };
}

async function createGateway({ cloud }: World, index: number): Promise<void> {
  const { vpcId } = await cloud.createVpc(`vpc-${index}`, `10.${index}.0.0/16`);
  const request = { VpcId: vpcId, VpnGatewayName: `gateway-${index}`, InternetMaxBandwidthOut: 5, Type: 'IPSEC' };
  const { VpnGateway } = await cloud.call('CreateVpnGateway', request);
  cloud.deleteLater('DeleteVpnGateway', { VpnGatewayId: (VpnGateway as JsonObject)['VpnGatewayId'] });
}

async function waitUntilAvailable({ cloud }: World, count: number): Promise<void> {
  const states = async (): Promise<number> => {
    const pages = await Promise.all(
      [0, 100].map((Offset) => cloud.call('DescribeVpnGateways', { Offset, Limit: 100 })),
    );
    const gateways = pages.flatMap((page) => page['VpnGatewaySet'] as JsonObject[]);
    return gateways.filter(({ State }) => State === 'AVAILABLE').length;
  };
  await poll(`${count} gateways are AVAILABLE`, states, (available) => available === count, {
    ...{ within: longestMs, every: 200 },
  });
}

async function measureRestart(world: World, count: number): Promise<number> {
  const started = await killAndStartService(world);
  const known = async (): Promise<number> => {
    const { Gateways } = await world.cloud.call('DescribeSystemStatus', {}, 'landbridge');
    const applied = (Gateways as JsonObject[]).filter(
      ({ Applied, Generation, Error: error }) => Number(Applied) >= Number(Generation) && error === '',
    );
    return applied.length;
  };
  await poll('all gateways are known again', known, (applied) => applied === count, { within: longestMs, every: 50 });
  return round((performance.now() - started) / 1000);
}

/** Of gateways: charons and data planes. */
async function daemonPids(): Promise<number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
  const names = await Promise.all(pids.map((pid) => readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')));
  return pids.filter((_, index) => ['charon', 'uxfrm'].includes(names[index]?.trim() ?? ''));
}

/** Of this lab, whose process ids are its own: how many there ever were, threads among them, and how many there are. */
class Processes {
  readonly #started: number;
  readonly #present: number;

  private constructor(started: number, present: number) {
    this.#started = started;
    this.#present = present;
  }

  static async now(): Promise<Processes> {
    const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
    const threads = await Promise.all(pids.map((pid) => readdir(`/proc/${pid}/task`).catch(() => [])));
    const [, last = ''] = / (\d+)\n$/.exec(await readFile('/proc/loadavg', 'utf8')) ?? [];
    return new Processes(
      Number(last),
      threads.reduce((sum, { length }) => sum + length, 0),
    );
  }

  endedSince(before: Processes): number {
    return this.#started - before.#started - (this.#present - before.#present);
  }
}
