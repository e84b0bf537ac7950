import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { JsonObject } from '@landbridge/client';
import { connectGeneratedPeer, generatedVendors, type GeneratedVariant } from '../../lab/src/generated-peer.ts';
import { GatewayCharon } from '../../lab/src/gateway-charon.ts';
import type { IdcSite } from '../../lab/src/idc-site.ts';
import { Libreswan } from '../../lab/src/libreswan.ts';
import { PacketStream, type StreamReport } from '../../lab/src/packet-stream.ts';
import { patience, poll } from '@landbridge/testbed/poll';
import { PrivateFiles } from '../../lab/src/private-files.ts';
import { waitForReply, waitForSilence } from '../../lab/src/reach.ts';
import { connectStockPeer, stockPackages, stockVariants } from '../../lab/src/stock-tunnel.ts';
import { createVpc1, type Vpc1 } from '../../lab/src/vpc-1.ts';
import { World } from '../../lab/src/world.ts';

// Debian's Libreswan as the customer's device, configured by the examples of docs/peers: it needs the kernel's ESP.

let world: World;
let vpc1: Vpc1;
let site: IdcSite;
let files: PrivateFiles;
let device: Libreswan;
let gateway: GatewayCharon;

const say = (line: string): void =>
  void process.stdout.write(`libreswan ${(performance.now() / 1000).toFixed(1).padStart(6)} s  ${line}\n`);

beforeAll(async () => {
  world = await World.start({ dataPlane: 'kernel' });
  [vpc1, site] = await Promise.all([createVpc1(world), world.lab.createSite(1)]);
  await world.cloud.createVpcRoute(vpc1.routeTableId, site.lan, vpc1.gateway.gatewayId);
  // Every device has one, and policies see only packets that have a route.
  await site.namespace.ip('route add default dev wan');
  files = await PrivateFiles.mount(site.namespace, await stockPackages('libreswan'));
  device = new Libreswan(site.namespace, files, world.lab.directory);
  world.lab.onStop(async () => {
    await device.stop();
    await files.unmount();
  });
  gateway = new GatewayCharon(world.server.dataDirectory, vpc1.gateway.gatewayId);
  say('the gateway stands');
});

afterAll(() => world.stop());

describe.each(stockVariants)('a tunnel by $mode, IKEv$ikeVersion', (variant) => {
  const { mode, ikeVersion } = variant;
  /** By IKEv1 it cannot be told to renew its keys: it does so all the time. */
  const renewal = ikeVersion === 1 ? { renewsAfter: 30 } : {};
  let mark: number;
  let connectionId: string;

  beforeAll(async () => {
    mark = world.cloud.made;
    connectionId = await connectStockPeer(world, vpc1, { kind: 'libreswan', site, device }, { ...variant, ...renewal });
    say(`${mode}, IKEv${ikeVersion}: Libreswan runs`);
    await world.cloud.waitUntilConnected(connectionId, 60_000);
    say('connected');
  });

  afterAll(async () => {
    say('down again');
    await world.cloud.deleteBackTo(mark);
    await device.stop();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') say(`${task.name}: pluto said\n${await device.log()}`);
  });

  it('carries packets both ways', async () => {
    await waitForReply(vpc1.hostA, site.host);
    await waitForReply(site.host, vpc1.hostB);
  });

  it('carries them on while Libreswan renews its keys', async () => {
    await using stream = await startStream();
    if (ikeVersion === 1) {
      await gateway.expectRenewal('child');
    } else {
      await gateway.expectRenewal('child', () => device.rekey('child'));
      await gateway.expectRenewal('ike', () => device.rekey('ike'));
    }
    const report = await finish(stream, 'Libreswan renews');
    expect(report).toMatchObject({ lost: 0, duplicates: 0 });
    if (ikeVersion === 2) expect(report.roundTrips.lost).toBe(0);
    // By IKEv1 the initiator may send with the new keys before the responder has them.
    else expect(report.roundTrips.longestGapMs).toBeLessThan(1000 * patience);
  });

  it('loses only what Libreswan sends too early when the gateway renews its keys', async () => {
    await using stream = await startStream();
    await gateway.expectRenewal('ike', () => gateway.rekey('ike'));
    await gateway.expectRenewal('child', () => gateway.rekey('child'));
    const report = await finish(stream, 'the gateway renews');
    expect(report).toMatchObject({ lost: 0, duplicates: 0 });
    // It sends with the new keys at once, while the gateway still computes them from its answer.
    expect(report.roundTrips.longestGapMs).toBeLessThan(1000 * patience);
  });

  it.runIf(mode === 'policy' && ikeVersion === 2)('comes back when Libreswan was killed', async () => {
    await device.kill();
    await waitForSilence(vpc1.hostA, site.host);
    await world.cloud.waitUntilDown(connectionId, 75_000);
    await waitForReason(connectionId, /^Peer (stopped answering|silent)/);
    await device.start();
    await world.cloud.waitUntilConnected(connectionId, 60_000);
    await waitForReply(vpc1.hostA, site.host);
    await waitForReply(site.host, vpc1.hostB);
  });

  it.runIf(mode === 'route')('says so when the keys differ', async () => {
    await device.changeKey('another key than the gateway has');
    await world.cloud.resetVpnConnection(vpc1.gateway.gatewayId, connectionId);
    await world.cloud.waitUntilDown(connectionId);
    // To what the gateway begins Libreswan says no more than that; what it begins itself shows the key.
    await waitForReason(connectionId, /^Pre shared key differs/);
    await waitForSilence(vpc1.hostA, site.host);
  });
});

const generated: readonly GeneratedVariant[] = [
  { mode: 'route', ikeVersion: 2, negotiation: 'passive', fqdn: 'branch.example.com' },
  { mode: 'policy', ikeVersion: 2, negotiation: 'passive' },
  { mode: 'policy', ikeVersion: 1, negotiation: 'passive', fqdn: 'branch.example.com' },
];

describe.each(generated)('a downloaded configuration by $mode, IKEv$ikeVersion', (variant) => {
  let mark: number;

  beforeAll(async () => {
    mark = world.cloud.made;
    const peer = { site, device, files, vendor: generatedVendors.libreswan };
    const connectionId = await connectGeneratedPeer(world, vpc1, peer, variant);
    await world.cloud.waitUntilConnected(connectionId, 60_000);
  });

  afterAll(async () => {
    say('down again');
    await world.cloud.deleteBackTo(mark);
    await device.stop();
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') say(`${task.name}: pluto said\n${await device.log()}`);
  });

  it('carries packets both ways', async () => {
    await waitForReply(vpc1.hostA, site.host);
    await waitForReply(site.host, vpc1.hostB);
  });
});

function startStream(): Promise<PacketStream> {
  return PacketStream.start({ from: vpc1.hostA, to: site.host, packetsPerSecond: 100, echoes: true });
}

async function finish(stream: PacketStream, what: string): Promise<StreamReport> {
  await stream.waitForMoreEchoes(10);
  const report = await stream.stop();
  const { sent, lost, roundTrips } = report;
  say(`${what}: ${lost} of ${sent} lost, ${roundTrips.lost} echoes, longest gap ${roundTrips.longestGapMs} ms`);
  return report;
}

async function waitForReason(connectionId: string, says: RegExp): Promise<void> {
  const read = async (): Promise<string> => {
    const status: JsonObject = await world.cloud.tunnelStatus(connectionId);
    return String(status['LastError']);
  };
  await poll('the reason is told', read, (text) => says.test(text), { within: 60_000, every: 200 });
}
