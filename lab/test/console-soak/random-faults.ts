import { randomInt } from 'node:crypto';
import { setTimeout as delay } from 'node:timers/promises';
import { patience, poll } from '@landbridge/testbed/poll';
import { gatewayProcess, killGatewayProcess } from '../../src/gateway-processes.ts';
import type { IdcConnection } from '../../src/idc-connection.ts';
import type { PairedDevice } from '../../src/idc-pair.ts';
import type { LivingNetwork } from '../../src/living-network.ts';

/** A tunnel, and how its other end is stopped and started. */
interface Victim {
  readonly tunnel: IdcConnection;
  readonly gatewayId: string;
  readonly stop: () => Promise<void>;
  readonly start: () => Promise<void>;
}

interface Fault {
  readonly name: string;
  begin(victim: Victim): Promise<unknown>;
  /** Absent: the service mends it. */
  end?(victim: Victim): Promise<unknown>;
}

/** One at a time at either gateway, each for a few seconds and a few seconds after another. Returns how many there were. */
export async function provokeFaults(network: LivingNetwork, until: number): Promise<number> {
  const faults = faultsIn(network);
  const { four, five } = network;
  const ofCcn = four.tunnels.map((tunnel) => victimOf(tunnel, four.ccn.gateway.gatewayId));
  const ofPair = [five.pair.first, five.pair.second].map((device) => pairedVictim(device, five.side.gateway.gatewayId));
  const counts = await Promise.all([ofCcn, ofPair].map((victims) => provokeAmong(victims, faults, until)));
  return counts.reduce((sum, count) => sum + count, 0);
}

async function provokeAmong(victims: readonly Victim[], faults: readonly Fault[], until: number): Promise<number> {
  let count = 0;
  while (Date.now() < until) {
    await someSeconds(2, 10);
    const [victim, fault] = [oneOf(victims), oneOf(faults)];
    count++;
    process.stdout.write(`${new Date().toISOString()} ${victim.tunnel.connectionId}: ${fault.name}\n`);
    await fault.begin(victim);
    await someSeconds(2, 15);
    await fault.end?.(victim);
  }
  return count;
}

function faultsIn({ world }: LivingNetwork): readonly Fault[] {
  const { lab, cloud } = world;
  const setLine = (state: 'up' | 'down') => (victim: Victim) =>
    lab.internet.setLine(victim.tunnel.idc.namespace, state);
  return [
    { name: 'its line is cut', begin: setLine('down'), end: setLine('up') },
    { name: 'the gateway’s charon is killed', begin: ({ gatewayId }) => killCharon(gatewayId) },
    {
      name: 'its peer has another key',
      begin: async ({ gatewayId, tunnel: { connectionId, idc, peer } }) => {
        await idc.charon.load([{ ...peer, preSharedKey: 'no key that anybody agreed on' }]);
        // A charon that was killed is back soon.
        const reset = () => cloud.resetVpnConnection(gatewayId, connectionId).then(() => true);
        await poll('the reset is taken', reset, Boolean, { within: 30_000 });
      },
      end: ({ tunnel: { idc, peer } }) => idc.charon.load([peer]),
    },
    { name: 'its peer is stopped', begin: ({ stop }) => stop(), end: ({ start }) => start() },
  ];
}

async function killCharon(gatewayId: string): Promise<void> {
  const runs = () => gatewayProcess(gatewayId, 'charon');
  await poll(`the charon of ${gatewayId} runs`, runs, (pid) => pid !== undefined, { within: 30_000 });
  await killGatewayProcess(gatewayId, 'charon');
}

function victimOf(tunnel: IdcConnection, gatewayId: string): Victim {
  const { idc, peer, cloudRanges } = tunnel;
  return {
    ...{ tunnel, gatewayId },
    stop: () => idc.charon.stop(),
    start: () => idc.restartCharon([peer], cloudRanges),
  };
}

function pairedVictim(device: PairedDevice, gatewayId: string): Victim {
  return { tunnel: device.tunnel, gatewayId, stop: () => device.kill(), start: () => device.revive() };
}

function oneOf<T>(all: readonly T[]): T {
  return all[randomInt(all.length)] as T;
}

function someSeconds(least: number, most: number): Promise<void> {
  return delay(randomInt(least * 1000, most * 1000) * patience);
}
