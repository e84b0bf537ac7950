import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { JsonObject } from '@landbridge/client';
import { patience, poll } from '@landbridge/testbed/poll';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayCharon } from '../src/gateway-charon.ts';
import { ping } from '../src/ping.ts';
import { waitForReply } from '../src/reach.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { killServiceProcess, serviceProcess } from '../src/service-processes.ts';
import { World } from '../src/world.ts';

// docs/monitoring.md: what passes a tunnel is what /metrics, the history and GetMonitorData tell, in bytes of what was inside.

const watched = 'http://127.0.0.1:9701';
const pings = 300;
const payloadBytes = 1000;
/** With the headers of ICMP and IP. */
const passedBytes = pings * (payloadBytes + 28);
/** What else may pass meanwhile, and what a data plane counts of the outer header. */
const mostMorePackets = 20;
const mostMoreBytes = pings * 24 + mostMorePackets * 1100;

let world: World;
let built: OneRoute;

beforeAll(async () => {
  world = await World.start({ settings: { metrics: { listen: new URL(watched).host } } });
  built = await oneRoute.build(world);
  await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
});
afterAll(() => world.stop());

interface Traffic {
  readonly inBytes: number;
  readonly inPackets: number;
  readonly outBytes: number;
  readonly outPackets: number;
}

async function page(query = ''): Promise<string> {
  const answer = await fetch(`${watched}/metrics${query}`);
  expect(answer.status).toBe(200);
  return answer.text();
}

/** The value of the one series that is labelled so. */
function valueIn(text: string, name: string, label: string): number {
  const lines = text.split('\n').filter((line) => line.startsWith(`${name}{`) && line.includes(label));
  if (lines.length !== 1) throw new Error(`${lines.length} series ${name} with ${label}`);
  return Number(lines[0]?.slice(lines[0].lastIndexOf(' ') + 1));
}

function trafficIn(text: string, of: 'tunnel' | 'gateway', id: string): Traffic {
  const read = (what: string) => valueIn(text, `landbridge_${of}_${what}_total`, `id="${id}"`);
  return {
    ...{ inBytes: read('in_bytes'), inPackets: read('in_packets') },
    ...{ outBytes: read('out_bytes'), outPackets: read('out_packets') },
  };
}

async function historyOf(ResourceId: string): Promise<readonly JsonObject[]> {
  const { PointSet } = await world.cloud.call('DescribeTunnelHistory', { ResourceId, Step: 10 }, 'landbridge');
  return PointSet as JsonObject[];
}

function sumOf(points: readonly JsonObject[]): Traffic {
  const sum = (name: string) => points.reduce((all, point) => all + Number(point[name]), 0);
  const [inBytes, inPackets, outBytes, outPackets] = ['InBytes', 'InPackets', 'OutBytes', 'OutPackets'].map(sum);
  return { inBytes: inBytes!, inPackets: inPackets!, outBytes: outBytes!, outPackets: outPackets! };
}

function difference(now: Traffic, before: Traffic): Traffic {
  return {
    ...{ inBytes: now.inBytes - before.inBytes, inPackets: now.inPackets - before.inPackets },
    ...{ outBytes: now.outBytes - before.outBytes, outPackets: now.outPackets - before.outPackets },
  };
}

/** So many pings that were answered, and hardly anything else. */
function isWhatPassed({ inBytes, inPackets, outBytes, outPackets }: Traffic): boolean {
  const isBytes = (bytes: number) => bytes >= passedBytes && bytes <= passedBytes + mostMoreBytes;
  const isPackets = (packets: number) => packets >= pings && packets <= pings + mostMorePackets;
  return isBytes(inBytes) && isBytes(outBytes) && isPackets(inPackets) && isPackets(outPackets);
}

/** What the agent has written, whether anybody asks or not. */
function newestStep(): number {
  const path = join(world.server.dataDirectory, 'agent', 'history.sqlite');
  using database = new DatabaseSync(path, { readOnly: true });
  return Number(database.prepare('SELECT max(moment) AS moment FROM steps').get()?.['moment']);
}

async function pingThrough(): Promise<void> {
  const { vpc1, tunnel } = built;
  const options = { count: pings, intervalSeconds: 0.01, size: payloadBytes };
  const { received } = await ping(vpc1.hostA, tunnel.idc.host.address, options);
  expect(received).toBe(pings);
}

/** It waits for several steps of the history. */
const long = { timeout: 300_000 * patience };

