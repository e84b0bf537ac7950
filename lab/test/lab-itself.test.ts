import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { IdcDevice } from '../src/idc-device.ts';
import { sendForged } from '../src/hostile-idc.ts';
import { Lab } from '../src/lab.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { measureMatrix, mismatches } from '../src/reachability-matrix.ts';
import type { PeerConnection } from '../src/swanctl-configuration.ts';

// The lab's own instruments, proven without a Landbridge server: two IDC devices connected to each other by hand.

let lab: Lab;
let one: IdcDevice;
let two: IdcDevice;

beforeAll(async () => {
  lab = await Lab.start();
  [one, two] = await Promise.all([lab.createIdc(1), lab.createIdc(2)]);
  await one.charon.load([siteToSite(one, two)]);
  await two.charon.load([siteToSite(two, one)]);
});

afterAll(() => lab.stop());

describe('two IDC devices with a tunnel made by hand', () => {
  it('are silent before there is a tunnel', async () => {
    expect(await ping(one.host, two.host.address, { count: 2 })).toMatchObject({ received: 0 });
  });

  it('reach each other through it, and nothing inner is in clear on the internet', async () => {
    const capture = await lab.capture();
    await one.routeIntoTunnel(two.lan);
    await two.routeIntoTunnel(one.lan);
    expect(await one.charon.initiate('site')).toBe(true);
    const cells = await measureMatrix([one.host, two.host], {
      'IDC-1': { 'IDC-2': 'yes' },
      'IDC-2': { 'IDC-1': 'yes' },
    });
    expect(cells.map(({ measured }) => measured)).toEqual(['yes', 'yes']);
    expect(mismatches(cells)).toEqual([]);
    const wire = await capture.stop();
    expect(wire).toMatchObject({ inner: [], sawCanary: false });
    expect(wire.encrypted).toBeGreaterThan(10);
  });

  it('lose no packet of a stream of 500 a second', async () => {
    await using stream = await PacketStream.start({ from: one.host, to: two.host, packetsPerSecond: 500 });
    await stream.waitUntilReceived(500);
    const report = await stream.stop();
    expect(report).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
    expect(report.sent).toBeGreaterThanOrEqual(500);
  });
});

describe('the instruments', () => {
  it('put a forged packet into the tunnel, sealed with its real keys', async () => {
    await using watch = await PacketWatch.start(two.host.namespace, 'eth0', 'udp port 7000');
    const packet = { source: '10.9.9.9', destination: two.host.address, port: 7000, text: 'forged' };
    await sendForged({ idc: one, peer: siteToSite(one, two) }, [packet]);
    await watch.waitFor(1);
    expect(watch.packets[0]).toContain('10.9.9.9.7000 > 192.168.2.10.7000');
  });

  it('count what is lost while the line is cut, and see the stream come back', async () => {
    await using stream = await PacketStream.start({ from: one.host, to: two.host, packetsPerSecond: 200 });
    await lab.internet.setLine(one.namespace, 'down');
    expect(await ping(one.host, two.host.address, { count: 2 })).toMatchObject({ received: 0 });
    await lab.internet.setLine(one.namespace, 'up');
    await stream.waitForMore(50);
    const report = await stream.stop();
    expect(report.lost).toBeGreaterThan(50);
    expect(report.longestGapMs).toBeGreaterThan(300);
  });

  it('see inner packets that go by in clear', async () => {
    const capture = await lab.capture();
    await one.namespace.ip(`route add 198.51.100.0/24 via ${two.publicAddress} dev wan`);
    await ping(one.host, '198.51.100.1');
    const wire = await capture.stop();
    expect(wire.sawCanary).toBe(true);
    expect(wire.inner[0]).toContain('192.168.1.10 > 198.51.100.1');
  });
});

function siteToSite(local: IdcDevice, remote: IdcDevice): PeerConnection {
  return {
    name: 'site-to-site',
    localAddress: local.publicAddress,
    remoteAddress: remote.publicAddress,
    preSharedKey: 'lab itself',
    version: 2,
    ikeProposals: 'aes256-sha256-modp2048',
    espProposals: 'aes256gcm16',
    children: [{ name: 'site', localTs: '0.0.0.0/0', remoteTs: '0.0.0.0/0' }],
  };
}
