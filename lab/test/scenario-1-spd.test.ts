import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { sendForged } from '../src/hostile-idc.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { hold, poll } from '@landbridge/testbed/poll';
import { waitForReply } from '../src/reach.ts';
import { measureMatrix, mismatches } from '../src/reachability-matrix.ts';
import { oneSpd, type OneSpd } from '../src/scenarios/1-spd.ts';
import type { PeerConnection } from '../src/swanctl-configuration.ts';
import type { WireCapture } from '../src/wire-capture.ts';
import { World } from '../src/world.ts';
import { waitForFinding } from '../src/tunnel-health.ts';

// docs/spec/scenarios.md section 1, SPD: the table with subnet B outside the mapping, T1, T3, and negative cases 5 and
// 6.

let world: World;
let built: OneSpd;
let capture: WireCapture;

beforeAll(async () => {
  world = await World.start();
  capture = await world.lab.capture();
  built = await oneSpd.build(world);
});

afterAll(() => world.stop());

describe('scenario 1, SPD', () => {
  it('reaches as the table says, without a gateway route (T1)', async () => {
    const cells = await measureMatrix(built.hosts, oneSpd.expected);
    expect(mismatches(cells)).toEqual([]);
  });

  it('sends nothing from outside the mapping into the tunnel (T3)', async () => {
    const { vpc1, tunnel } = built;
    await vpc1.hostA.namespace.ip('address add 10.9.9.9/32 dev eth0');
    try {
      await using watch = await PacketWatch.start(tunnel.idc.host.namespace, 'eth0', 'icmp[icmptype] = icmp-echo');
      await ping(vpc1.hostB, tunnel.idc.host.address, { count: 2 });
      await ping(vpc1.hostA, tunnel.idc.host.address, { count: 2, source: '10.9.9.9' });
      await ping(vpc1.hostA, tunnel.idc.host.address, { count: 1 });
      await watch.waitFor(1);
      expect(watch.packets.filter((packet) => !packet.includes(`${vpc1.hostA.address} >`))).toEqual([]);
    } finally {
      await vpc1.hostA.namespace.ip('address delete 10.9.9.9/32 dev eth0');
    }
  });

  it('accepts nothing outside the mapping from the tunnel, however the peer forges it (T3)', async () => {
    const { vpc1, tunnel } = built;
    const [a, b, idc] = [vpc1.hostA.address, vpc1.hostB.address, tunnel.idc.host.address];
    await using atA = await PacketWatch.start(vpc1.hostA.namespace, 'eth0', 'udp port 7000');
    await using atB = await PacketWatch.start(vpc1.hostB.namespace, 'eth0', 'udp port 7000');
    await sendForged(tunnel, [
      { source: '10.9.9.9', destination: a, port: 7000, text: 'foreign source' },
      { source: '192.168.2.10', destination: a, port: 7000, text: 'source of another IDC' },
      { source: b, destination: a, port: 7000, text: 'source inside the VPC' },
      { source: idc, destination: b, port: 7000, text: 'destination outside the mapping' },
      { source: idc, destination: a, port: 7000, text: 'as agreed' },
    ]);
    await atA.waitFor(1);
    expect(atA.packets.map((packet) => packet.replace(/^\S+ /, ''))).toEqual([
      expect.stringContaining(`${idc}.7000 > ${a}.7000`),
    ]);
    expect(atB.packets).toEqual([]);
  });

  it('is not connected when the peer offers another range, and says so', async () => {
    const { tunnel, vpc1 } = built;
    try {
      await loadChild('192.168.77.0/24', '10.0.1.0/24');
      await world.cloud.waitUntilDown(tunnel.connectionId);
      const { Layer, Ours } = await waitForFinding(world.cloud, tunnel.connectionId, 'selectors-refused', 20_000);
      expect([Layer, Ours]).toEqual(['policy', '10.0.1.0/24 (here) === 192.168.1.0/24 (there)']);
      expect(await ping(vpc1.hostA, tunnel.idc.host.address, { count: 3 })).toMatchObject({ received: 0 });
      expect(await tunnel.idc.charon.installedChildren()).toBe(0);
      expect(await world.cloud.netStatus(tunnel.connectionId)).toBe('UNAVAILABLE');
    } finally {
      await loadAgreed();
    }
  });

  it('is narrowed to what the peer agrees to, by IKEv2 (1.5)', async () => {
    const { tunnel, vpc1 } = built;
    const [a, idc] = [vpc1.hostA, tunnel.idc.host];
    const outside = '10.0.1.200';
    await a.namespace.ip(`address add ${outside}/32 dev eth0`);
    try {
      await loadChild('192.168.1.0/24', '10.0.1.0/25');
      await world.cloud.waitUntilConnected(tunnel.connectionId, 60_000);
      await waitForReply(a, idc);
      await using watch = await PacketWatch.start(idc.namespace, 'eth0', `icmp and src host ${outside}`);
      expect(await ping(a, idc.address, { count: 3, source: outside })).toMatchObject({ received: 0 });
      await waitForReply(a, idc);
      expect(watch.packets).toEqual([]);
    } finally {
      await loadAgreed();
    }
    expect(await ping(a, idc.address, { count: 3, source: outside })).toMatchObject({ received: 3 });
  });

  it('does not come up by IKEv1 when the ranges differ (1.5)', async () => {
    const { tunnel } = built;
    const ikeVersion = (IKEVersion: string): Promise<void> =>
      world.cloud.modifyVpnConnection(tunnel.connectionId, { IKEOptionsSpecification: { IKEVersion } });
    try {
      await ikeVersion('IKEV1');
      await loadChild('192.168.1.0/24', '10.0.9.0/24', { version: 1 });
      await poll('phase 1 is established', () => tunnel.idc.charon.listSas(), (text) => text.includes('ESTABLISHED, IKEv1'), { within: 30_000 }); // prettier-ignore
      await world.cloud.waitUntilDown(tunnel.connectionId);
      const status = (): Promise<string> => world.cloud.netStatus(tunnel.connectionId);
      await hold('phase 2 stays down', status, (value) => value === 'UNAVAILABLE', { during: 3000 });
      expect(await tunnel.idc.charon.installedChildren()).toBe(0);
      await loadChild('192.168.1.0/24', '10.0.1.0/24', { version: 1 });
      await world.cloud.waitUntilConnected(tunnel.connectionId, 60_000);
    } finally {
      await ikeVersion('IKEV2');
      await loadAgreed();
    }
  });

  it.each([
    [
      'overlapping ends',
      { '10.0.1.0/24': ['10.0.1.0/25'] },
      /^InvalidParameterValue\.(VpnConnSpdCidrConflict|VpcCidrConflict)$/,
    ],
    ['a remote range inside the VPC', { '10.0.1.0/24': ['10.0.3.0/24'] }, /^InvalidParameterValue\.VpcCidrConflict/],
  ])('refuses a policy with %s', async (_, policies, code) => {
    const { vpc1 } = built;
    const customerGatewayId = await world.cloud.createCustomerGateway('another device', '203.0.113.99');
    const refused = world.cloud.createVpnConnection({
      gatewayId: vpc1.gateway.gatewayId,
      customerGatewayId,
      vpcId: vpc1.vpcId,
      name: 'refused',
      preSharedKey: 'a key',
      negotiation: { ike: {}, ipsec: {} },
      policies,
    });
    try {
      await expect(refused).rejects.toMatchObject({ code: expect.stringMatching(code) as string });
    } finally {
      await world.cloud.call('DeleteCustomerGateway', { CustomerGatewayId: customerGatewayId });
    }
  });

  it('had nothing inner in clear on the internet in all of this', async () => {
    const wire = await capture.stop();
    expect(wire).toMatchObject({ inner: [], sawCanary: false });
    expect(wire.encrypted).toBeGreaterThan(20);
  });
});

/** The peer gets other ranges than agreed, and the tunnel is negotiated anew. */
async function loadChild(localTs: string, remoteTs: string, more: Partial<PeerConnection> = {}): Promise<void> {
  const { tunnel, vpc1 } = built;
  await tunnel.idc.charon.load([{ ...tunnel.peer, ...more, children: [{ name: 'cloud-1', localTs, remoteTs }] }]);
  await world.cloud.resetVpnConnection(vpc1.gateway.gatewayId, tunnel.connectionId);
}

async function loadAgreed(): Promise<void> {
  const { tunnel, vpc1 } = built;
  await loadChild('192.168.1.0/24', '10.0.1.0/24');
  await world.cloud.waitUntilConnected(tunnel.connectionId, 60_000);
  await waitForReply(vpc1.hostA, tunnel.idc.host);
}