describe('what passes a tunnel', () => {
  it('is what /metrics, the history and GetMonitorData say, of the tunnel and of its gateway', long, async () => {
    const { connectionId } = built.tunnel;
    const { gatewayId } = built.vpc1.gateway;
    const start = new Date().toISOString();
    // A first step: what passed before it is not of any.
    await poll(
      'history',
      () => historyOf(connectionId),
      (points) => points.some(({ CountedMs }) => Number(CountedMs) > 0),
      { within: 40_000, every: 500 },
    );
    const [pageBefore, historyBefore, gatewayBefore] = [
      await page(),
      sumOf(await historyOf(connectionId)),
      sumOf(await historyOf(gatewayId)),
    ];
    await pingThrough();
    const told = async () => {
      const text = await page();
      return (['tunnel', 'gateway'] as const).map((of) => {
        const id = of === 'tunnel' ? connectionId : gatewayId;
        return difference(trafficIn(text, of, id), trafficIn(pageBefore, of, id));
      });
    };
    await poll('/metrics', told, (both) => both.every(isWhatPassed), { within: 20_000, every: 500 });
    for (const [id, before] of [
      [connectionId, historyBefore],
      [gatewayId, gatewayBefore],
    ] as const) {
      const passed = async () => difference(sumOf(await historyOf(id)), before);
      await poll(`history of ${id}`, passed, isWhatPassed, { within: 40_000, every: 500 });
    }
    const monitor = async (Namespace: string, MetricName: string, Name: string, Value: string) => {
      const asked = {
        Namespace,
        MetricName,
        Period: 10,
        StartTime: start,
        Instances: [{ Dimensions: [{ Name, Value }] }],
      };
      const { DataPoints } = await world.cloud.call('GetMonitorData', asked, 'monitor');
      const [{ Values }] = DataPoints as [{ Values: number[] }];
      // Megabits, or packets, of a second.
      return Values.reduce((all, value) => all + value * 10, 0);
    };
    const megabits = (passedBytes * 8) / 1e6;
    expect(await monitor('QCE/VPNX', 'InBandwidth', 'vpnConnId', connectionId)).toBeGreaterThan(megabits * 0.9);
    expect(await monitor('QCE/VPNX', 'InBandwidth', 'vpnConnId', connectionId)).toBeLessThan(megabits * 1.5);
    expect(await monitor('QCE/VPNX', 'OutPkg', 'vpnConnId', connectionId)).toBeGreaterThan(pings * 0.9);
    expect(await monitor('QCE/VPNGW', 'Outpkg', 'vpnGwId', gatewayId)).toBeGreaterThan(pings * 0.9);
    expect(await monitor('QCE/VPNX', 'Disconnected', 'vpnConnId', connectionId)).toBeLessThan(10);
  });

  it('is told under other names too, and not where it is not wanted', async () => {
    const { connectionId } = built.tunnel;
    const text = await page('?compat=strongswan');
    expect(valueIn(text, 'ipsec_status', connectionId)).toBe(0);
    expect(valueIn(text, 'strongswan_sa_inbound_packets', connectionId)).toBeGreaterThanOrEqual(pings);
    expect(await page('?tunnels=no')).not.toContain(connectionId);
  });

  it('goes on when its CHILD_SA is renewed, which is counted', async () => {
    const { connectionId } = built.tunnel;
    const before = await page();
    const charon = new GatewayCharon(world.server.dataDirectory, built.vpc1.gateway.gatewayId);
    await charon.expectRenewal('child', () => charon.rekey('child'));
    const renewed = (text: string) => valueIn(text, 'landbridge_tunnel_rekeys_total', connectionId);
    await poll('rekeys', page, (text) => renewed(text) > renewed(before), { within: 20_000, every: 500 });
    await pingThrough();
    const grown = async () =>
      difference(trafficIn(await page(), 'tunnel', connectionId), trafficIn(before, 'tunnel', connectionId));
    await poll('what passed since', grown, isWhatPassed, { within: 20_000, every: 500 });
  });

  it(
    'is kept while the controller does nothing, and what was kept is there when the agent was killed',
    long,
    async () => {
      const { connectionId } = built.tunnel;
      const counted = async () => (await historyOf(connectionId)).filter(({ CountedMs }) => Number(CountedMs) > 0);
      const before = await historyOf(connectionId);
      const controller = await serviceProcess(world.server.pid, 'controller');
      if (controller === undefined) throw new Error('there is no controller');
      process.kill(controller, 'SIGSTOP');
      try {
        await pingThrough();
        const last = newestStep();
        await poll('two more steps', newestStep, (now) => now >= last + 20_000, { within: 60_000, every: 500 });
      } finally {
        process.kill(controller, 'SIGCONT');
      }
      const after = await poll(
        'history',
        counted,
        (points) => sumOf(points).inPackets >= sumOf(before).inPackets + pings,
        {
          within: 10_000,
        },
      );
      await killServiceProcess(world.server.pid, 'agent');
      const times = (points: readonly JsonObject[]) => points.map(({ Time }) => String(Time));
      const again = await poll('history', counted, (points) => points.length > after.length, {
        within: 60_000,
        every: 500,
      });
      const now = new Set(times(again));
      expect(times(after).filter((time) => !now.has(time))).toEqual([]);
    },
  );
});
