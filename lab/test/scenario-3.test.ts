import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textAt } from '../src/cloud.ts';
import { connectIdc, type IdcConnection } from '../src/idc-connection.ts';
import type { IdcDevice } from '../src/idc-device.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { measureMatrix, mismatches } from '../src/reachability-matrix.ts';
import { three, type Three } from '../src/scenarios/3.ts';
import type { WireCapture } from '../src/wire-capture.ts';
import { World } from '../src/world.ts';

// docs/spec/scenarios.md section 3: the table, negative cases 2, 3 and 5, and the check T11.

let world: World;
let built: Three;
let capture: WireCapture;

beforeAll(async () => {
  world = await World.start();
  capture = await world.lab.capture();
  built = await three.build(world);
});

afterAll(() => world.stop());

describe('scenario 3, a gateway of type CCN that joins nothing', () => {
  it('reaches as the table says, and no VPC (T11)', async () => {
    const inVpc = await world.lab.createVpcHost({ name: 'VPC-1', label: 'vpc1-a', subnetPrefix: '10.0.1' });
    const { vpcId } = await world.cloud.createVpc('vpc1', '10.0.0.0/16');
    await world.cloud.createSubnet(vpcId, 'A', '10.0.1.0/24', 'vpc1-a');
    await Promise.all(built.tunnels.map(({ idc }) => idc.routeIntoTunnel('10.0.0.0/16')));
    expect(mismatches(await measureMatrix(built.hosts, three.expected))).toEqual([]);
    const [one] = built.tunnels;
    expect(await ping(one.idc.host, inVpc.address, { count: 3 })).toMatchObject({ received: 0 });
    expect(await ping(inVpc, one.idc.host.address, { count: 3 })).toMatchObject({ received: 0 });
  });

  it('lists what it would announce, without effect, and names no network', async () => {
    const { gatewayId } = built.gateway;
    const { RouteSet } = await world.cloud.call('DescribeVpnGatewayCcnRoutes', { VpnGatewayId: gatewayId });
    expect(RouteSet).toHaveLength(3);
    const reply = await world.cloud.call('DescribeVpnGateways', { VpnGatewayIds: [gatewayId] });
    expect(textAt(reply, 'VpnGatewaySet', 0, 'NetworkInstanceId')).toBe('');
    expect(textAt(reply, 'VpnGatewaySet', 0, 'Type')).toBe('CCN');
  });

  it('leads nowhere by SPD policies: there is no network side (3.2)', async () => {
    const gateway = await world.cloud.createVpnGateway('', 'spd-without-network');
    const [four, five] = await Promise.all([world.lab.createIdc(4), world.lab.createIdc(5)]);
    const connect = (idc: IdcDevice, otherLan: string): Promise<IdcConnection> =>
      connectIdc(world, { gateway, vpcId: '', idc, policies: { [otherLan]: [idc.lan] }, cloudRanges: [otherLan] });
    const [one, two] = [await connect(four, five.lan), await connect(five, four.lan)];
    for (const { connectionId } of [one, two]) await world.cloud.waitUntilConnected(connectionId);
    const atGateway = new Namespace(`lb-${gateway.gatewayId}`);
    await using outOfTunnel = await PacketWatch.start(atGateway, one.connectionId, 'icmp[icmptype] = icmp-echo');
    await using atFive = await PacketWatch.start(five.host.namespace, 'eth0', 'icmp');
    expect(await ping(four.host, five.host.address, { count: 3 })).toMatchObject({ received: 0 });
    await outOfTunnel.waitFor(3);
    expect(atFive.packets).toEqual([]);
  });

  it('had nothing inner in clear on the internet in all of this', async () => {
    const wire = await capture.stop();
    expect(wire).toMatchObject({ inner: [], sawCanary: false });
    expect(wire.encrypted).toBeGreaterThan(20);
  });
});
