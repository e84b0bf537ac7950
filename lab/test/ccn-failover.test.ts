import type { JsonObject } from '@landbridge/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedGateway } from '../src/cloud.ts';
import { gatewayPath } from '../src/gateway-path.ts';
import type { Host } from '../src/host.ts';
import { createIdcPair, type IdcPair } from '../src/idc-pair.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { hold, poll } from '@landbridge/testbed/poll';
import { waitForReply, waitForSilence } from '../src/reach.ts';
import { idcLan, quickHealthCheck, waitUntilHealthy } from '../src/scenarios/two-devices.ts';
import type { WireCapture } from '../src/wire-capture.ts';
import { World } from '../src/world.ts';

// Two gateways on one CCN announce the same range; IDC-1 has a device at each (docs/spec/semantics.md section 7, last
// line).

let world: World;
let capture: WireCapture;
let vpcHost: Host;
let ccnId: string;
let gateways: readonly [CreatedGateway, CreatedGateway];
let pair: IdcPair;

const gatewayId = (n: 1 | 2): string => gateways[n - 1]?.gatewayId ?? '';

beforeAll(async () => {
  world = await World.start({ settings: { holdDown: { checkedMs: 2000, uncheckedMs: 500 } } });
  const { cloud, lab } = world;
  capture = await lab.capture();
  vpcHost = await lab.createVpcHost({ name: 'VPC-1', label: 'vpc1-a', subnetPrefix: '10.0.1' });
  ccnId = await cloud.createCcn('ccn');
  const vpc1 = await cloud.createVpc('vpc1', '10.0.0.0/16');
  await cloud.createSubnet(vpc1.vpcId, 'A', '10.0.1.0/24', 'vpc1-a');
  gateways = [await cloud.createVpnGateway('', 'first'), await cloud.createVpnGateway('', 'second')];
  await cloud.attachToCcn(ccnId, [
    { InstanceType: 'VPC', InstanceId: vpc1.vpcId },
    ...[1, 2].map((n) => ({ InstanceType: 'VPNGW', InstanceId: gatewayId(n as 1 | 2) })),
  ]);
  await cloud.waitUntilAttached(ccnId, 3);
  pair = await createIdcPair(world, {
    side: (n) => ({ gateway: gateways[n - 1] ?? gateways[0], vpcId: '', ranges: ['10.0.0.0/16'] }),
    healthCheck: quickHealthCheck,
  });
  await cloud.createGatewayRoute(gatewayId(1), idcLan, pair.first.tunnel.connectionId);
  await cloud.createGatewayRoute(gatewayId(2), idcLan, pair.second.tunnel.connectionId);
  await recover();
});

/** A test that failed shall not fail those after it. */
afterEach(async () => {
  for (const device of [pair.first, pair.second]) await Promise.all([device.dropNothing(), device.mendLine()]);
  await recover();
});

afterAll(async () => {
  await capture[Symbol.asyncDispose]();
  await world.stop();
});

/** Waits until the CCN's packets to IDC-1 go to the first gateway, to the second, or nowhere. */
async function waitForGateway(...wanted: (1 | 2)[]): Promise<void> {
  await poll(
    `packets to IDC-1 go to gateway ${wanted.join() || 'none'}`,
    () => gatewayPath(ccnId, idcLan),
    (hops) => hops.join() === wanted.map(gatewayId).join(),
    { within: 60_000, every: 20 },
  );
}

async function recover(): Promise<void> {
  await waitUntilHealthy(world, { pair });
  await waitForGateway(1);
  await waitForReply(vpcHost, pair.host);
}

/** Whether each gateway's route is enabled. */
async function announced(): Promise<unknown[]> {
  const routes = await world.cloud.ccnRoutes(ccnId);
  return [1, 2].map((n) => routes.find(({ InstanceId }) => InstanceId === gatewayId(n as 1 | 2))?.['Enabled']);
}

async function eventsOf(n: 1 | 2, since: string): Promise<unknown[]> {
  const selection = { ResourceId: gatewayId(n), Since: since, Limit: 100 };
  const { EventSet } = await world.cloud.call('DescribeEvents', selection, 'landbridge');
  const events = (EventSet as JsonObject[]).reverse();
  return events.map(({ Kind }) => Kind).filter((kind) => String(kind).startsWith('range-'));
}

async function reasons(): Promise<unknown[]> {
  const { RouteSet } = await world.cloud.call('DescribeCcnRouteConflicts', { CcnId: ccnId }, 'landbridge');
  return (RouteSet as JsonObject[]).map(({ InstanceId, Reason }) => [InstanceId, Reason]);
}

