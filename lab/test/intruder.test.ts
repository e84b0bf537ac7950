import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '@landbridge/client';
import { sealForged, sendSealed } from '../src/hostile-idc.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { waitForReply } from '../src/reach.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import type { Host } from '../src/host.ts';
import { createInsideNetwork } from '../src/inside-network.ts';
import { poll } from '@landbridge/testbed/poll';
import { advertiseRouter } from '../src/router-advertisement.ts';
import { hostAddress } from '../src/uplink.ts';
import { World } from '../src/world.ts';

// Somebody on the internet who knows all addresses but no key, and somebody who recorded the peer's packets.

let world: World;
let built: OneRoute;
let stranger: Namespace;
let inside: Host;

beforeAll(async () => {
  world = await World.start();
  built = await oneRoute.build(world);
  const { vpc1, tunnel } = built;
  stranger = await world.lab.createStranger('203.0.113.66', vpc1.hostA.address, tunnel.idc.host.address);
  inside = await createInsideNetwork(world.lab);
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

describe('a host of a subnet', () => {
  it('makes the router of its VPC neither take addresses nor a route from it', async () => {
    const { vpc1 } = built;
    await using atA = await PacketWatch.start(vpc1.hostA.namespace, 'eth0', 'icmp6');
    const router = new Namespace(`lb-${vpc1.vpcId}`);
    const [before, gateway] = [await routesOf(router), new Namespace(`lb-${vpc1.gateway.gatewayId}`)];
    for (let round = 0; round < 3; round++) await advertiseRouter(vpc1.hostA.namespace, 'eth0');
    // One that arrived later than all of the advertisements.
    expect(await ping(vpc1.hostA, '10.0.1.1')).toMatchObject({ received: 1 });
    for (const namespace of [router, gateway]) {
      expect(await namespace.ipJson('-6', 'address', 'show')).toEqual([]);
      expect(await namespace.ipJson('-6', 'route', 'show', 'table', 'all')).toEqual([]);
    }
    expect(await routesOf(router)).toEqual(before);
    expect(atA.packets).toEqual([]);
  });

  it('gets an answer from the router to pings of its own gateway address, and to nothing else', async () => {
    const { vpc1 } = built;
    const { namespace } = vpc1.hostA;
    const answers = 'icmp[icmptype] = icmp-unreach or tcp[tcpflags] & tcp-rst != 0';
    await using refusals = await PacketWatch.start(namespace, 'eth0', answers);
    await namespace.run(['timeout', '1', 'bash', '-c', 'echo x > /dev/udp/10.0.1.1/53; echo x > /dev/tcp/10.0.1.1/22']);
    await namespace.ip('route add 10.0.2.1/32 dev eth0', 'route add 169.254.0.1/32 dev eth0');
    try {
      // By ARP: these are addresses of the router, but not on this network.
      for (const address of ['10.0.2.1', '169.254.0.1']) {
        expect(await ping(vpc1.hostA, address, { count: 2 })).toMatchObject({ received: 0 });
      }
      expect(await ping(vpc1.hostA, '10.0.1.1')).toMatchObject({ received: 1 });
      expect(refusals.packets).toEqual([]);
    } finally {
      await namespace.ip('route delete 10.0.2.1/32', 'route delete 169.254.0.1/32');
    }
    expect(await ping(vpc1.hostA, '10.0.2.1')).toMatchObject({ received: 1 });
  });
});

describe('the server’s machine', () => {
  it('is no router for the internet, unless its operator made it one', async () => {
    const { lab, server } = world;
    await stranger.ip(`route replace 10.98.0.0/24 via ${hostAddress} dev wan`);
    const isReached = async () => (await ping({ namespace: stranger }, inside.address)).received > 0;
    const restart = async (forwards: '0' | '1') => {
      await lab.host.sysctl({ 'net.ipv4.ip_forward': forwards });
      await server.stop('SIGTERM');
      await server.startAgain();
    };
    await lab.host.ip('route replace 203.0.113.66/32 dev uplink');
    await using atInside = await PacketWatch.start(inside.namespace, 'eth0', 'icmp[icmptype] = icmp-echo');
    try {
      expect(await ping({ namespace: stranger }, hostAddress)).toMatchObject({ received: 1 });
      expect(await ping({ namespace: stranger }, inside.address, { count: 3 })).toMatchObject({ received: 0 });
      expect(await ping(inside, built.vpc1.gateway.publicAddress)).toMatchObject({ received: 0 });
      expect(atInside.packets).toEqual([]);
      await restart('1');
      await poll('the operator’s machine forwards', isReached, Boolean, { within: 20_000 });
      await restart('0');
      await poll('the machine forwards no more', isReached, (reached) => !reached, { within: 20_000 });
      // Not by itself, but for the gateway as before.
      await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
      expect(await isReached()).toBe(false);
    } finally {
      await lab.host.sysctl({ 'net.ipv4.ip_forward': '0' });
      await lab.host.ip('route delete 203.0.113.66/32 dev uplink');
    }
  });
});

describe('an interface of the server’s machine that it uses itself', () => {
  it('is not taken unless forced, and comes back as it was', async () => {
    const { cloud, lab } = world;
    await lab.host.ip('route add 10.97.0.0/24 via 10.98.0.10 dev inside metric 50');
    const { Subnet } = await cloud.call('CreateSubnet', {
      ...{ VpcId: built.vpc1.vpcId, SubnetName: 'C', CidrBlock: '10.0.3.0/24', Zone: 'local-1' },
    });
    const attachment = { SubnetId: (Subnet as JsonObject)['SubnetId']!, InterfaceName: 'inside' };
    const before = await deviceOf(lab.host);
    try {
      await expect(cloud.call('AttachSubnetInterface', attachment, 'landbridge')).rejects.toThrow(/10\.98\.0\.1\/24/);
      expect(await ping({ namespace: lab.host }, inside.address)).toMatchObject({ received: 1 });
      await cloud.call('AttachSubnetInterface', { ...attachment, Force: true }, 'landbridge');
      await poll(
        'the interface is taken',
        () => deviceOf(lab.host),
        ({ links }) => links.length === 0,
        { within: 20_000 },
      );
    } finally {
      await cloud.call('DetachSubnetInterface', attachment, 'landbridge').catch(() => undefined);
      await poll(
        'the interface is back',
        () => deviceOf(lab.host),
        ({ routes }) => routes.length > 1,
        { within: 20_000 },
      );
      await cloud.call('DeleteSubnet', { SubnetId: attachment.SubnetId });
    }
    expect(await deviceOf(lab.host)).toEqual({ ...before, links: [['inside', ['10.98.0.1/24']]] });
    expect(await ping({ namespace: lab.host }, inside.address)).toMatchObject({ received: 1 });
    await lab.host.ip('route delete 10.97.0.0/24');
  });
});

describe('recorded packets', () => {
  it('arrive once, however often they are sent', async () => {
    const { vpc1, tunnel } = built;
    await using watch = await PacketWatch.start(vpc1.hostA.namespace, 'eth0', 'udp port 7000');
    const packet = { source: tunnel.idc.host.address, destination: vpc1.hostA.address, port: 7000, text: 'once' };
    // Sealed once: with the keys of one SA, which may be renewed meanwhile, and with one sequence number.
    const sealed = await sealForged(tunnel, [packet]);
    for (let round = 0; round < 3; round++) await sendSealed(tunnel, sealed);
    await watch.waitFor(1);
    await waitForReply(tunnel.idc.host, vpc1.hostA);
    expect(watch.packets).toHaveLength(1);
  });
});

interface DeviceState {
  readonly links: readonly unknown[];
  readonly routes: readonly unknown[];
}

/** The interface of the inside network, or nothing. */
async function deviceOf(namespace: Namespace): Promise<DeviceState> {
  const links = (await namespace.ipJson('-4', 'address', 'show')).filter(({ ifname }) => ifname === 'inside');
  const routes = (await namespace.ipJson('route', 'show')).filter(({ dev }) => dev === 'inside');
  const addresses = (link: JsonObject) =>
    (link['addr_info'] as { local: string; prefixlen: number }[]).map(
      ({ local, prefixlen }) => `${local}/${prefixlen}`,
    );
  return {
    links: links.map((link) => [link['ifname'], addresses(link as JsonObject)]),
    routes: routes.map(({ dst, gateway, metric }) => ({ dst, gateway, metric })),
  };
}

function routesOf(namespace: Namespace): Promise<readonly unknown[]> {
  return namespace.ipJson('-4', 'route', 'show', 'table', 'all');
}
