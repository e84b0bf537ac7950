import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { connectGateways } from '../src/connect-gateways.ts';
import type { Host } from '../src/host.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { waitForReply } from '../src/reach.ts';
import { createVpc1, type Vpc1 } from '../src/vpc-1.ts';
import { World } from '../src/world.ts';

// Two VPCs of one host, joined by a tunnel between their two gateways, which both begin. They speak plain ESP, for which there is
// no other partner on a kernel without ESP: strongSwan's own in user space knows UDP only.

let world: World;
let vpc1: Vpc1;
let far: Host;

beforeAll(async () => {
  world = await World.start({ settings: { espInUdp: 'behind-nat' } });
  const { cloud, lab } = world;
  vpc1 = await createVpc1(world);
  far = await lab.createVpcHost({ name: 'VPC-2 C', label: 'vpc2-c', subnetPrefix: '10.1.1' });
  const vpc2 = await cloud.createVpc('vpc2', '10.1.0.0/16');
  await cloud.createSubnet(vpc2.vpcId, 'C', '10.1.1.0/24', lab.cable('vpc2-c'));
  const second = { ...vpc2, gateway: await cloud.createVpnGateway(vpc2.vpcId, 'vpc2-gateway'), cidr: '10.1.0.0/16' };
  const first = { ...vpc1, cidr: '10.0.0.0/16' };
  await cloud.createVpcRoute(first.routeTableId, second.cidr, first.gateway.gatewayId);
  await cloud.createVpcRoute(second.routeTableId, first.cidr, second.gateway.gatewayId);
  const connections = [await connectGateways(world, first, second), await connectGateways(world, second, first)];
  await Promise.all(connections.map((id) => cloud.waitUntilConnected(id)));
});

afterAll(() => world.stop());

describe('two gateways', () => {
  it('join their VPCs', async () => {
    await waitForReply(vpc1.hostA, far);
    await waitForReply(far, vpc1.hostB);
  });

  it('speak IP protocol 50, not UDP', async () => {
    await using esp = await PacketWatch.start(world.lab.host, 'any', 'ip proto 50');
    await using udp = await PacketWatch.start(world.lab.host, 'any', 'udp port 4500');
    await using stream = await PacketStream.start({ from: vpc1.hostA, to: far, packetsPerSecond: 100 });
    // While it flows: a busy machine shows tcpdump less than passes.
    await esp.waitFor(50);
    expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
    expect(udp.packets).toEqual([]);
  });
});
