import { randomBytes } from 'node:crypto';
import type { JsonObject } from '@landbridge/client';
import { poll } from '@landbridge/testbed/poll';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FarRouter } from '../src/far-router.ts';
import { freshDrops } from '../src/fresh-drops.ts';
import { sendForged } from '../src/hostile-idc.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { waitForReply, waitForSilence } from '../src/reach.ts';
import { measureMatrix, mismatches } from '../src/reachability-matrix.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { segmentsOf, sendSegmented } from '../src/segmented-datagrams.ts';
import type { WireCapture } from '../src/wire-capture.ts';
import { World } from '../src/world.ts';

// docs/spec/scenarios.md section 1, destination routing: the table, then its negative cases 1, 2, 3, 4 and 8.

let world: World;
let built: OneRoute;
let capture: WireCapture;

beforeAll(async () => {
  world = await World.start();
  capture = await world.lab.capture();
  built = await oneRoute.build(world);
});

afterAll(() => world.stop());

describe('scenario 1, destination routing', () => {
  it('reaches as the table says', async () => {
    const cells = await measureMatrix(built.hosts, oneRoute.expected);
    expect(mismatches(cells)).toEqual([]);
  });

  it('without a VPC route is connected but one-way: requests arrive, replies are lost (T6)', async () => {
    const { vpc1, tunnel } = built;
    const { routeTableId, gateway, hostA } = vpc1;
    const route = { RouteItemId: built.vpcRouteItemId };
    await world.cloud.call('DeleteRoutes', { RouteTableId: routeTableId, Routes: [{ ...route }] });
    try {
      await waitForSilence(hostA, tunnel.idc.host);
      await expectOnlyRequestsArrive();
      expect(await world.cloud.netStatus(tunnel.connectionId)).toBe('AVAILABLE');
    } finally {
      await world.cloud.createVpcRoute(routeTableId, tunnel.idc.lan, gateway.gatewayId);
    }
    await waitForReply(hostA, tunnel.idc.host);
  });

  it('with a disabled gateway route drops at the gateway, in both directions (T8)', async () => {
    const { vpc1, tunnel, gatewayRouteId } = built;
    await world.cloud.setGatewayRouteStatus(vpc1.gateway.gatewayId, gatewayRouteId, 'DISABLE');
    try {
      await waitForSilence(vpc1.hostA, tunnel.idc.host);
      await expectNothingArrivesAtIdc();
      await expectSourcesOfIdcAreChecked();
    } finally {
      await world.cloud.setGatewayRouteStatus(vpc1.gateway.gatewayId, gatewayRouteId, 'ENABLE');
    }
    await waitForReply(vpc1.hostA, tunnel.idc.host);
  });

  it('without the gateway route does the same', async () => {
    const { vpc1, tunnel, gatewayRouteId } = built;
    const { gatewayId } = vpc1.gateway;
    await world.cloud.call('DeleteVpnGatewayRoutes', { VpnGatewayId: gatewayId, RouteIds: [gatewayRouteId] });
    try {
      await waitForSilence(vpc1.hostA, tunnel.idc.host);
      await expectNothingArrivesAtIdc();
      await expectSourcesOfIdcAreChecked();
    } finally {
      await world.cloud.createGatewayRoute(gatewayId, tunnel.idc.lan, tunnel.connectionId);
    }
    await waitForReply(vpc1.hostA, tunnel.idc.host);
  });

  it('refuses a VPC route for a range inside the VPC', async () => {
    const { routeTableId, gateway } = built.vpc1;
    await expect(world.cloud.createVpcRoute(routeTableId, '10.0.9.0/24', gateway.gatewayId)).rejects.toMatchObject({
      code: 'InvalidParameterValue.VpcCidrConflict',
    });
  });

  it('refuses a second tunnel between the same gateway and customer gateway', async () => {
    const { vpc1, tunnel } = built;
    const again = world.cloud.call('CreateVpnConnection', {
      VpnGatewayId: vpc1.gateway.gatewayId,
      CustomerGatewayId: tunnel.customerGatewayId,
      VpcId: vpc1.vpcId,
      VpnConnectionName: 'again',
      PreShareKey: 'another key',
      RouteType: 'StaticRoute',
    });
    await expect(again).rejects.toMatchObject({
      code: expect.stringMatching(/^(ResourceInUse|LimitExceeded)/) as string,
    });
  });

  it('is told by routers of the IDC what becomes of its packets, and not of those to somebody else', async () => {
    const { vpc1, tunnel } = built;
    const { hostA } = vpc1;
    await using router = await FarRouter.start(tunnel.idc, hostA);
    await using watch = await PacketWatch.start(hostA.namespace, 'eth0', `icmp and src host ${router.address}`);
    const sendTooLong = () => ping(hostA, router.destination, { size: 1000, dontFragment: true, replySeconds: 0.2 });
    // Of the VPC, the gateway, the device and the router the last one finds that it has no hop left.
    const sendTooFar = () => ping(hostA, router.destination, { timeToLive: 4, replySeconds: 0.2 });
    await sendTooLong();
    await watch.waitFor(1);
    await sendTooFar();
    await watch.waitFor(2);
    expect(watch.packets).toEqual([
      expect.stringContaining(`ICMP ${router.destination} unreachable - need to frag (mtu 600)`),
      expect.stringContaining('ICMP time exceeded in-transit'),
    ]);

    const before = await countUnrouted();
    await router.misquote();
    await sendTooFar();
    await poll('the gateway dropped it', countUnrouted, (count) => count === before + 1, { within: 30_000 });
    expect(watch.packets).toHaveLength(2);
  });

  it('reaches a subnet in a secondary range of the VPC, as far as its route table leads to the IDC', async () => {
    const { cloud, lab } = world;
    const { vpc1, tunnel } = built;
    const { vpcId, gateway, hostA, hostB } = vpc1;
    const { host: idc } = tunnel.idc;
    const range = '172.20.0.0/16';
    const made = cloud.made;
    const hostS = await lab.createVpcHost({ name: 'VPC-1 S', label: 'vpc1-s', subnetPrefix: '172.20.1' });
    const createSubnet = () => cloud.createSubnet(vpcId, 'S', '172.20.1.0/24', lab.cable('vpc1-s'));
    await expect(createSubnet()).rejects.toMatchObject({ code: 'InvalidParameterValue.SubnetRange' });
    try {
      await cloud.addRanges(vpcId, [range]);
      const SubnetId = await createSubnet();
      await tunnel.idc.routeIntoTunnel(range);
      await waitForReply(hostS, idc);
      const reached = { 'VPC-1 S': 'yes', 'IDC-1': 'yes' } as const;
      const cells = await measureMatrix([hostS, hostA, hostB, idc], {
        ...{ 'VPC-1 S': { 'VPC-1 A': 'yes', 'VPC-1 B': 'yes', 'IDC-1': 'yes' } },
        ...{ 'VPC-1 A': reached, 'VPC-1 B': reached, 'IDC-1': { 'VPC-1 S': 'yes' } },
      });
      expect(mismatches(cells)).toEqual([]);

      // Nobody out of the tunnel speaks for it.
      await using forged = await PacketWatch.start(hostA.namespace, 'eth0', 'udp dst port 7000');
      const datagram = { destination: hostA.address, port: 7000, text: 'x' };
      await sendForged(tunnel, [
        { ...datagram, source: '172.20.9.9' },
        { ...datagram, source: idc.address },
      ]);
      await forged.waitFor(1);
      expect(forged.packets).toEqual([expect.stringContaining(`IP ${idc.address}.`)]);
      // Until the device has passed the sequence numbers that were used up.
      await ping(idc, hostA.address, { count: 15, intervalSeconds: 0.1 });

      const { RouteTable } = await cloud.call('CreateRouteTable', { VpcId: vpcId, RouteTableName: 'leads nowhere' });
      const { RouteTableId } = RouteTable as JsonObject;
      cloud.deleteLater('DeleteRouteTable', { RouteTableId: RouteTableId ?? '' });
      await cloud.call('ReplaceRouteTableAssociation', { SubnetId, RouteTableId });
      await waitForSilence(hostS, idc);
      await waitForReply(hostA, idc);
      await waitForReply(hostS, hostA);
      await cloud.call('ReplaceRouteTableAssociation', { SubnetId, RouteTableId: vpc1.routeTableId });
      await waitForReply(hostS, idc);

      const remove = { VpcId: vpcId, CidrBlocks: [range] };
      await expect(cloud.call('DeleteAssistantCidr', remove)).rejects.toMatchObject({ code: 'ResourceInUse' });
    } finally {
      await cloud.deleteBackTo(made);
    }
    await cloud.waitUntilApplied(gateway.gatewayId);
    await waitForSilence(hostS, idc);
    await waitForReply(hostA, idc);
  });

  it('carries datagrams that a host sends by one call one by one, whole and in order, in both directions', async () => {
    const { vpc1, tunnel } = built;
    const ends = [
      [vpc1.hostA, tunnel.idc.host],
      [tunnel.idc.host, vpc1.hostA],
    ] as const;
    for (const [from, to] of ends) {
      for (const bytes of [1, 36, 575, 1300]) {
        const message = randomBytes(20 * bytes - Math.floor(bytes / 2));
        expect(await sendSegmented(from, to, message, bytes)).toEqual(segmentsOf(message, bytes));
      }
    }
  });

  it('had nothing inner in clear on the internet in all of this', async () => {
    const wire = await capture.stop();
    expect(wire).toMatchObject({ inner: [], sawCanary: false });
    expect(wire.encrypted).toBeGreaterThan(20);
  });
});

