import type { JsonObject } from '@landbridge/client';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../src/host.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { waitForReply, waitForSilence } from '../src/reach.ts';
import { measureMatrix, mismatches, type ExpectedMatrix } from '../src/reachability-matrix.ts';
import { fourRoute, type Four } from '../src/scenarios/4-route.ts';
import { World } from '../src/world.ts';

// docs/spec/semantics.md section 9, "Route tables", with packets; among them negative case 8 of docs/spec/scenarios.md
// section 4.

let world: World;
let built: Four;
/** A host in a second subnet of VPC-1, 10.0.2.0/24. */
let second: Host;
let table: string;

const ofKind = (kind: string) => ({ Name: 'instance-type', Values: [kind], MatchPattern: 1 });
const toRange = (cidr: string) => ({ Name: 'cidr-block', Values: [cidr], MatchPattern: 0 });
const drop = (...RouteConditions: JsonObject[]) => ({ RouteConditions, Action: 'drop', Description: '' });
const noIdcs = drop(ofKind('VPNGW'));

beforeAll(async () => {
  world = await World.start();
  built = await fourRoute.build(world);
  second = await world.lab.createVpcHost({ name: 'VPC-1 B', label: 'vpc1-b', subnetPrefix: '10.0.2' });
  await world.cloud.createSubnet(built.ccn.vpc1.vpcId, 'B', '10.0.2.0/24', 'vpc1-b');
  table = await world.cloud.createCcnRouteTable(built.ccn.ccnId, 'custom');
  await expectMatrix({ ...fourRoute.expected, 'VPC-1 B': { 'IDC-1': 'yes', 'VPC-2': 'yes', DC: 'yes' } });
});

/** A test that failed shall not fail those after it. */
afterEach(async () => {
  await world.cloud.call('ClearRouteTableSelectionPolicies', { CcnId: built.ccn.ccnId });
  for (const number of [1, 2] as const) await bind(vpc(number), standard());
  for (const kind of ['Input', 'Broadcast'] as const) await setPolicies(kind);
  const RouteIds = (await tableRoutes()).filter(({ Enabled }) => Enabled === false).map(({ RouteId }) => RouteId);
  if (RouteIds.length > 0) await world.cloud.call('EnableCcnRoutes', { CcnId: built.ccn.ccnId, RouteIds });
});

afterAll(() => world.stop());

function host(name: string): Host {
  const found = [...built.hosts, second].find((one) => one.name === name);
  if (found === undefined) throw new Error(`no host ${name}`);
  return found;
}

async function expectMatrix(expected: ExpectedMatrix): Promise<void> {
  expect(mismatches(await measureMatrix([...built.hosts, second], expected))).toEqual([]);
}

const vpc = (number: 1 | 2) => {
  const { vpcId } = number === 1 ? built.ccn.vpc1 : built.ccn.vpc2;
  return { InstanceType: 'VPC', InstanceId: vpcId };
};

function bind(instance: JsonObject, to = table): Promise<void> {
  return world.cloud.bindToCcnRouteTable(built.ccn.ccnId, to, instance);
}

const standard = () => built.ccn.ccnId.replace('ccn-', 'ccnrtb-');

async function setPolicies(kind: 'Input' | 'Broadcast', ...Policys: JsonObject[]): Promise<void> {
  const action = `ReplaceCcnRouteTable${kind}Policys`;
  await world.cloud.call(action, { CcnId: built.ccn.ccnId, RouteTableId: table, Policys });
}

/** What the CCN tells a VPC. */
async function heardBy(routeTableId: string): Promise<unknown[]> {
  const reply = await world.cloud.call('DescribeRouteTables', { RouteTableIds: [routeTableId] });
  const [shown] = reply['RouteTableSet'] as { readonly RouteSet: JsonObject[] }[];
  return (shown?.RouteSet ?? []).map((route) => route['DestinationCidrBlock']).sort();
}

async function tableRoutes(): Promise<JsonObject[]> {
  const Filters = [{ Name: 'route-table-id', Values: [table] }];
  const reply = await world.cloud.call('DescribeCcnRoutes', { CcnId: built.ccn.ccnId, Filters });
  return reply['RouteSet'] as JsonObject[];
}

