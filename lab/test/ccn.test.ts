import type { JsonObject } from '@landbridge/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textAt } from '../src/cloud.ts';
import { sendAs, sendIpv6 } from '../src/foreign-source.ts';
import { freshDrops } from '../src/fresh-drops.ts';
import { sendForged } from '../src/hostile-idc.ts';
import type { Host } from '../src/host.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { poll } from '@landbridge/testbed/poll';
import { waitForReply, waitForSilence } from '../src/reach.ts';
import { measureMatrix, mismatches, type ExpectedMatrix } from '../src/reachability-matrix.ts';
import { fourRoute, type Four } from '../src/scenarios/4-route.ts';
import { secondTenant } from '../src/tenant-marks.ts';
import type { WireCapture } from '../src/wire-capture.ts';
import { World } from '../src/world.ts';

// docs/spec/scenarios.md section 4 by destination routing: the table, negative cases 1 to 7 and 9, and the checks T8,
// T9 and T12.

let world: World;
let built: Four;
let capture: WireCapture;

beforeAll(async () => {
  world = await World.start();
  capture = await world.lab.capture();
  built = await fourRoute.build(world);
});

afterAll(() => world.stop());

function host(name: string): Host {
  const found = built.hosts.find((one) => one.name === name);
  if (found === undefined) throw new Error(`no host ${name}`);
  return found;
}

async function expectMatrix(expected: ExpectedMatrix): Promise<void> {
  expect(mismatches(await measureMatrix(built.hosts, expected))).toEqual([]);
}

async function ccnRouteTo(cidr: string, instanceId: string): Promise<JsonObject | undefined> {
  const routes = await world.cloud.ccnRoutes(built.ccn.ccnId);
  return routes.find((route) => route['DestinationCidrBlock'] === cidr && route['InstanceId'] === instanceId);
}

async function vpcTable(routeTableId: string): Promise<JsonObject[]> {
  const reply = await world.cloud.call('DescribeRouteTables', { RouteTableIds: [routeTableId] });
  return (reply['RouteTableSet'] as { readonly RouteSet: JsonObject[] }[])[0]?.RouteSet ?? [];
}

async function gatewayTable(): Promise<JsonObject[]> {
  const request = { VpnGatewayId: built.ccn.gateway.gatewayId, Limit: 100 };
  return (await world.cloud.call('DescribeVpnGatewayRoutes', request))['Routes'] as JsonObject[];
}

const cidrsOf = (routes: readonly JsonObject[]) => routes.map((route) => route['DestinationCidrBlock']).sort();

