import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CreatedGateway } from '../src/cloud.ts';
import { gatewayProcess } from '../src/gateway-processes.ts';
import { connectIdc, type IdcConnection } from '../src/idc-connection.ts';
import type { IdcDevice } from '../src/idc-device.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import { PacketStream } from '../src/packet-stream.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { waitForReply } from '../src/reach.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import type { Tenant } from '../src/tenant.ts';
import { secondTenant } from '../src/tenant-marks.ts';
import type { Vpc1 } from '../src/vpc-1.ts';
import type { WireCapture } from '../src/wire-capture.ts';
import { World } from '../src/world.ts';

// A change to one tunnel must not touch another, neither one of the same gateway nor one of another tenant with the very same
// ranges. That tenants are apart in every scenario is tenants.test.ts.

let world: World;
let capture: WireCapture;
let red: OneRoute;
let other: Tenant;
let blue: OneRoute;

beforeAll(async () => {
  world = await World.start();
  capture = await world.lab.capture();
  other = await world.addTenant('other', secondTenant);
  [red, blue] = await Promise.all([oneRoute.build(world), oneRoute.build(other)]);
  await Promise.all([red, blue].map(({ vpc1, tunnel }) => waitForReply(vpc1.hostA, tunnel.idc.host)));
});

afterAll(() => world.stop());

describe('two tenants with the same ranges', () => {
  it('never see each other’s packets', async () => {
    await using atRed = await PacketWatch.start(red.tunnel.idc.host.namespace, 'eth0', 'udp port 5001');
    await using atBlueVpc = await PacketWatch.start(blue.vpc1.hostA.namespace, 'eth0', 'udp port 5002');
    await using ofBlue = await startStream(blue, 5001);
    await using ofRed = await PacketStream.start({
      from: red.tunnel.idc.host,
      to: red.vpc1.hostA,
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
    await other.cloud.resetVpnConnection(blue.vpc1.gateway.gatewayId, blue.tunnel.connectionId);
    await other.cloud.waitUntilConnected(blue.tunnel.connectionId);
    await waitForReply(blue.vpc1.hostA, blue.tunnel.idc.host);
    expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
  });

  it('loses no packet of another tunnel of the same gateway, from creation to deletion', async () => {
    await using stream = await startStream(red, 5004);
    const second = await createSecondTunnel(red.vpc1, red.vpc1.gateway);
    await stream.waitForMore(20);
    await world.cloud.modifyVpnConnection(second.connectionId, { PreShareKey: 'a new key' });
    await second.idc.charon.load([{ ...second.peer, preSharedKey: 'a new key' }]);
    await world.cloud.resetVpnConnection(red.vpc1.gateway.gatewayId, second.connectionId);
    await world.cloud.waitUntilConnected(second.connectionId, 60_000);
    await waitForReply(red.vpc1.hostA, second.idc.host);
    await stream.waitForMore(20);
    await deleteTunnel(red.vpc1.gateway, second);
    await stream.waitForMore(100);
    expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
    expect(await ping(red.vpc1.hostA, second.idc.host.address, { count: 2 })).toMatchObject({ received: 0 });
  });
});

describe('a tunnel that is changed, deleted and replaced while its gateway is busy', () => {
  it.each(['route', 'spd'] as const)('leaves the gateway as wanted within seconds, mode %s', async (mode) => {
    const { cloud } = world;
    const { gateway, vpcId } = red.vpc1;
    const { gatewayId } = gateway;
    const mark = cloud.made;
    const connect = (idc: IdcDevice, onCall?: () => Promise<void>): Promise<IdcConnection> =>
      connectIdc(world, {
        ...{ gateway, vpcId, idc, cloudRanges: ['10.0.0.0/16'] },
        ...(mode === 'spd' && { policies: { '10.0.0.0/16': [idc.lan] } }),
        ...(onCall !== undefined && { onCall }),
      });
    const old = await connect(await idcOf(4));
    await cloud.waitUntilConnected(old.connectionId);
    await using stream = await startStream(red, mode === 'route' ? 5005 : 5006);
    const charon = (await gatewayProcess(gatewayId, 'charon')) ?? 0;
    let next: IdcConnection;
    try {
      next = await connect(await idcOf(5), async () => {
        process.kill(charon, 'SIGSTOP');
        await cloud.modifyVpnConnection(old.connectionId, { PreShareKey: 'another key' });
        await cloud.call('DeleteVpnConnection', { VpnGatewayId: gatewayId, VpnConnectionId: old.connectionId });
      });
    } finally {
      process.kill(charon, 'SIGCONT');
    }
    await cloud.waitUntilConnected(next.connectionId, 10_000);
    await cloud.waitUntilApplied(gatewayId);
    expect(await tunnelDevices(gatewayId)).toEqual([red.tunnel.connectionId, next.connectionId].sort());
    await stream.waitForMore(20);
    expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
    await cloud.deleteBackTo(mark);
    await cloud.waitUntilApplied(gatewayId);
  });
});

it('nothing inner went by in clear on the internet in all of this', async () => {
  const wire = await capture.stop();
  expect(wire).toMatchObject({ inner: [], sawCanary: false });
  expect(wire.encrypted).toBeGreaterThan(100);
});

async function tunnelDevices(gatewayId: string): Promise<string[]> {
  const links = await new Namespace(`lb-${gatewayId}`).ipJson('link', 'show');
  return links
    .map(({ ifname }) => String(ifname))
    .filter((name) => name.startsWith('vpnx-'))
    .sort();
}

/** Made once; its device knows no connection until connectIdc loads one. */
const idcs = new Map<number, Promise<IdcDevice>>();

function idcOf(n: number): Promise<IdcDevice> {
  const idc = idcs.get(n) ?? world.lab.createIdc(n);
  idcs.set(n, idc);
  return idc;
}

function startStream({ vpc1, tunnel }: OneRoute, port: number): Promise<PacketStream> {
  return PacketStream.start({ from: vpc1.hostA, to: tunnel.idc.host, packetsPerSecond: 200, port });
}

/** To IDC-3, by an SPD policy. */
async function createSecondTunnel({ vpcId, routeTableId }: Vpc1, gateway: CreatedGateway): Promise<IdcConnection> {
  const idc = await idcOf(3);
  const policies = { '10.0.0.0/16': [idc.lan] };
  const tunnel = await connectIdc(world, { gateway, vpcId, idc, policies, cloudRanges: ['10.0.0.0/16'] });
  await world.cloud.createVpcRoute(routeTableId, idc.lan, gateway.gatewayId);
  await world.cloud.waitUntilConnected(tunnel.connectionId);
  await waitForReply(red.vpc1.hostA, idc.host);
  return tunnel;
}

async function deleteTunnel({ gatewayId }: CreatedGateway, { connectionId }: IdcConnection): Promise<void> {
  await world.cloud.call('DeleteVpnConnection', { VpnGatewayId: gatewayId, VpnConnectionId: connectionId });
  await world.cloud.waitUntilApplied(gatewayId);
}
