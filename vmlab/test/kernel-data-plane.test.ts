import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayProcess, killGatewayProcess } from '../../lab/src/gateway-processes.ts';
import { flushGatewayXfrm, gatewaySpis } from '../../lab/src/gateway-xfrm.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import { PacketStream } from '../../lab/src/packet-stream.ts';
import { PacketWatch } from '../../lab/src/packet-watch.ts';
import { ping } from '../../lab/src/ping.ts';
import { poll } from '@landbridge/testbed/poll';
import { waitForReply } from '../../lab/src/reach.ts';
import { buildOneRoute, type OneRoute } from '../../lab/src/scenarios/1-route.ts';
import type { WireCapture } from '../../lab/src/wire-capture.ts';
import { World } from '../../lab/src/world.ts';

// What only the kernel's ESP has: xfrm interfaces, SAs that outlive charon, protocol 50. The peer is the kernel as well.

let world: World;
let built: OneRoute;
let capture: WireCapture;
let gateway: Namespace;

beforeAll(async () => {
  world = await World.start({ dataPlane: 'kernel' });
  capture = await world.lab.capture();
  built = await buildOneRoute(world, { kernelPeer: true });
  gateway = new Namespace(`lb-${built.vpc1.gateway.gatewayId}`);
  await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
});

afterAll(async () => {
  await capture[Symbol.asyncDispose]();
  await world.stop();
});

const gatewayId = (): string => built.vpc1.gateway.gatewayId;
const startStream = (): Promise<PacketStream> =>
  PacketStream.start({ from: built.vpc1.hostA, to: built.tunnel.idc.host, packetsPerSecond: 50 });

async function waitForNewSas(before: readonly string[]): Promise<void> {
  await poll(
    'SAs that were not there before',
    () => gatewaySpis(gatewayId()),
    (spis) => spis.filter((spi) => !before.includes(spi)).length >= 2,
    { within: 60_000 },
  );
}

describe('a tunnel', () => {
  it('is an xfrm interface with the if_id of its SAs and an MTU that leaves room for ESP', async () => {
    const [link] = await gateway.ipJson('link', 'show', 'dev', built.tunnel.connectionId);
    expect(link).toMatchObject({ mtu: 1438, linkinfo: { info_kind: 'xfrm', info_data: { if_id: '0x1' } } });
    const sas = await gateway.runChecked(['ip', 'xfrm', 'state', 'list', 'nokeys']);
    expect(sas.match(/^\tif_id 0x1$/gm)).toHaveLength(2);
    expect(await gatewayProcess(gatewayId(), 'uxfrm')).toBeUndefined();
  });

  it('speaks protocol 50 where no NAT is in between', async () => {
    const { idc, connectionId } = built.tunnel;
    await using esp = await PacketWatch.start(idc.namespace, 'wan', 'ip proto 50');
    await using udp = await PacketWatch.start(idc.namespace, 'wan', 'udp port 4500 and greater 150');
    expect(await ping(built.vpc1.hostA, idc.host.address, { count: 3 })).toMatchObject({ received: 3 });
    await esp.waitFor(3);
    expect(udp.packets).toEqual([]);
    expect(connectionId).toMatch(/^vpnx-/);
  });

  it('has no rule and no route but ours: charon makes none', async () => {
    const rules = await gateway.runChecked(['ip', 'rule']);
    expect(rules).not.toContain('lookup 220');
    expect(await gateway.runChecked(['ip', 'route', 'show', 'table', '220']).catch(() => '')).toBe('');
  });
});

describe('charon is killed', () => {
  it('its SAs carry packets on, and successors take over', async () => {
    const before = await gatewaySpis(gatewayId());
    await using stream = await startStream();
    await killGatewayProcess(gatewayId(), 'charon');
    await waitForNewSas(before);
    await world.cloud.waitUntilConnected(built.tunnel.connectionId, 60_000);
    await stream.waitForMore(50);
    const { lost, sent, longestGapMs } = await stream.stop();
    process.stdout.write(`charon killed: ${lost} of ${sent} packets lost, longest gap ${longestGapMs} ms\n`);
    expect(lost).toBeLessThanOrEqual(1);
  });

  it('what it left in the kernel is gone after a minute or two, and nothing else is', async () => {
    await poll(
      'two SAs',
      () => gatewaySpis(gatewayId()),
      (spis) => spis.length === 2,
      { within: 150_000, every: 500 },
    );
    await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
    const policies = await gateway.runChecked(['ip', 'xfrm', 'policy', 'list']);
    expect(policies.match(/^\tdir (in|out|fwd) /gm)).toHaveLength(3);
  });

  it('and with it all SAs and policies: packets are lost, and come through again', async () => {
    await using stream = await startStream();
    const charon = await gatewayProcess(gatewayId(), 'charon');
    await killGatewayProcess(gatewayId(), 'charon');
    await flushGatewayXfrm(gatewayId());
    await poll(
      'charon runs again',
      () => gatewayProcess(gatewayId(), 'charon'),
      (pid) => pid !== undefined && pid !== charon,
      { within: 30_000 },
    );
    await world.cloud.waitUntilConnected(built.tunnel.connectionId, 60_000);
    await stream.waitForMore(50, 60_000);
    expect((await stream.stop()).lost).toBeGreaterThan(0);
  });
});

describe('SAs that only charon believes in', () => {
  it('are negotiated anew, and charon runs on', async () => {
    const { connectionId } = built.tunnel;
    const charon = await gatewayProcess(gatewayId(), 'charon');
    const before = await gatewaySpis(gatewayId());
    await using stream = await startStream();
    await gateway.ip('xfrm state flush');
    // charon is asked for its SAs every 5 seconds, and finds them missing then.
    await waitForNewSas(before);
    await stream.waitForMore(50, 60_000);
    expect((await stream.stop()).lost).toBeGreaterThan(0);
    await world.cloud.waitUntilConnected(connectionId);
    expect(await gatewayProcess(gatewayId(), 'charon')).toBe(charon);
  });
});

describe('a tunnel device', () => {
  it('that somebody deleted is made again', async () => {
    const { connectionId } = built.tunnel;
    const indexOfDevice = async () =>
      /^\d+/.exec((await gateway.run(['ip', '-o', 'link', 'show', connectionId])).stdout)?.[0];
    const before = await indexOfDevice();
    await using stream = await startStream();
    await gateway.ip(`link delete ${connectionId}`);
    // The kernel says so; packets may hardly miss it.
    await poll(
      'another device is there',
      indexOfDevice,
      (index) => index !== undefined && index !== before,
      { within: 30_000 }, // prettier-ignore
    );
    await stream.waitForMore(50, 60_000);
  });
});

describe('a tunnel that never came up', () => {
  it('swallows packets', async () => {
    const { idc } = built.tunnel;
    await idc.charon.load([]);
    await idc.charon.terminate(built.tunnel.peer.name);
    await world.cloud.waitUntilDown(built.tunnel.connectionId);
    expect(await ping(built.vpc1.hostA, idc.host.address, { count: 5 })).toMatchObject({ received: 0 });
    await idc.charon.load([built.tunnel.peer]);
    await world.cloud.waitUntilConnected(built.tunnel.connectionId, 90_000);
    await waitForReply(built.vpc1.hostA, idc.host);
  });
});

it('nothing inner went by in clear on the internet in all of this', async () => {
  const wire = await capture.stop();
  expect(wire).toMatchObject({ inner: [], sawCanary: false });
  expect(wire.encrypted).toBeGreaterThan(100);
});