describe('scenario 4, destination routing', () => {
  it('reaches as the table says', async () => {
    await expectMatrix(fourRoute.expected);
  });

  it('publishes both ways and shows it in every table (T9)', async () => {
    const routes = await world.cloud.ccnRoutes(built.ccn.ccnId);
    expect(
      routes.map((route) => `${textAt(route, 'InstanceType')} ${textAt(route, 'DestinationCidrBlock')}`).sort(),
    ).toEqual([
      'DIRECTCONNECT 192.168.9.0/24',
      'VPC 10.0.1.0/24',
      'VPC 172.16.1.0/24',
      'VPNGW 192.168.1.0/24',
      'VPNGW 192.168.2.0/24',
      'VPNGW 192.168.3.0/24',
    ]);
    expect(routes.every((route) => route['Enabled'] === true)).toBe(true);
    const learned = (await gatewayTable()).filter(({ Type }) => Type === 'CCN');
    expect(cidrsOf(learned)).toEqual(['10.0.0.0/16', '172.16.0.0/16', '192.168.9.0/24']);
    const inVpc = (await vpcTable(built.ccn.vpc1.routeTableId)).filter(({ RouteType }) => RouteType === 'CCN');
    const others = ['172.16.1.0/24', '192.168.1.0/24', '192.168.2.0/24', '192.168.3.0/24', '192.168.9.0/24'];
    expect(cidrsOf(inVpc)).toEqual(others);
  });

  it('4.1: a range withdrawn from the CCN is still known to the gateway', async () => {
    const { gateway } = built.ccn;
    await world.cloud.setCcnRanges(gateway.gatewayId, 'DISABLE', '192.168.1.0/24');
    try {
      await waitForSilence(host('VPC-1'), host('IDC-1'));
      await expectMatrix({
        'VPC-1': { 'IDC-1': 'no', 'IDC-2': 'yes' },
        'VPC-2': { 'IDC-1': 'no', 'IDC-2': 'yes' },
        DC: { 'IDC-1': 'no', 'IDC-2': 'yes' },
        'IDC-1': { 'IDC-2': 'yes', 'VPC-1': 'no' },
        'IDC-2': { 'IDC-1': 'yes' },
      });
    } finally {
      await world.cloud.setCcnRanges(gateway.gatewayId, 'ENABLE', '192.168.1.0/24');
    }
    await waitForReply(host('VPC-1'), host('IDC-1'));
  });

  it('T8: a disabled gateway route is neither used nor published', async () => {
    const { gatewayId } = built.ccn.gateway;
    const route = (await gatewayTable()).find((one) => one['DestinationCidrBlock'] === '192.168.2.0/24') ?? {};
    await world.cloud.setGatewayRouteStatus(gatewayId, textAt(route, 'RouteId'), 'DISABLE');
    try {
      expect(await ccnRouteTo('192.168.2.0/24', gatewayId)).toBeUndefined();
      await waitForSilence(host('VPC-1'), host('IDC-2'));
      await waitForSilence(host('IDC-1'), host('IDC-2'));
    } finally {
      await world.cloud.setGatewayRouteStatus(gatewayId, textAt(route, 'RouteId'), 'ENABLE');
    }
    await waitForReply(host('VPC-1'), host('IDC-2'));
    await waitForReply(host('IDC-1'), host('IDC-2'));
  });

  it('4.2: the same subnet once more comes disabled, says why, and cannot be enabled', async () => {
    const { ccnId, vpc1 } = built.ccn;
    const late = await world.lab.createVpcHost({ name: 'VPC-3', label: 'vpc3-a', subnetPrefix: '10.0.1' });
    const vpc3 = await world.cloud.createVpc('vpc3', '10.0.0.0/16');
    await world.cloud.createSubnet(vpc3.vpcId, 'A', '10.0.1.0/24', 'vpc3-a');
    await world.cloud.attachToCcn(ccnId, [{ InstanceType: 'VPC', InstanceId: vpc3.vpcId }]);
    try {
      await world.cloud.waitUntilAttached(ccnId, 5);
      const route = await ccnRouteTo('10.0.1.0/24', vpc3.vpcId);
      expect(route).toMatchObject({ Enabled: false });
      const conflicts = await world.cloud.call('DescribeCcnRouteConflicts', { CcnId: ccnId }, 'landbridge');
      expect(conflicts['RouteSet']).toMatchObject([
        { InstanceId: vpc3.vpcId, OtherInstanceId: vpc1.vpcId, Reason: expect.stringContaining('first') as string },
      ]);
      const enable = world.cloud.call('EnableCcnRoutes', { CcnId: ccnId, RouteIds: [route?.['RouteId']] });
      await expect(enable).rejects.toMatchObject({ code: 'UnsupportedOperation.CcnRouteCidrOverlap' });
      await using atLate = await PacketWatch.start(late.namespace, 'eth0', 'icmp[icmptype] = icmp-echo');
      await expectMatrix({ 'VPC-2': { 'VPC-1': 'yes' }, 'IDC-1': { 'VPC-1': 'yes' } });
      expect(atLate.packets).toEqual([]);
    } finally {
      const instances = [{ InstanceType: 'VPC', InstanceId: vpc3.vpcId, InstanceRegion: 'local' }];
      await world.cloud.call('DetachCcnInstances', { CcnId: ccnId, Instances: instances });
    }
    expect(await ccnRouteTo('10.0.1.0/24', vpc3.vpcId)).toBeUndefined();
  });

  it('4.3: a range of an IDC that equals a subnet comes second, and packets stay with the subnet', async () => {
    const { ccnId, gateway } = built.ccn;
    const [one] = built.tunnels;
    const routeId = await world.cloud.createGatewayRoute(gateway.gatewayId, '172.16.1.0/24', one.connectionId);
    try {
      expect(await ccnRouteTo('172.16.1.0/24', gateway.gatewayId)).toMatchObject({ Enabled: false });
      await world.cloud.waitUntilApplied(gateway.gatewayId);
      await using atOne = await PacketWatch.start(one.idc.namespace, 'ipsec0', 'icmp and dst net 172.16.1.0/24');
      await expectMatrix({ 'VPC-1': { 'VPC-2': 'yes' }, DC: { 'VPC-2': 'yes' } });
      expect(atOne.packets).toEqual([]);
    } finally {
      await world.cloud.call('DeleteVpnGatewayRoutes', { VpnGatewayId: gateway.gatewayId, RouteIds: [routeId] });
    }
    expect(await world.cloud.ccnRoutes(ccnId)).toHaveLength(6);
    await waitForReply(host('IDC-1'), host('VPC-2'));
  });

  it('4.4: a disabled CCN route: requests of IDC-1 arrive, answers are lost', async () => {
    const { ccnId, gateway } = built.ccn;
    const RouteIds = [(await ccnRouteTo('192.168.1.0/24', gateway.gatewayId))?.['RouteId']];
    await world.cloud.call('DisableCcnRoutes', { CcnId: ccnId, RouteIds });
    try {
      await waitForSilence(host('VPC-1'), host('IDC-1'));
      await using atVpc = await PacketWatch.start(host('VPC-1').namespace, 'eth0', 'icmp[icmptype] = icmp-echo');
      expect(await ping(host('IDC-1'), host('VPC-1').address, { count: 2 })).toMatchObject({ received: 0 });
      await atVpc.waitFor(1);
    } finally {
      await world.cloud.call('EnableCcnRoutes', { CcnId: ccnId, RouteIds });
    }
    await waitForReply(host('VPC-1'), host('IDC-1'));
  });

  it('announces a secondary range of a VPC once a subnet is in it, and while its CCN route is enabled', async () => {
    const { cloud, lab } = world;
    const { ccnId, vpc1, gateway } = built.ccn;
    const range = '172.20.0.0/16';
    const made = cloud.made;
    const late = await lab.createVpcHost({ name: 'VPC-1 S', label: 'vpc1-s', subnetPrefix: '172.20.1' });
    const [one] = built.tunnels;
    await one.idc.routeIntoTunnel(range);
    const announced = async () => cidrsOf((await gatewayTable()).filter(({ Type }) => Type === 'CCN'));
    const others = ['10.0.0.0/16', '172.16.0.0/16', '192.168.9.0/24'];
    try {
      await cloud.addRanges(vpc1.vpcId, [range]);
      expect(await announced()).toEqual(others);
      await cloud.createSubnet(vpc1.vpcId, 'S', '172.20.1.0/24', lab.cable('vpc1-s'));
      expect(await announced()).toEqual([...others, range].sort());
      for (const name of ['VPC-2', 'DC', 'IDC-1']) await waitForReply(host(name), late);
      const RouteIds = [(await ccnRouteTo('172.20.1.0/24', vpc1.vpcId))?.['RouteId']];
      await cloud.call('DisableCcnRoutes', { CcnId: ccnId, RouteIds });
      expect(await announced()).toEqual(others);
      for (const name of ['VPC-2', 'DC', 'IDC-1']) await waitForSilence(host(name), late);
      await waitForReply(host('IDC-1'), host('VPC-1'));
      await cloud.call('EnableCcnRoutes', { CcnId: ccnId, RouteIds });
      await waitForReply(host('IDC-1'), late);
    } finally {
      await cloud.deleteBackTo(made);
    }
    expect(await announced()).toEqual(others);
    await cloud.waitUntilApplied(gateway.gatewayId);
  });

  it('refuses what would take it apart (4.5, 4.6, 4.9)', async () => {
    const { ccnId, gateway, vpc1 } = built.ccn;
    const instance = { InstanceType: 'VPNGW', InstanceId: gateway.gatewayId };
    const codeOf = (call: Promise<unknown>) => expect(call).rejects;
    const { cloud } = world;
    await codeOf(cloud.attachToCcn(ccnId, [instance])).toMatchObject({ code: 'UnsupportedOperation.CcnAttached' });
    const second = await cloud.createCcn('second');
    await codeOf(cloud.attachToCcn(second, [instance])).toMatchObject({ code: 'UnsupportedOperation.CcnAttached' });
    await codeOf(cloud.call('DeleteCcn', { CcnId: ccnId })).toMatchObject({
      code: 'UnsupportedOperation.ExistCcnInstancesNotSupportDeleteCcn',
    });
    await codeOf(cloud.call('DeleteVpnGateway', { VpnGatewayId: gateway.gatewayId })).toMatchObject({
      code: 'UnsupportedOperation',
    });
    const own = await cloud.createVpnGateway(vpc1.vpcId, 'of-vpc1');
    await codeOf(cloud.createVpcRoute(vpc1.routeTableId, '192.168.1.0/24', own.gatewayId)).toMatchObject({
      code: 'UnsupportedOperation.EcmpWithCcnRoute',
    });
  });

  it('4.7: detached, the gateway serves its IDCs alone, and every table forgets (T12)', async () => {
    const { ccnId, gateway, vpc1 } = built.ccn;
    const Instances = [{ InstanceType: 'VPNGW', InstanceId: gateway.gatewayId, InstanceRegion: 'local' }];
    await world.cloud.call('DetachCcnInstances', { CcnId: ccnId, Instances });
    try {
      await waitForSilence(host('VPC-1'), host('IDC-1'));
      await expectMatrix({
        'VPC-1': { 'VPC-2': 'yes', DC: 'yes', 'IDC-1': 'no', 'IDC-2': 'no', 'IDC-3': 'no' },
        DC: { 'VPC-1': 'yes', 'IDC-1': 'no' },
        'IDC-1': { 'IDC-2': 'yes', 'IDC-3': 'yes', 'VPC-1': 'no', 'VPC-2': 'no', DC: 'no' },
        'IDC-2': { 'IDC-1': 'yes', 'IDC-3': 'yes', 'VPC-1': 'no' },
      });
      expect(await ccnRouteTo('192.168.1.0/24', gateway.gatewayId)).toBeUndefined();
      const inVpc = (await vpcTable(vpc1.routeTableId)).filter(({ RouteType }) => RouteType === 'CCN');
      expect(cidrsOf(inVpc)).toEqual(['172.16.1.0/24', '192.168.9.0/24']);
      expect((await gatewayTable()).filter(({ Type }) => Type === 'CCN')).toEqual([]);
    } finally {
      await world.cloud.attachToCcn(ccnId, [{ InstanceType: 'VPNGW', InstanceId: gateway.gatewayId }]);
    }
    await world.cloud.waitUntilAttached(ccnId, 4);
    await expectMatrix(fourRoute.expected);
  });

  it('a control plane that is killed and started again takes over: no packet is lost', async () => {
    const options = { to: host('IDC-1'), packetsPerSecond: 100 };
    await using fromVpc = await PacketStream.start({ ...options, from: host('VPC-1') });
    await using fromLine = await PacketStream.start({ from: host('DC'), to: host('VPC-2'), packetsPerSecond: 100 });
    await fromVpc.waitForMore(50);
    await fromLine.waitForMore(50);
    await world.server.restart('SIGKILL');
    await world.cloud.waitUntilAttached(built.ccn.ccnId, 4);
    await world.cloud.waitUntilApplied(built.ccn.gateway.gatewayId);
    await fromVpc.waitForMore(100);
    await fromLine.waitForMore(100);
    expect(await fromVpc.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
    expect(await fromLine.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
  });

  it('no tunnel speaks for what the CCN says is somebody else’s', async () => {
    const [vpc1, idc1] = [host('VPC-1'), host('IDC-1')];
    await waitForReply(idc1, vpc1);
    await using atVpc = await PacketWatch.start(vpc1.namespace, 'eth0', 'udp dst port 7000');
    const from = (source: string, text: string) => ({ source, destination: vpc1.address, port: 7000, text });
    const forged = [host('DC').address, host('VPC-2').address, '172.16.99.5', '192.168.9.99'];
    const unrouted = [host('IDC-2').address, '198.51.100.9'];
    const honest = [idc1.address, '192.168.1.77'];
    const [one] = built.tunnels;
    const sourcesOf = (lines: readonly string[]) =>
      lines.map((line) => / (\d+\.\d+\.\d+\.\d+)\.\d+ > /.exec(line)?.[1]).sort();
    const sendAll = (...sources: readonly string[]) =>
      sendForged(
        one,
        sources.map((source) => from(source, source)),
      );
    await sendAll(...forged, ...unrouted, ...honest);
    await atVpc.waitFor(honest.length);
    // The honest ones were sent last: what was forged would have been there before them.
    expect(sourcesOf(atVpc.packets)).toEqual(honest.toSorted());
    // Until the device has passed the sequence numbers that were used up.
    const catchUp = () => ping(idc1, vpc1.address, { count: 15, intervalSeconds: 0.1 });
    await catchUp();
    const { gatewayId } = built.ccn.gateway;
    expect(await freshDrops(world.cloud, gatewayId, one.connectionId)).toMatchObject({
      NETWORK_SOURCE: forged.length,
      UNROUTED_SOURCE: unrouted.length,
    });
    await world.cloud.setSourceCheck(gatewayId, false);
    try {
      await using unchecked = await PacketWatch.start(vpc1.namespace, 'eth0', 'udp dst port 7000');
      await sendAll(...forged, ...unrouted, ...honest);
      await unchecked.waitFor(unrouted.length + honest.length);
      expect(sourcesOf(unchecked.packets)).toEqual([...unrouted, ...honest].sort());
    } finally {
      await world.cloud.setSourceCheck(gatewayId, true);
    }
    await catchUp();
    await waitForReply(idc1, vpc1);
  });

  it('nobody on the CCN speaks for another: VPCs, of other accounts as well, the dedicated line, an IDC', async () => {
    const { ccnId, vpc2, directConnectGatewayId } = built.ccn;
    const [one] = built.tunnels;
    const guest = await world.addTenant('guest', secondTenant);
    // Its range is that of VPC-1: what it forges may lie inside its own.
    const intruder = await guest.lab.createVpcHost({ name: 'guest', label: 'guest', subnetPrefix: '10.0.5' });
    const guestVpc = await guest.cloud.createVpc('guest', '10.0.0.0/16');
    await guest.cloud.createSubnet(guestVpc.vpcId, 'A', '10.0.5.0/24', guest.lab.cable('guest'));
    const { InstanceSet } = await world.cloud.call('DescribeCcnAttachedInstances', { CcnId: ccnId });
    const CcnUin = (InstanceSet as { CcnUin?: string }[])[0]?.CcnUin;
    const request = {
      CcnId: ccnId,
      Instances: [{ InstanceType: 'VPC', InstanceId: guestVpc.vpcId, InstanceRegion: guest.cloud.region }],
    };
    await guest.cloud.call('AttachCcnInstances', { ...request, CcnUin });
    await world.cloud.call('AcceptAttachCcnInstances', request);
    try {
      const [vpc1Host, vpc2Host, dc, idc1, idc2] = ['VPC-1', 'VPC-2', 'DC', 'IDC-1', 'IDC-2'].map(host) as [
        Host,
        Host,
        Host,
        Host,
        Host,
      ];
      const asVpc1 = ['10.0.1.10', '10.0.1.77'];
      const [asVpc2, asDc, asIdc1, asIdc2, asNobody] = [
        '172.16.1.77',
        '192.168.9.77',
        '192.168.1.77',
        '192.168.2.77',
        '8.8.8.8',
      ];
      const forgeries: readonly [Host, readonly string[], readonly Host[]][] = [
        [intruder, [...asVpc1, asVpc2, asDc, asIdc1, asNobody], [vpc2Host, dc, idc1]],
        [vpc2Host, [...asVpc1, asDc, asIdc1, asNobody], [vpc1Host, dc, idc2]],
        [dc, [...asVpc1, asVpc2, asIdc1, asNobody], [vpc1Host, vpc2Host, idc2]],
        [idc1, [...asVpc1, asVpc2, asDc, asIdc2, asNobody], [vpc1Host, vpc2Host, dc, idc2]],
      ];
      for (const [from, , targets] of forgeries) for (const to of targets) await waitForReply(from, to);
      const sources = [...asVpc1, asVpc2, asDc, asIdc1, asIdc2, asNobody, 'fd00::77'].map(
        (address) => `src host ${address}`,
      );
      await using ends = new AsyncDisposableStack();
      const watches = await Promise.all(
        [vpc1Host, vpc2Host, dc, idc1, idc2].map((at) => PacketWatch.start(at.namespace, 'eth0', sources.join(' or '))),
      );
      for (const watch of watches) ends.use(watch);
      for (const [from, as, targets] of forgeries) for (const source of as) await sendAs(source, from, targets);
      await sendIpv6(intruder, vpc2Host);
      for (const [from, , targets] of forgeries) for (const to of targets) await waitForReply(from, to);
      const arrived = watches.flatMap(({ packets }) => packets);
      // VPC-1's own machine answers the honest ones.
      expect(arrived.filter((line) => !line.includes('echo reply'))).toEqual([]);
    } finally {
      await guest.cloud.call('DetachCcnInstances', request);
    }
    // Every instance was looked at again.
    const reasonsAt = (cloud: typeof world.cloud, resourceId: string, wanted: readonly string[]) =>
      poll(
        `what ${resourceId} has dropped is counted: ${wanted.join(', ')}`,
        () => cloud.droppedPackets(resourceId),
        (counts) => wanted.every((reason) => (counts[reason] ?? 0) > 0),
        { within: 40_000 },
      );
    await reasonsAt(guest.cloud, guestVpc.vpcId, ['OUTSIDE_VPC', 'OTHERS_SOURCE']);
    await reasonsAt(world.cloud, vpc2.vpcId, ['OUTSIDE_VPC']);
    await reasonsAt(world.cloud, directConnectGatewayId, ['NETWORK_SOURCE', 'OUTSIDE_RANGES']);
    await reasonsAt(world.cloud, one.connectionId, ['NETWORK_SOURCE', 'UNROUTED_SOURCE']);
    // As people see it.
    const status = await world.server.status();
    expect(status).toMatch(
      new RegExp(`${one.connectionId} dropped \\d+ packets: no enabled gateway route .*\\(UNROUTED_SOURCE\\)`),
    );
  });

  it('had nothing inner in clear on the internet in all of this', async () => {
    const wire = await capture.stop();
    expect(wire).toMatchObject({ inner: [], sawCanary: false });
    expect(wire.encrypted).toBeGreaterThan(50);
  });
});