/** Slow enough that a busy machine drops none of them by itself. */
function streamToIdc(): Promise<PacketStream> {
  return PacketStream.start({ from: vpcHost, to: pair.host, packetsPerSecond: 200 });
}

describe('two gateways that announce one range', () => {
  it('the first one stays', async () => {
    expect(await announced()).toEqual([true, false]);
    expect(await reasons()).toEqual([[gatewayId(2), expect.stringContaining('first')]]);
  });

  it('both may speak for it, and neither for the VPC', async () => {
    const requests = 'icmp[icmptype] = icmp-echo';
    await using atVpc = await PacketWatch.start(vpcHost.namespace, 'eth0', requests);
    const { namespace, address } = pair.host;
    const forged = ['10.0.1.77', '10.0.9.9'];
    await namespace.ip(...forged.map((source) => `address add ${source}/32 dev lo`));
    try {
      for (const { idc } of [pair.first, pair.second]) {
        await using atDevice = await PacketWatch.start(idc.namespace, 'lan', `${requests} and src net 10.0.0.0/16`);
        await namespace.ip(`route replace ${vpcHost.address}/32 via ${idc.lanAddress}`);
        for (const source of [...forged, address]) await ping(pair.host, vpcHost.address, { count: 2, source });
        await atDevice.waitFor(2 * forged.length);
      }
    } finally {
      const sources = forged.map((source) => `address delete ${source}/32 dev lo`);
      await namespace.ip(`route delete ${vpcHost.address}/32`, ...sources);
    }
    await atVpc.waitFor(4);
    expect(atVpc.packets.filter((line) => !line.includes(` ${address} > `))).toEqual([]);
  });

  it('a silent peer of the first: the second takes over, and the first has its place back', async () => {
    const since = new Date().toISOString();
    await using stream = await streamToIdc();
    await pair.first.drop(['in', 'out']);
    await waitForGateway(2);
    await stream.waitForMore(200);
    expect(await announced()).toEqual([false, true]);
    expect(await reasons()).toEqual([[gatewayId(1), expect.stringContaining('None of the tunnels')]]);
    await pair.first.dropNothing();
    await recover();
    await stream.waitForMore(200);
    const { lost, sent } = await stream.stop();
    process.stdout.write(`silent peer: ${lost} of ${sent} packets lost there and back again\n`);
    expect(lost).toBeLessThan(sent / 2);
    expect(await announced()).toEqual([true, false]);
    // A busy machine may lose probes and switch once more.
    expect((await eventsOf(1, since)).slice(0, 2)).toEqual(['range-withdrawn', 'range-announced']);
    expect((await eventsOf(2, since)).slice(0, 2)).toEqual(['range-announced', 'range-withdrawn']);
  });

  it('a restart of the control plane meanwhile leads no packet back into the dead tunnel', async () => {
    await pair.first.drop(['in', 'out']);
    await waitForGateway(2);
    await waitForReply(vpcHost, pair.host);
    await using stream = await streamToIdc();
    await world.server.restart('SIGKILL', () => stream.waitForMore(100));
    const path = () => gatewayPath(ccnId, idcLan);
    await hold('packets stay with the second', path, (hops) => hops.join() === gatewayId(2), { during: 3000 });
    expect(await stream.stop()).toMatchObject({ lost: 0 });
  });

  it('a failure of the second changes nothing', async () => {
    await using stream = await streamToIdc();
    await pair.second.drop(['in', 'out']);
    await poll('the second is unusable', reasons, (found) => JSON.stringify(found).includes('None of the tunnels'), {
      within: 20_000,
    });
    await stream.waitForMore(100);
    expect(await announced()).toEqual([true, false]);
    expect(await gatewayPath(ccnId, idcLan)).toEqual([gatewayId(1)]);
    expect(await stream.stop()).toMatchObject({ lost: 0 });
  });

  it('both dead: the range leaves the CCN, and returns with either', async () => {
    await pair.first.cutLine();
    await pair.second.cutLine();
    await waitForGateway();
    expect(await announced()).toEqual([false, false]);
    await waitForSilence(vpcHost, pair.host);
    await pair.second.mendLine();
    await waitForGateway(2);
    await waitForReply(vpcHost, pair.host);
  });
});

it('had nothing inner in clear on the internet in all of this', async () => {
  const wire = await capture.stop();
  expect(wire).toMatchObject({ inner: [], sawCanary: false });
  expect(wire.encrypted).toBeGreaterThan(1000);
});
