import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { PacketStream } from '../src/packet-stream.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { patience } from '@landbridge/testbed/poll';
import { waitForReply } from '../src/reach.ts';
import { buildOneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { measureTcp } from '../src/throughput.ts';
import { World } from '../src/world.ts';

// Packet sizes and bandwidth on one tunnel.

/** Mbit/s that any machine carries where nothing limits; an emulated one far less. */
const unlimited = 20 / patience ** 2;

let world: World;
let built: OneRoute;

beforeAll(async () => {
  world = await World.start();
  built = await buildOneRoute(world, { bandwidthMbps: 5 });
  await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
});

afterAll(() => world.stop());

describe('the bandwidth of a gateway', () => {
  it('holds what leaves it near 5 Mbit/s, and not what arrives', async () => {
    const { vpc1, tunnel } = built;
    const out = await measureTcp({ from: vpc1.hostA, to: tunnel.idc.host, seconds: 4 });
    expect(out).toBeGreaterThan(Math.min(2.5, unlimited));
    expect(out).toBeLessThan(6.5);
    expect(await measureTcp({ from: tunnel.idc.host, to: vpc1.hostA, seconds: 1 })).toBeGreaterThan(unlimited);
  });

  it('is raised without losing a packet', async () => {
    const { vpc1, tunnel } = built;
    const { gatewayId } = vpc1.gateway;
    await using stream = await PacketStream.start({ from: vpc1.hostA, to: tunnel.idc.host, packetsPerSecond: 100 });
    const change = { VpnGatewayId: gatewayId, InternetMaxBandwidthOut: 100 };
    await world.cloud.call('ResetVpnGatewayInternetMaxBandwidth', change);
    await world.cloud.waitUntilApplied(gatewayId);
    await stream.waitForMore(100);
    expect(await stream.stop()).toMatchObject({ lost: 0 });
    expect(await measureTcp({ from: vpc1.hostA, to: tunnel.idc.host, seconds: 2 })).toBeGreaterThan(unlimited);
  });
});

describe('large packets', () => {
  it('pass whole up to what a tunnel must carry, with don’t-fragment set', async () => {
    const { vpc1, tunnel } = built;
    const options = { count: 3, size: 1300, dontFragment: true };
    expect(await ping(vpc1.hostA, tunnel.idc.host.address, options)).toMatchObject({ received: 3 });
    expect(await ping(tunnel.idc.host, vpc1.hostA.address, options)).toMatchObject({ received: 3 });
  });

  it('that do not fit are answered with the size that would, not swallowed', async () => {
    const { vpc1, tunnel } = built;
    const { stdout } = await vpc1.hostA.namespace.run([
      'ping',
      '-n',
      '-c',
      '2',
      '-W',
      '1',
      '-M',
      'do',
      '-s',
      '1472',
      tunnel.idc.host.address,
    ]);
    expect(stdout).toMatch(/mtu[ =]+1[34]\d\d/);
  });

  it('are cut into fragments when they may be', async () => {
    const { vpc1, tunnel } = built;
    expect(await ping(vpc1.hostA, tunnel.idc.host.address, { count: 3, size: 4000 })).toMatchObject({ received: 3 });
    expect(await ping(tunnel.idc.host, vpc1.hostA.address, { count: 3, size: 4000 })).toMatchObject({ received: 3 });
  });

  it('are not even sent by TCP: the segment size is clamped in both directions', async () => {
    const { vpc1, tunnel } = built;
    const syn = 'tcp[tcpflags] & (tcp-syn|tcp-ack) == tcp-syn';
    const [a, idc] = [vpc1.hostA, tunnel.idc.host];
    for (const [from, to] of [
      [a, idc],
      [idc, a],
    ] as const) {
      await using watch = await PacketWatch.start(to.namespace, 'eth0', syn);
      await measureTcp({ from, to, seconds: 1 });
      await watch.waitFor(1);
      const size = Number(/mss (\d+)/.exec(watch.packets[0] ?? '')?.[1]);
      expect(size).toBeGreaterThan(1200);
      expect(size).toBeLessThanOrEqual(1400);
    }
  });

  it('of TCP flow both ways', async () => {
    const { vpc1, tunnel } = built;
    expect(await measureTcp({ from: vpc1.hostA, to: tunnel.idc.host, seconds: 1 })).toBeGreaterThan(unlimited);
    expect(await measureTcp({ from: tunnel.idc.host, to: vpc1.hostA, seconds: 1 })).toBeGreaterThan(unlimited);
  });
});
