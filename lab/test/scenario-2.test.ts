import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '@landbridge/client';
import { scanAddresses } from '../src/address-scan.ts';
import type { Host } from '../src/host.ts';
import { connectIdc } from '../src/idc-connection.ts';
import type { IdcDevice } from '../src/idc-device.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { poll } from '@landbridge/testbed/poll';
import { waitForReply, waitForSilence } from '../src/reach.ts';
import { measureMatrix, mismatches, type ExpectedMatrix } from '../src/reachability-matrix.ts';
import { twoRoute } from '../src/scenarios/2-route.ts';
import type { SeveralIdcs } from '../src/scenarios/several-idcs.ts';
import type { WireCapture } from '../src/wire-capture.ts';
import { secondTenant } from '../src/tenant-marks.ts';
import { World } from '../src/world.ts';

// docs/spec/scenarios.md section 2 (the same as 6 C): the table, negative cases 2 to 5, and the checks T4 and T10.

let world: World;
let built: SeveralIdcs;
let capture: WireCapture;
let hostA: Host;
let idcHosts: readonly [Host, Host, Host];

beforeAll(async () => {
  world = await World.start();
  capture = await world.lab.capture();
  built = await twoRoute.build(world);
  hostA = built.vpc1.hostA;
  const [one, two, three] = built.tunnels;
  idcHosts = [one.idc.host, two.idc.host, three.idc.host];
});

afterAll(() => world.stop());

async function expectMatrix(expected: ExpectedMatrix): Promise<void> {
  const cells = await measureMatrix(built.hosts, expected);
  expect(mismatches(cells)).toEqual([]);
}

describe('scenario 2, destination routing to three IDCs', () => {
  it('reaches as the table says, also from tunnel to tunnel (T4)', async () => {
    await expectMatrix(twoRoute.expected);
  });

  it('with the gateway route of IDC-2 disabled, nobody reaches IDC-2', async () => {
    const { gatewayId } = built.vpc1.gateway;
    const routeId = await gatewayRouteTo('192.168.2.0/24');
    await world.cloud.setGatewayRouteStatus(gatewayId, routeId, 'DISABLE');
    try {
      await waitForSilence(hostA, idcHosts[1]);
      await expectMatrix({
        'VPC-1 A': { 'IDC-1': 'yes', 'IDC-2': 'no', 'IDC-3': 'yes' },
        'IDC-1': { 'IDC-2': 'no', 'IDC-3': 'yes' },
        'IDC-2': { 'IDC-1': 'no', 'IDC-3': 'no' },
        'IDC-3': { 'IDC-1': 'yes', 'IDC-2': 'no' },
      });
      await using atOne = await PacketWatch.start(idcHosts[0].namespace, 'eth0', 'icmp[icmptype] = icmp-echo');
      expect(await ping(idcHosts[1], idcHosts[0].address, { count: 2 })).toMatchObject({ received: 0 });
      expect(atOne.packets).toEqual([]);
    } finally {
      await world.cloud.setGatewayRouteStatus(gatewayId, routeId, 'ENABLE');
    }
    await waitForReply(hostA, idcHosts[1]);
  });

  it('without the VPC route to IDC-2, only the VPC and IDC-2 are apart', async () => {
    const { routeTableId, gateway } = built.vpc1;
    const route = { RouteItemId: await vpcRouteTo('192.168.2.0/24') };
    await world.cloud.call('DeleteRoutes', { RouteTableId: routeTableId, Routes: [route] });
    try {
      await waitForSilence(hostA, idcHosts[1]);
      await expectMatrix({
        'VPC-1 A': { 'IDC-1': 'yes', 'IDC-2': 'no' },
        'IDC-1': { 'IDC-2': 'yes' },
        'IDC-2': { 'VPC-1 A': 'no', 'IDC-1': 'yes', 'IDC-3': 'yes' },
      });
    } finally {
      await world.cloud.createVpcRoute(routeTableId, '192.168.2.0/24', gateway.gatewayId);
    }
    await waitForReply(hostA, idcHosts[1]);
  });

  it('needs the IDC to send the other ranges into its tunnel', async () => {
    const [one] = built.tunnels;
    await one.idc.namespace.ip('route delete 192.168.3.0/24 dev ipsec0');
    try {
      await expectMatrix({ 'IDC-1': { 'VPC-1 A': 'yes', 'IDC-2': 'yes', 'IDC-3': 'no' } });
    } finally {
      await one.idc.routeIntoTunnel('192.168.3.0/24');
    }
    await waitForReply(idcHosts[0], idcHosts[2]);
  });

  it('the same range at two IDCs is shared by flow, not kept apart (2.4)', async () => {
    const { gatewayId } = built.vpc1.gateway;
    const [one, two] = built.tunnels;
    const routeId = await world.cloud.createGatewayRoute(gatewayId, one.idc.lan, two.connectionId);
    try {
      await world.cloud.waitUntilApplied(gatewayId);
      const filter = `udp and dst net ${one.idc.lan}`;
      await using atOne = await PacketWatch.start(one.idc.namespace, 'ipsec0', filter);
      await using atTwo = await PacketWatch.start(two.idc.namespace, 'ipsec0', filter);
      const send = `for p in {6000..6063}; do bash -c "echo x > /dev/udp/${idcHosts[0].address}/$p"; done`;
      // A process for each: on a busy machine the devices' own ESP may lose a good part of a burst.
      await hostA.namespace.runChecked(['bash', '-c', send]);
      await atOne.waitFor(5);
      await atTwo.waitFor(5);
    } finally {
      await world.cloud.call('DeleteVpnGatewayRoutes', { VpnGatewayId: gatewayId, RouteIds: [routeId] });
    }
    await waitForReply(hostA, idcHosts[0]);
  });

  it('lets the longer prefix win over the better priority (T10)', async () => {
    const { gatewayId } = built.vpc1.gateway;
    const [, , three] = built.tunnels;
    const routeId = await world.cloud.createGatewayRoute(gatewayId, '192.168.2.0/25', three.connectionId, 100);
    try {
      await world.cloud.waitUntilApplied(gatewayId);
      await using atThree = await PacketWatch.start(three.idc.namespace, 'ipsec0', 'icmp and dst net 192.168.2.0/25');
      expect(await ping(hostA, idcHosts[1].address, { count: 2 })).toMatchObject({ received: 0 });
      await atThree.waitFor(1);
    } finally {
      await world.cloud.call('DeleteVpnGatewayRoutes', { VpnGatewayId: gatewayId, RouteIds: [routeId] });
    }
    await waitForReply(hostA, idcHosts[1]);
  });

  describe.each(['a host of another subnet', 'an IDC, through its tunnel'] as const)(
    'while %s looks for hosts in a subnet of another account',
    (scanner) => {
      it('nobody loses a packet, and few addresses are asked for at a time', async () => {
        const { vpcId, wideHost, otherHost, idc } = await scannedTenant();
        const from = scanner.startsWith('an IDC') ? idc.host : otherHost;
        await waitForReply(idc.host, wideHost);
        const scan = scanAddresses({
          from,
          firstAddress: '10.8.1.0',
          addresses: 3800,
          packetsPerSecond: 2000,
          seconds: 5,
        });
        const asked = largestCount(scan, () => unresolvedIn(vpcId));
        // The kernel's table is as full as it gets by now.
        await poll(
          'the scan goes on',
          () => unresolvedIn(vpcId),
          (count) => count > 50,
          { within: 4_000 },
        );
        const many = { count: 150, intervalSeconds: 0.02 };
        const pings = await Promise.all([
          ping(hostA, idcHosts[0].address, many),
          ping(idcHosts[0], idcHosts[1].address, many),
          ping(idcHosts[2], hostA.address, many),
          ping(idc.host, wideHost.address, many),
        ]);
        expect(pings).toMatchObject(pings.map(() => ({ sent: 150, received: 150 })));
        expect(await scan).toBeGreaterThan(7_000);
        expect(await asked).toBeLessThanOrEqual(128);
      });
    },
  );

  it('had nothing inner in clear on the internet in all of this', async () => {
    const wire = await capture.stop();
    expect(wire).toMatchObject({ inner: [], sawCanary: false });
    expect(wire.encrypted).toBeGreaterThan(50);
  });
});