async function expectOnlyRequestsArrive(): Promise<void> {
  const { vpc1, tunnel } = built;
  await using watch = await PacketWatch.start(vpc1.hostA.namespace, 'eth0', 'icmp[icmptype] = icmp-echo');
  const { received } = await ping(tunnel.idc.host, vpc1.hostA.address, { count: 3 });
  await watch.waitFor(3);
  expect(received).toBe(0);
}

/** No route leads back to them: held and counted by reason; where they are not checked, requests arrive and replies are lost. */
async function expectSourcesOfIdcAreChecked(): Promise<void> {
  const { vpc1, tunnel } = built;
  const { gatewayId } = vpc1.gateway;
  // Answers to earlier pings were dropped, too.
  const before = await countUnrouted();
  await using watch = await PacketWatch.start(vpc1.hostA.namespace, 'eth0', 'icmp[icmptype] = icmp-echo');
  expect(await ping(tunnel.idc.host, vpc1.hostA.address, { count: 3 })).toMatchObject({ received: 0 });
  expect(watch.packets).toEqual([]);
  expect(await countUnrouted()).toBe(before + 3);
  await world.cloud.setSourceCheck(gatewayId, false);
  try {
    await expectOnlyRequestsArrive();
  } finally {
    await world.cloud.setSourceCheck(gatewayId, true);
  }
  // The packet filter was changed twice.
  expect(await countUnrouted()).toBe(before + 3);
}

/** Packets out of the tunnel with a source that no route leads back to, dropped until now. */
async function countUnrouted(): Promise<number> {
  const { vpc1, tunnel } = built;
  return (await freshDrops(world.cloud, vpc1.gateway.gatewayId, tunnel.connectionId))['UNROUTED_SOURCE'] ?? 0;
}

async function expectNothingArrivesAtIdc(): Promise<void> {
  const { vpc1, tunnel } = built;
  await using watch = await PacketWatch.start(tunnel.idc.host.namespace, 'eth0', 'icmp[icmptype] = icmp-echo');
  await ping(vpc1.hostA, tunnel.idc.host.address, { count: 3 });
  expect(watch.packets).toEqual([]);
}
