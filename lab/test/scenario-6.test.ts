import { afterAll, afterEach, describe, expect, it } from 'vitest';
import { sendForged } from '../src/hostile-idc.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { measureMatrix, mismatches } from '../src/reachability-matrix.ts';
import { sixMixed } from '../src/scenarios/6-mixed.ts';
import { sixSpd } from '../src/scenarios/6-spd.ts';
import type { SeveralIdcs } from '../src/scenarios/several-idcs.ts';
import type { Scenario } from '../src/scenario.ts';
import { World } from '../src/world.ts';

// docs/spec/scenarios.md section 6, variants A and B, with the checks T2, T3 and T5 and negative cases 2 to 6.

let world: World | undefined;

async function build(scenario: Scenario<SeveralIdcs>): Promise<{ world: World; built: SeveralIdcs }> {
  world = await World.start();
  return { world, built: await scenario.build(world) };
}

afterEach(async () => {
  await world?.stop();
  world = undefined;
});
afterAll(() => world?.stop());

describe('scenario 6 A, SPD alone', () => {
  it('isolates the IDCs from each other, also against forged packets (T3, T5)', async () => {
    const { world, built } = await build(sixSpd);
    const capture = await world.lab.capture();
    const cells = await measureMatrix(built.hosts, sixSpd.expected);
    expect(mismatches(cells)).toEqual([]);

    const [one, two, three] = built.tunnels;
    const [host1, host2, host3] = [one.idc.host, two.idc.host, three.idc.host];
    const a = built.vpc1.hostA;
    await using atTwo = await PacketWatch.start(host2.namespace, 'eth0', 'udp port 7000');
    await using atThree = await PacketWatch.start(host3.namespace, 'eth0', 'udp port 7000');
    await using atA = await PacketWatch.start(a.namespace, 'eth0', 'udp port 7000');
    await sendForged(one, [
      { source: host1.address, destination: host2.address, port: 7000, text: 'to another IDC' },
      { source: a.address, destination: host2.address, port: 7000, text: 'in the name of the VPC' },
      { source: host2.address, destination: host3.address, port: 7000, text: 'in the name of IDC-2' },
      { source: host2.address, destination: a.address, port: 7000, text: 'in the name of IDC-2, to the VPC' },
      { source: host1.address, destination: a.address, port: 7000, text: 'as agreed' },
    ]);
    await atA.waitFor(1);
    expect(atA.packets.filter((packet) => !packet.includes(`${host1.address}.7000 >`))).toEqual([]);
    expect([...atTwo.packets, ...atThree.packets]).toEqual([]);
    expect(await capture.stop()).toMatchObject({ inner: [], sawCanary: false });

    const conflict = world.cloud.call('ModifyVpnConnectionAttribute', {
      VpnConnectionId: two.connectionId,
      SecurityPolicyDatabases: [{ LocalCidrBlock: '10.0.0.0/16', RemoteCidrBlock: [one.idc.lan] }],
    });
    await expect(conflict).rejects.toMatchObject({ code: 'InvalidParameterValue.VpnConnCidrConflict' });
  });
});

describe('scenario 6 A with the local range 0.0.0.0/0', () => {
  it('still isolates: an SPD tunnel delivers to the VPC only (6.4)', async () => {
    const { world, built } = await build(sixSpd);
    const [one, two] = built.tunnels;
    for (const { connectionId, idc, peer } of [one, two]) {
      const SecurityPolicyDatabases = [{ LocalCidrBlock: '0.0.0.0/0', RemoteCidrBlock: [idc.lan] }];
      await idc.charon.load([{ ...peer, children: [{ name: 'cloud-1', localTs: idc.lan, remoteTs: '0.0.0.0/0' }] }]);
      await world.cloud.modifyVpnConnection(connectionId, { SecurityPolicyDatabases });
    }
    await world.cloud.waitUntilApplied(built.vpc1.gateway.gatewayId);
    for (const { connectionId } of [one, two]) await world.cloud.waitUntilConnected(connectionId, 60_000);
    const atGateway = new Namespace(`lb-${built.vpc1.gateway.gatewayId}`);
    const requests = `icmp[icmptype] = icmp-echo and dst host ${two.idc.host.address}`;
    await using outOfTunnel = await PacketWatch.start(atGateway, one.connectionId, requests);
    expect(mismatches(await measureMatrix(built.hosts, sixSpd.expected))).toEqual([]);
    await outOfTunnel.waitFor(1);
  });
});

