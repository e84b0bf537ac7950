import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendForged } from '../src/hostile-idc.ts';
import type { Namespace } from '../src/namespace.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { waitForReply } from '../src/reach.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { hostAddress } from '../src/uplink.ts';
import { World } from '../src/world.ts';

// Somebody on the internet who knows all addresses but no key, and somebody who recorded the peer's packets.

let world: World;
let built: OneRoute;
let stranger: Namespace;

beforeAll(async () => {
  world = await World.start();
  built = await oneRoute.build(world);
  const { vpc1, tunnel } = built;
  stranger = await world.lab.createStranger('203.0.113.66', vpc1.hostA.address, tunnel.idc.host.address);
  await waitForReply(vpc1.hostA, tunnel.idc.host);
});

afterAll(() => world.stop());

describe('packets in clear from the internet', () => {
  it('enter neither a tunnel nor a VPC, by the gateway’s address or by the host’s', async () => {
    const { vpc1, tunnel } = built;
    const [a, idc] = [vpc1.hostA, tunnel.idc.host];
    const requests = 'icmp[icmptype] = icmp-echo';
    await using atA = await PacketWatch.start(a.namespace, 'eth0', requests);
    await using atIdc = await PacketWatch.start(idc.namespace, 'eth0', requests);
    for (const nextHop of [vpc1.gateway.publicAddress, hostAddress]) {
      await stranger.ip(
        `route replace 10.0.0.0/16 via ${nextHop} dev wan`,
        `route replace ${tunnel.idc.lan} via ${nextHop} dev wan`,
      );
      // The kernel refuses to send to an own address, so each direction takes the next one of the subnet.
      await ping({ namespace: stranger }, '10.0.1.11', { count: 2, source: idc.address });
      await ping({ namespace: stranger }, '192.168.1.11', { count: 2, source: a.address });
      await ping({ namespace: stranger }, vpc1.hostB.address, { count: 2, source: idc.address });
    }
    await using atB = await PacketWatch.start(vpc1.hostB.namespace, 'eth0', requests);
    expect(await ping(idc, vpc1.hostB.address)).toMatchObject({ received: 1 });
    await atB.waitFor(1);
    expect([...atA.packets, ...atIdc.packets]).toEqual([]);
    expect(atB.packets).toHaveLength(1);
  });
});

describe('recorded packets', () => {
  it('arrive once, however often they are sent', async () => {
    const { vpc1, tunnel } = built;
    await using watch = await PacketWatch.start(vpc1.hostA.namespace, 'eth0', 'udp port 7000');
    const packet = { source: tunnel.idc.host.address, destination: vpc1.hostA.address, port: 7000, text: 'once' };
    // The device does not count forged packets, so each round uses the same sequence number.
    for (let round = 0; round < 3; round++) await sendForged(tunnel, [packet]);
    await watch.waitFor(1);
    await waitForReply(tunnel.idc.host, vpc1.hostA);
    expect(watch.packets).toHaveLength(1);
  });
});
