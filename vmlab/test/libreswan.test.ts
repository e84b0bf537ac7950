import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayCharon } from '../../lab/src/gateway-charon.ts';
import type { IdcSite } from '../../lab/src/idc-site.ts';
import { Libreswan } from '../../lab/src/libreswan.ts';
import { PacketStream } from '../../lab/src/packet-stream.ts';
import { patience } from '../../lab/src/poll.ts';
import { PrivateFiles } from '../../lab/src/private-files.ts';
import { waitForReply } from '../../lab/src/reach.ts';
import { connectStockPeer, stockPackages, stockVariants } from '../../lab/src/stock-tunnel.ts';
import { createVpc1, type Vpc1 } from '../../lab/src/vpc-1.ts';
import { World } from '../../lab/src/world.ts';

// Debian's Libreswan as the customer's device, configured by the examples of docs/peers: it needs the kernel's ESP.

let world: World;
let vpc1: Vpc1;
let site: IdcSite;
let device: Libreswan;
let gateway: GatewayCharon;

beforeAll(async () => {
  world = await World.start({ dataPlane: 'kernel' });
  [vpc1, site] = await Promise.all([createVpc1(world), world.lab.createSite(1)]);
  await world.cloud.createVpcRoute(vpc1.routeTableId, site.lan, vpc1.gateway.gatewayId);
  const files = await PrivateFiles.mount(site.namespace, await stockPackages('libreswan'));
  device = new Libreswan(site.namespace, files, world.lab.directory);
  world.lab.onStop(async () => {
    await device.stop();
    await files.unmount();
  });
  gateway = new GatewayCharon(world.server.dataDirectory, vpc1.gateway.gatewayId);
});

afterAll(() => world.stop());

describe.each(stockVariants)('a tunnel by $mode, IKEv$ikeVersion', (variant) => {
  const { ikeVersion } = variant;
  let mark: number;
  let connectionId: string;

  beforeAll(async () => {
    mark = world.cloud.made;
    connectionId = await connectStockPeer(world, vpc1, { kind: 'libreswan', site, device }, variant);
    await world.cloud.waitUntilConnected(connectionId, 60_000);
  });

  afterAll(async () => {
    await world.cloud.deleteBackTo(mark);
    await device.stop();
  });

  it('carries packets both ways', async () => {
    await waitForReply(vpc1.hostA, site.host);
    await waitForReply(site.host, vpc1.hostB);
  });

  it('loses nothing when Libreswan renews its keys', async () => {
    await using stream = await PacketStream.start({ ...ends(), packetsPerSecond: 100, echoes: true });
    if (ikeVersion === 1) {
      await gateway.expectRenewal('child', () => device.initiate());
    } else {
      await gateway.expectRenewal('child', () => device.rekey('child'));
      await gateway.expectRenewal('ike', () => device.rekey('ike'));
    }
    await stream.waitForMoreEchoes(20);
    const report = await stream.stop();
    process.stdout.write(`Libreswan renews, IKEv${ikeVersion}: ${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({ lost: 0, duplicates: 0, roundTrips: { lost: 0 } });
  });

  it('loses only what Libreswan sends too early when the gateway renews its keys', async () => {
    await using stream = await PacketStream.start({ ...ends(), packetsPerSecond: 100, echoes: true });
    await gateway.expectRenewal('ike', () => gateway.rekey('ike'));
    await gateway.expectRenewal('child', () => gateway.rekey('child'));
    await stream.waitForMoreEchoes(20);
    const report = await stream.stop();
    process.stdout.write(`the gateway renews, IKEv${ikeVersion}: ${JSON.stringify(report)}\n`);
    expect(report).toMatchObject({ lost: 0, duplicates: 0 });
    // It sends with the new keys at once, while the gateway still computes them from its answer.
    expect(report.roundTrips.longestGapMs).toBeLessThan(1000 * patience);
  });
});

function ends(): { readonly from: Vpc1['hostA']; readonly to: Vpc1['hostA'] } {
  return { from: vpc1.hostA, to: site.host };
}