describe('route tables of a CCN', () => {
  it('4.8: a table without the VPN gateway: the bound VPC does not reach the IDCs, and does not answer them', async () => {
    await setPolicies('Input', noIdcs);
    await bind(vpc(1));
    await waitForSilence(host('VPC-1'), host('IDC-1'));
    await using atVpc = await PacketWatch.start(host('VPC-1').namespace, 'eth0', 'icmp[icmptype] = icmp-echo');
    await expectMatrix({
      'VPC-1': { 'IDC-1': 'no', 'IDC-2': 'no', 'IDC-3': 'no', 'VPC-2': 'yes', DC: 'yes' },
      'VPC-1 B': { 'IDC-1': 'no', 'VPC-2': 'yes' },
      'VPC-2': { 'IDC-1': 'yes', 'IDC-2': 'yes', 'VPC-1': 'yes', DC: 'yes' },
      DC: { 'IDC-1': 'yes', 'VPC-1': 'yes' },
      'IDC-1': { 'VPC-1': 'no', 'VPC-2': 'yes', 'IDC-2': 'yes', DC: 'yes' },
    });
    const seen = atVpc.packets.length;
    expect(await ping(host('IDC-1'), host('VPC-1').address, { count: 2 })).toMatchObject({ received: 0 });
    await atVpc.waitFor(seen + 1);
    expect(await heardBy(built.ccn.vpc1.routeTableId)).toEqual(['172.16.1.0/24', '192.168.9.0/24']);
    await bind(vpc(1), standard());
    await waitForReply(host('VPC-1'), host('IDC-1'));
    await expectMatrix(fourRoute.expected);
  });

  it('a selection policy sends one subnet of a VPC to another table', async () => {
    await setPolicies('Input', noIdcs);
    await world.cloud.selectCcnRouteTables(built.ccn.ccnId, [
      { ...vpc(1), SourceCidrBlock: '10.0.2.0/24', RouteTableId: table },
    ]);
    await waitForSilence(host('VPC-1 B'), host('IDC-1'));
    await expectMatrix({
      'VPC-1 B': { 'IDC-1': 'no', 'IDC-2': 'no', 'VPC-2': 'yes', DC: 'yes' },
      'VPC-1': { 'IDC-1': 'yes', 'IDC-2': 'yes', 'VPC-2': 'yes', DC: 'yes' },
    });
    const more = { ...vpc(1), SourceCidrBlock: '10.0.0.0/16' };
    const open = await world.cloud.createCcnRouteTable(built.ccn.ccnId, 'open');
    await world.cloud.selectCcnRouteTables(built.ccn.ccnId, [
      { ...more, RouteTableId: table },
      { ...more, SourceCidrBlock: '10.0.2.0/24', RouteTableId: open },
    ]);
    await waitForSilence(host('VPC-1'), host('IDC-1'));
    await expectMatrix({
      'VPC-1 B': { 'IDC-1': 'yes', 'VPC-2': 'yes' },
      'VPC-1': { 'IDC-1': 'no', 'VPC-2': 'yes' },
    });
    await world.cloud.call('ClearRouteTableSelectionPolicies', { CcnId: built.ccn.ccnId });
    await waitForReply(host('VPC-1'), host('IDC-1'));
    await world.cloud.call('DeleteCcnRouteTables', { RouteTableId: [open] });
  });

  it('a broadcast policy keeps a route from who is told, not out of the table', async () => {
    await setPolicies('Input');
    await setPolicies('Broadcast', { ...noIdcs, BroadcastConditions: [ofKind('VPC')] });
    await bind(vpc(2));
    await waitForSilence(host('VPC-2'), host('IDC-1'));
    await expectMatrix({ 'VPC-2': { 'IDC-1': 'no', 'VPC-1': 'yes' }, 'VPC-1': { 'IDC-1': 'yes', 'VPC-2': 'yes' } });
    expect(await heardBy(built.ccn.vpc2.routeTableId)).toEqual(['10.0.1.0/24', '10.0.2.0/24', '192.168.9.0/24']);
    const toIdcs = (await tableRoutes()).filter(({ InstanceType }) => InstanceType === 'VPNGW');
    expect(toIdcs.map(({ Enabled }) => Enabled)).toEqual([true, true, true]);
    await setPolicies('Broadcast');
    await bind(vpc(2), standard());
    await waitForReply(host('VPC-2'), host('IDC-1'));
  });

  it('changes of one table lose no packet in another, and a VPC that changes its table loses none either', async () => {
    await using stream = await PacketStream.start({ from: host('VPC-1'), to: host('IDC-1'), packetsPerSecond: 200 });
    await using back = await PacketStream.start({ from: host('DC'), to: host('VPC-1'), packetsPerSecond: 200 });
    const stillFlow = () => Promise.all([stream.waitForMore(100), back.waitForMore(100)]);
    await stillFlow();
    await bind(vpc(2));
    await setPolicies('Input', noIdcs);
    await waitForSilence(host('VPC-2'), host('IDC-1'));
    await setPolicies('Input', drop(toRange('10.0.0.0/8')));
    await waitForSilence(host('VPC-2'), host('VPC-1'));
    await setPolicies('Input');
    await waitForReply(host('VPC-2'), host('VPC-1'));
    const RouteIds = (await tableRoutes()).map(({ RouteId }) => RouteId);
    await world.cloud.call('DisableCcnRoutes', { CcnId: built.ccn.ccnId, RouteIds });
    await waitForSilence(host('VPC-2'), host('DC'));
    await world.cloud.call('EnableCcnRoutes', { CcnId: built.ccn.ccnId, RouteIds });
    await waitForReply(host('VPC-2'), host('DC'));
    await stillFlow();
    await setPolicies('Input', drop(toRange('172.16.0.0/12')));
    await bind(vpc(1));
    await waitForSilence(host('VPC-1'), host('VPC-2'));
    await stillFlow();
    await world.server.restart('SIGKILL');
    await world.cloud.waitUntilAttached(built.ccn.ccnId, 4);
    await stillFlow();
    for (const number of [1, 2] as const) await bind(vpc(number), standard());
    await waitForReply(host('VPC-1'), host('VPC-2'));
    await stillFlow();
    expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
    expect(await back.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
  });

  it('a table in use stays', async () => {
    await bind(vpc(2));
    const remove = world.cloud.call('DeleteCcnRouteTables', { RouteTableId: [table] });
    await expect(remove).rejects.toMatchObject({ code: 'UnsupportedOperation.RouteTableCanNotDelete' });
  });
});