interface ScannedTenant {
  readonly vpcId: string;
  /** In a subnet of 4,096 addresses. */
  readonly wideHost: Host;
  readonly otherHost: Host;
  readonly idc: IdcDevice;
}

let scanned: Promise<ScannedTenant> | undefined;

/** Built when first asked for. */
function scannedTenant(): Promise<ScannedTenant> {
  scanned ??= buildScannedTenant();
  return scanned;
}

async function buildScannedTenant(): Promise<ScannedTenant> {
  const tenant = await world.addTenant('the-scanned', secondTenant);
  const { cloud, lab } = tenant;
  const [wideHost, otherHost, idc] = await Promise.all([
    lab.createVpcHost({ name: 'wide', label: 'wide', subnetPrefix: '10.8.0' }),
    lab.createVpcHost({ name: 'other', label: 'other', subnetPrefix: '10.8.16' }),
    lab.createIdc(4),
  ]);
  const { vpcId, routeTableId } = await cloud.createVpc('scanned', '10.8.0.0/16');
  await cloud.createSubnet(vpcId, 'wide', '10.8.0.0/20', lab.cable('wide'));
  await cloud.createSubnet(vpcId, 'other', '10.8.16.0/24', lab.cable('other'));
  const gateway = await cloud.createVpnGateway(vpcId, 'scanned-gateway');
  const { connectionId } = await connectIdc(tenant, { gateway, vpcId, idc, cloudRanges: ['10.8.0.0/16'] });
  await cloud.createGatewayRoute(gateway.gatewayId, idc.lan, connectionId);
  await cloud.createVpcRoute(routeTableId, idc.lan, gateway.gatewayId);
  await cloud.waitUntilConnected(connectionId);
  return { vpcId, wideHost, otherHost, idc };
}

/** Addresses that the VPC's router is asking for at this moment. */
async function unresolvedIn(vpcId: string): Promise<number> {
  return (await new Namespace(`lb-${vpcId}`).ipJson('neighbour', 'show', 'nud', 'incomplete')).length;
}

async function largestCount(until: Promise<unknown>, read: () => Promise<number>): Promise<number> {
  let [largest, isOver] = [0, false];
  const over = until.then(() => (isOver = true));
  while (!isOver) largest = Math.max(largest, await read());
  await over;
  return largest;
}

async function gatewayRouteTo(cidr: string): Promise<string> {
  const { gatewayId } = built.vpc1.gateway;
  const { Routes } = await world.cloud.call('DescribeVpnGatewayRoutes', { VpnGatewayId: gatewayId, Limit: 100 });
  return String((Routes as JsonObject[]).find((route) => route['DestinationCidrBlock'] === cidr)?.['RouteId']);
}

async function vpcRouteTo(cidr: string): Promise<string> {
  const { routeTableId } = built.vpc1;
  const { RouteTableSet } = await world.cloud.call('DescribeRouteTables', { RouteTableIds: [routeTableId] });
  const [table] = RouteTableSet as { readonly RouteSet: readonly JsonObject[] }[];
  return String(table?.RouteSet.find((route) => route['DestinationCidrBlock'] === cidr)?.['RouteItemId']);
}
