import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Host } from '../src/host.ts';
import { Namespace } from '@landbridge/testbed/namespace';
import { PacketStream } from '../src/packet-stream.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { poll } from '@landbridge/testbed/poll';
import { waitForReply, waitForSilence } from '../src/reach.ts';
import { measureTcp } from '../src/throughput.ts';
import { addVxlan, createVxlanNetwork, type VxlanNetwork } from '../src/vxlan-network.ts';
import { World } from '../src/world.ts';

// VXLAN as the line of Direct Connect gateways: one on a CCN, one of a VPC. The other end is the kernel's own VXLAN.

let world: World;
let dc: VxlanNetwork;
let onCcn: Host;
let inVpc: Host;
let ccnGateway: string;
const ccnLine = { vni: 100, localAddress: '198.18.9.1/30', peerAddress: '198.18.9.2' };
const vpcLine = { vni: 0, localAddress: '198.18.10.1/30', peerAddress: '198.18.10.2' };

beforeAll(async () => {
  world = await World.start();
  const { lab, cloud } = world;
  [dc, onCcn, inVpc] = await Promise.all([
    createVxlanNetwork(lab),
    lab.createVpcHost({ name: 'VPC-1', label: 'vpc1-a', subnetPrefix: '10.0.1' }),
    lab.createVpcHost({ name: 'VPC-2', label: 'vpc2-c', subnetPrefix: '172.16.1' }),
  ]);
  await addVxlan(dc.router, 'line1', 100, '198.18.9.2/30', '10.0.0.0/16 via 198.18.9.1');
  await addVxlan(dc.router, 'line2', 0, '198.18.10.2/30', '172.16.0.0/16 via 198.18.10.1');
  const ccnId = await cloud.createCcn('ccn');
  const vpc1 = await cloud.createVpc('vpc1', '10.0.0.0/16');
  await cloud.createSubnet(vpc1.vpcId, 'A', '10.0.1.0/24', 'vpc1-a');
  ccnGateway = await cloud.createDirectConnectGateway('on-ccn', ccnId, { ...dc, ...ccnLine });
  await cloud.attachToCcn(ccnId, [{ InstanceType: 'VPC', InstanceId: vpc1.vpcId }]);
  await cloud.waitUntilAttached(ccnId, 2);
  const vpc2 = await cloud.createVpc('vpc2', '172.16.0.0/16');
  await cloud.createSubnet(vpc2.vpcId, 'C', '172.16.1.0/24', 'vpc2-c');
  const vpcGateway = await cloud.createDirectConnectGateway('of-vpc', vpc2.vpcId, { ...dc, ...vpcLine });
  await cloud.createVpcRoute(vpc2.routeTableId, dc.lan, vpcGateway);
});

afterAll(() => world.stop());

const lineOf = async (gateway: string) => {
  const [link] = await new Namespace(`lb-${gateway}`).ipJson('link', 'show', 'dev', 'dc');
  return link?.['ifindex'];
};

describe('a VXLAN', () => {
  it('carries packets both ways between a CCN and a data centre', async () => {
    await waitForReply(onCcn, dc.host);
    await waitForReply(dc.host, onCcn);
  });

  it('carries packets both ways between a VPC and a data centre', async () => {
    await waitForReply(inVpc, dc.host);
    await waitForReply(dc.host, inVpc);
    expect(await ping(inVpc, onCcn.address, { count: 2 })).toMatchObject({ received: 0 });
  });

  it('tells senders how much fits, and TCP keeps to it', async () => {
    for (const host of [onCcn, inVpc]) {
      const whole = { count: 2, dontFragment: true };
      expect(await ping(host, dc.host.address, { ...whole, size: 1450 - 28 })).toMatchObject({ received: 2 });
      expect(await ping(host, dc.host.address, { ...whole, size: 1450 - 27 })).toMatchObject({ received: 0 });
      const route = await host.namespace.runChecked(['ip', 'route', 'get', dc.host.address]);
      expect(route).toContain('mtu 1450');
    }
    await using syns = await PacketWatch.start(dc.host.namespace, 'eth0', 'tcp[tcpflags] & tcp-syn != 0');
    expect(await measureTcp({ from: onCcn, to: dc.host, seconds: 2 })).toBeGreaterThan(20);
    expect(syns.packets.some((line) => line.includes('mss 1410'))).toBe(true);
    expect(await measureTcp({ from: dc.host, to: inVpc, seconds: 2 })).toBeGreaterThan(20);
  });

  it('lets nobody in who has another VNI, or the right one from a wrong place', async () => {
    const stranger = await world.lab.createStranger('203.0.113.32');
    const gateway = new Namespace(`lb-${ccnGateway}`);
    const otherVni = await addVxlan(dc.router, 'line9', 101, '198.18.9.2/30');
    const otherPlace = await addVxlan(stranger, 'line', 100, '198.18.9.2/30');
    const cases = [
      { from: dc.router, device: 'line9', mac: otherVni, remote: dc.remoteAddress },
      { from: stranger, device: 'line', mac: otherPlace, remote: '203.0.113.32' },
    ];
    try {
      for (const { from, device, mac, remote } of cases) {
        await using atLine = await PacketWatch.start(gateway, 'dc', `ether src ${mac}`);
        await using atHost = await PacketWatch.start(world.lab.host, 'uplink', `udp port 4789 and src ${remote}`);
        expect(await ping({ namespace: from }, '198.18.9.1', { count: 3, source: device })).toMatchObject({
          received: 0,
        });
        await atHost.waitFor(2);
        await waitForReply(onCcn, dc.host);
        expect(atLine.packets).toEqual([]);
      }
    } finally {
      await dc.router.ip('link delete line9');
    }
  });

  it('outlives the control plane, whose successor takes it over as it is', async () => {
    const before = await lineOf(ccnGateway);
    await using packets = await PacketStream.start({ from: dc.host, to: onCcn, packetsPerSecond: 100 });
    await packets.waitForMore(50);
    await world.server.restart('SIGKILL');
    await packets.waitForMore(100);
    expect(await packets.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
    expect(await lineOf(ccnGateway)).toBe(before);
  });

  it('goes when it is detached, and another one may take its place', async () => {
    await world.cloud.detachLine(ccnGateway);
    await waitForSilence(onCcn, dc.host);
    await poll('the line is gone', () => new Namespace(`lb-${ccnGateway}`).run(['ip', 'link', 'show', 'dc']), ({ code }) => code !== 0, { within: 10_000 }); // prettier-ignore
    await waitForReply(inVpc, dc.host);
    await dc.router.ip('link delete line1');
    await addVxlan(dc.router, 'line1', 200, '198.18.9.2/30', '10.0.0.0/16 via 198.18.9.1');
    await world.cloud.attachLine(ccnGateway, { ...dc, ...ccnLine, vni: 200 });
    await waitForReply(onCcn, dc.host);
    await waitForReply(dc.host, onCcn);
  });
});