describe('scenario 6 B, SPD and destination routing', () => {
  it('a subnet outside the SPD reaches the IDC by destination routing only (6.6)', async () => {
    const { world, built } = await build(sixMixed);
    const [one] = built.tunnels;
    const { idc, peer, connectionId } = one;
    await idc.charon.load([{ ...peer, children: [{ name: 'cloud-1', localTs: idc.lan, remoteTs: '10.0.1.0/24' }] }]);
    const SecurityPolicyDatabases = [{ LocalCidrBlock: '10.0.1.0/24', RemoteCidrBlock: [idc.lan] }];
    await world.cloud.modifyVpnConnection(connectionId, { SecurityPolicyDatabases });
    await world.cloud.waitUntilApplied(built.vpc1.gateway.gatewayId);
    await world.cloud.waitUntilConnected(connectionId, 60_000);
    const cells = await measureMatrix(built.hosts, {
      'VPC-1 A': { 'IDC-1': 'yes', 'IDC-3': 'yes' },
      'VPC-1 B': { 'IDC-1': 'no', 'IDC-2': 'yes', 'IDC-3': 'yes' },
    });
    expect(mismatches(cells)).toEqual([]);
  });

  it('isolates, and SPD beats a gateway route to the destination tunnel (T2)', async () => {
    const { world, built } = await build(sixMixed);
    const cells = await measureMatrix(built.hosts, sixMixed.expected);
    expect(mismatches(cells)).toEqual([]);

    const [one, , three] = built.tunnels;
    const { gatewayId } = built.vpc1.gateway;
    // Negative case 2: the range of IDC-1 on the tunnel to IDC-3.
    const routeId = await world.cloud.createGatewayRoute(gatewayId, one.idc.lan, three.connectionId);
    await using atThree = await PacketWatch.start(three.idc.namespace, 'ipsec0', 'icmp[icmptype] = icmp-echo');
    await world.cloud.waitUntilApplied(gatewayId);
    expect(await ping(built.vpc1.hostA, one.idc.host.address, { count: 5 })).toMatchObject({ received: 5 });
    expect(atThree.packets).toEqual([]);
    const after = await measureMatrix(built.hosts, sixMixed.expected);
    expect(mismatches(after)).toEqual([]);

    // Negative case 3: the same range on the SPD tunnel itself is refused, and opens no way from IDC-3.
    await world.cloud.call('DeleteVpnGatewayRoutes', { VpnGatewayId: gatewayId, RouteIds: [routeId] });
    await expect(world.cloud.createGatewayRoute(gatewayId, one.idc.lan, one.connectionId)).rejects.toMatchObject({
      code: 'UnsupportedOperation',
    });
    await world.cloud.waitUntilApplied(gatewayId);
    const withoutEntry = await measureMatrix(built.hosts, sixMixed.expected);
    expect(mismatches(withoutEntry)).toEqual([]);

    // A peer on the destination tunnel may send any addresses it likes, and still gets into no other tunnel.
    await using atOne = await PacketWatch.start(one.idc.host.namespace, 'eth0', 'udp port 7000');
    await using atA = await PacketWatch.start(built.vpc1.hostA.namespace, 'eth0', 'udp port 7000');
    const [host1, host3, a] = [one.idc.host.address, three.idc.host.address, built.vpc1.hostA.address];
    await sendForged(three, [
      { source: host3, destination: host1, port: 7000, text: 'to another IDC' },
      { source: a, destination: host1, port: 7000, text: 'in the name of the VPC' },
      { source: host3, destination: a, port: 7000, text: 'as agreed' },
    ]);
    await atA.waitFor(1);
    expect(atOne.packets).toEqual([]);
  });
});
