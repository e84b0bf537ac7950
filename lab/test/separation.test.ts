import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedGateway } from '../src/cloud.ts';
import { connectIdc, type IdcConnection } from '../src/idc-connection.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { waitForReply } from '../src/reach.ts';
import { createVpc1, type Vpc1 } from '../src/vpc-1.ts';
import type { WireCapture } from '../src/wire-capture.ts';
import { World } from '../src/world.ts';

// Two tenants with the very same ranges on both ends, and changes to one tunnel that must not touch another.

interface Tenant {
  readonly vpc: Vpc1;
  readonly tunnel: IdcConnection;
}

let world: World;
let capture: WireCapture;
let red: Tenant;
let blue: Tenant;

beforeAll(async () => {
  world = await World.start();
  capture = await world.lab.capture();
  red = await createTenant('red1', 1, '203.0.113.11');
  blue = await createTenant('blue1', 2, '203.0.113.12');
  await Promise.all([red, blue].map(({ tunnel }) => world.cloud.waitUntilConnected(tunnel.connectionId)));
  await Promise.all([red, blue].map(({ vpc, tunnel }) => waitForReply(vpc.hostA, tunnel.idc.host)));
});

afterAll(() => world.stop());

async function createTenant(label: string, n: number, publicAddress: string): Promise<Tenant> {
  const idc = await world.lab.createIdc(n, { name: `IDC of ${label}`, publicAddress, lanPrefix: '192.168.1' });
  const vpc = await createVpc1(world, { label });
  const { gateway, vpcId, routeTableId } = vpc;
  const tunnel = await connectIdc(world, { gateway, vpcId, idc, cloudRanges: ['10.0.0.0/16'] });
  await world.cloud.createGatewayRoute(gateway.gatewayId, idc.lan, tunnel.connectionId);
  await world.cloud.createVpcRoute(routeTableId, idc.lan, gateway.gatewayId);
  return { vpc, tunnel };
}

describe('two tenants with the same ranges', () => {
  it('never see each other’s packets', async () => {
    await using atRed = await PacketWatch.start(red.tunnel.idc.host.namespace, 'eth0', 'udp port 5001');
    await using atBlueVpc = await PacketWatch.start(blue.vpc.hostA.namespace, 'eth0', 'udp port 5002');
    await using ofBlue = await startStream(blue, 5001);
    await using ofRed = await PacketStream.start({
      from: red.tunnel.idc.host,
      to: red.vpc.hostA,
      packetsPerSecond: 200,
      port: 5002,
    });
    await ofBlue.waitForMore(200);
    expect(await ofBlue.stop()).toMatchObject({ lost: 0, duplicates: 0 });
    expect(await ofRed.stop()).toMatchObject({ lost: 0, duplicates: 0 });
    expect([...atRed.packets, ...atBlueVpc.packets]).toEqual([]);
  });
});

describe('a change to one tunnel', () => {
  it('loses no packet of another gateway’s tunnel', async () => {
    await using stream = await startStream(red, 5003);
    await world.cloud.resetVpnConnection(blue.vpc.gateway.gatewayId, blue.tunnel.connectionId);
    await world.cloud.waitUntilConnected(blue.tunnel.connectionId);
    await waitForReply(blue.vpc.hostA, blue.tunnel.idc.host);
    expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
  });

  it('loses no packet of another tunnel of the same gateway, from creation to deletion', async () => {
    await using stream = await startStream(red, 5004);
    const second = await createSecondTunnel(red.vpc, red.vpc.gateway);
    await stream.waitForMore(20);
    await world.cloud.modifyVpnConnection(second.connectionId, { PreShareKey: 'a new key' });
    await second.idc.charon.load([{ ...second.peer, preSharedKey: 'a new key' }]);
    await world.cloud.resetVpnConnection(red.vpc.gateway.gatewayId, second.connectionId);
    await world.cloud.waitUntilConnected(second.connectionId, 60_000);
    await waitForReply(red.vpc.hostA, second.idc.host);
    await stream.waitForMore(20);
    await deleteTunnel(red.vpc.gateway, second);
    await stream.waitForMore(100);
    expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
    expect(await ping(red.vpc.hostA, second.idc.host.address, { count: 2 })).toMatchObject({ received: 0 });
  });
});

it('nothing inner went by in clear on the internet in all of this', async () => {
  const wire = await capture.stop();
  expect(wire).toMatchObject({ inner: [], sawCanary: false });
  expect(wire.encrypted).toBeGreaterThan(100);
});

function startStream({ vpc, tunnel }: Tenant, port: number): Promise<PacketStream> {
  return PacketStream.start({ from: vpc.hostA, to: tunnel.idc.host, packetsPerSecond: 200, port });
}

/** To IDC-3, by an SPD policy. */
async function createSecondTunnel({ vpcId, routeTableId }: Vpc1, gateway: CreatedGateway): Promise<IdcConnection> {
  const idc = await world.lab.createIdc(3);
  const policies = { '10.0.0.0/16': [idc.lan] };
  const tunnel = await connectIdc(world, { gateway, vpcId, idc, policies, cloudRanges: ['10.0.0.0/16'] });
  await world.cloud.createVpcRoute(routeTableId, idc.lan, gateway.gatewayId);
  await world.cloud.waitUntilConnected(tunnel.connectionId);
  await waitForReply(red.vpc.hostA, idc.host);
  return tunnel;
}

async function deleteTunnel({ gatewayId }: CreatedGateway, { connectionId }: IdcConnection): Promise<void> {
  await world.cloud.call('DeleteVpnConnection', { VpnGatewayId: gatewayId, VpnConnectionId: connectionId });
  await world.cloud.waitUntilApplied(gatewayId);
}
