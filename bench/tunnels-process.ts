import type { Host } from '../lab/src/host.ts';
import { waitForReply } from '../lab/src/reach.ts';
import { residentMib } from '../lab/src/resident-memory.ts';
import { measureTcp } from '../lab/src/throughput.ts';
import { World } from '../lab/src/world.ts';
import { createLandbridgeHub, createLibipsecHub, type Hub } from './hubs.ts';
import { reportPart, type PartRequest, type Say } from './part-process.ts';
import { smallPacketRate } from './small-packet-rate.ts';
import { summarise, type Summary } from './statistics.ts';

// Many tunnels through one gateway, beside as many through one strongSwan with its own user-space ESP.

const tunnelCount = 50;

export interface TunnelsResult {
  readonly tunnels: number;
  readonly hubs: readonly HubResult[];
}

export interface HubResult {
  readonly name: string;
  /** From the first call until packets pass through the last tunnel, seconds. */
  readonly upSeconds: number;
  /** Mbit/s from the hub through one of the tunnels, and through all at once. */
  readonly oneTunnel: Summary;
  readonly allTunnels: Summary;
  /** Packets a second of 64 bytes, the IPv4 header included, that arrive through one of the tunnels. */
  readonly smallPackets: Summary;
  /** MiB of the hub's daemons at the end. */
  readonly residentMib: number;
}

async function measureTunnels(request: PartRequest, onProgress: Say): Promise<TunnelsResult> {
  const world = await World.start({
    settings: {
      quotas: {
        vpcs: 60,
        vpcVpnGateways: 60,
        customerGateways: 110,
        vpnConnectionsPerVpnGateway: 60,
        vpnConnectionsPerCustomerGateway: 60,
      },
      rateLimits: { default: 1000, actions: {} },
    },
  });
  const hubs: HubResult[] = [];
  for (const create of [createLibipsecHub, createLandbridgeHub]) {
    const started = performance.now();
    const hub = await create(world, tunnelCount);
    await Promise.all(hub.to.map((host) => waitForReply(hub.from, host)));
    const upSeconds = (performance.now() - started) / 1000;
    await world.server.stop('SIGTERM');
    await hub.liftLimits();
    onProgress(`${hub.name}: ${tunnelCount} tunnels carry packets after ${upSeconds.toFixed(1)} s`);
    hubs.push({ name: hub.name, upSeconds, ...(await measureHub(hub, request, onProgress)) });
    await world.server.startAgain();
  }
  await world.stop();
  return { tunnels: tunnelCount, hubs };
}

async function measureHub(
  { name, from, to, pids }: Hub,
  { rounds, seconds }: PartRequest,
  onProgress: Say,
): Promise<Omit<HubResult, 'name' | 'upSeconds'>> {
  const one: number[] = [];
  const all: number[] = [];
  const small: number[] = [];
  const farthest = to.at(-1);
  if (farthest === undefined) throw new Error(`${name} has no tunnel`);
  const throughput = async (hosts: readonly Host[]): Promise<number> => {
    const each = await Promise.all(
      hosts.map((host, index) => measureTcp({ from, to: host, seconds, port: 5201 + index })),
    );
    return each.reduce((sum, mbps) => sum + mbps, 0);
  };
  for (let round = 1; round <= rounds; round++) {
    one.push(await throughput(to.slice(0, 1)));
    all.push(await throughput(to));
    small.push(await smallPacketRate({ from, to: farthest }, small.at(-1)));
    onProgress(
      `round ${round}  ${name}: ${one.at(-1)?.toFixed(0)} Mbit/s by one tunnel, ${all.at(-1)?.toFixed(0)} by all, ${small.at(-1)?.toFixed(0)} small packets/s`,
    );
  }
  const memory = await Promise.all((await pids()).map(residentMib));
  return {
    oneTunnel: summarise(one),
    allTunnels: summarise(all),
    smallPackets: summarise(small),
    residentMib: memory.reduce<number>((sum, mib) => sum + (mib ?? 0), 0),
  };
}

await reportPart(measureTunnels);
