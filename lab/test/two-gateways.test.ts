import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedGateway } from '../src/cloud.ts';
import type { Host } from '../src/host.ts';
import { strongNegotiation } from '../src/negotiation.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { waitForReply } from '../src/reach.ts';
import { createVpc1, type Vpc1 } from '../src/vpc-1.ts';
import { World } from '../src/world.ts';

// Two VPCs of one host, joined by a tunnel between their two gateways, which both begin. They speak plain ESP, for which there is
// no other partner on a kernel without ESP: strongSwan's own in user space knows UDP only.

interface End {
  readonly gateway: CreatedGateway;
  readonly vpcId: string;
  readonly routeTableId: string;
  readonly range: string;
}

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
  const second = { ...vpc2, gateway: await cloud.createVpnGateway(vpc2.vpcId, 'vpc2-gateway'), range: '10.1.0.0/16' };
  const first = { ...vpc1, range: '10.0.0.0/16' };
  const connections = [await connect(first, second), await connect(second, first)];
  await Promise.all(connections.map((id) => cloud.waitUntilConnected(id)));
});

afterAll(() => world.stop());

async function connect(from: End, to: End): Promise<string> {
  const { cloud } = world;
  const { gatewayId } = from.gateway;
  const connectionId = await cloud.createVpnConnection({
    gatewayId,
    customerGatewayId: await cloud.createCustomerGateway(`at ${to.range}`, to.gateway.publicAddress),
    vpcId: from.vpcId,
    name: `to ${to.range}`,
    preSharedKey: 'the key of both gateways',
    negotiation: strongNegotiation,
  });
  await cloud.createGatewayRoute(gatewayId, to.range, connectionId);
  await cloud.createVpcRoute(from.routeTableId, to.range, gatewayId);
  return connectionId;
}

describe('two gateways', () => {
  it('join their VPCs', async () => {
    await waitForReply(vpc1.hostA, far);
    await waitForReply(far, vpc1.hostB);
  });

  it('speak IP protocol 50, not UDP', async () => {
    await using esp = await PacketWatch.start(world.lab.host, 'any', 'ip proto 50');
    await using udp = await PacketWatch.start(world.lab.host, 'any', 'udp port 4500');
    await using stream = await PacketStream.start({ from: vpc1.hostA, to: far, packetsPerSecond: 100 });
    await stream.waitForMore(50);
    expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
    await esp.waitFor(50);
    expect(udp.packets).toEqual([]);
  });
});
