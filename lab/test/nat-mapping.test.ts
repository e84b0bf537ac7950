import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayCharon } from '../src/gateway-charon.ts';
import { connectIdc } from '../src/idc-connection.ts';
import { floodWithHalfOpen } from '../src/half-open-flood.ts';
import { IdcDevice } from '../src/idc-device.ts';
import type { Namespace } from '@landbridge/testbed/namespace';
import { NatRouter } from '../src/nat-router.ts';
import { strongNegotiation, type Negotiation } from '../src/negotiation.ts';
import { poll } from '@landbridge/testbed/poll';
import { waitForReply } from '../src/reach.ts';
import type { PeerConnection } from '../src/swanctl-configuration.ts';
import { createVpc1, type Vpc1 } from '../src/vpc-1.ts';
import { World } from '../src/world.ts';

// Devices behind NAT. When the mapping of one changes the gateway follows it to the new port (RFC 7296 section 2.23) with the SAs it
// has; many of one address come up at once, though strangers open what they never finish.

let world: World;
let vpc1: Vpc1;
let router: NatRouter;
let idc: IdcDevice;

beforeAll(async () => {
  const quotas = { vpnConnectionsPerPair: 60, vpnConnectionsPerVpnGateway: 61, vpnConnectionsPerCustomerGateway: 60 };
  world = await World.start({ settings: { quotas } });
  const { lab } = world;
  vpc1 = await createVpc1(world);
  router = await NatRouter.create(lab, lab.publicAddress(40));
  idc = await IdcDevice.create(router.inside, {
    ...{ name: 'IDC-4', netns: lab.netns('idc4'), directory: lab.directory, canary: 'behind nat' },
    ...{ publicAddress: '192.168.200.2', lanPrefix: '192.168.4' },
  });
  lab.idcs.push(idc);
  await idc.namespace.ip('route add 203.0.113.0/24 via 192.168.200.1');
  await world.cloud.createVpcRoute(vpc1.routeTableId, idc.lan, vpc1.gateway.gatewayId);
});

afterAll(() => world.stop());

const { ike, ipsec } = strongNegotiation;

function negotiation(version: 1 | 2, encryption: string, integrity: string, esp: string): Negotiation {
  return {
    ike: { ...ike, IKEVersion: `IKEV${version}` },
    ipsec: { ...ipsec, EncryptAlgorithm: encryption, IntegrityAlgorith: integrity, PfsDhGroup: 'NULL' },
    version,
    ikeProposals: strongNegotiation.ikeProposals,
    espProposals: esp,
  };
}

const cases = [
  { title: 'IKEv2, AES-128 and SHA-1', offered: negotiation(2, 'AES-CBC-128', 'SHA1', 'aes128-sha1') },
  { title: 'IKEv1, AES-128 and SHA-256', offered: negotiation(1, 'AES-CBC-128', 'SHA-256', 'aes128-sha256') },
  { title: 'IKEv2, AES-256 and SHA-512', offered: negotiation(2, 'AES-CBC-256', 'SHA-512', 'aes256-sha512') },
  { title: 'IKEv1, AES-256 and SHA-512', offered: negotiation(1, 'AES-CBC-256', 'SHA-512', 'aes256-sha512') },
  { title: 'IKEv2, AES-256-GCM', offered: negotiation(2, 'AES256GCM128', 'SHA-256', 'aes256gcm16') },
];

describe('the NAT mapping of a peer changes', () => {
  it.each(cases)('and its SAs follow: $title', async ({ offered }) => {
    const { cloud } = world;
    const mark = cloud.made;
    const { gateway, vpcId } = vpc1;
    const tunnel = await connectIdc(world, {
      ...{ gateway, vpcId, idc, negotiation: offered, cloudRanges: ['10.0.0.0/16'] },
      peer: { localAddress: '192.168.200.2', localId: router.publicAddress },
      publicAddress: router.publicAddress,
      more: { NegotiationType: 'passive' },
    });
    try {
      await cloud.createGatewayRoute(gateway.gatewayId, idc.lan, tunnel.connectionId);
      await cloud.waitUntilApplied(gateway.gatewayId);
      expect(await idc.charon.initiate('cloud-1')).toBe(true);
      await waitForReply(vpc1.hostA, idc.host);
      const charon = new GatewayCharon(world.server.dataDirectory, gateway.gatewayId);
      const before = await charon.spis();
      await router.changeMappings();
      await waitForReply(idc.host, vpc1.hostA, 10_000);
      await waitForReply(vpc1.hostA, idc.host, 5000);
      expect(await charon.spis()).toEqual(before);
      expect(await cloud.netStatus(tunnel.connectionId)).toBe('AVAILABLE');
    } finally {
      await idc.charon.terminate('cloud');
      await cloud.deleteBackTo(mark);
    }
  });
});

/** Tunnel n from behind the router: its peer says who it is by a name of its own, and begins. */
async function createBranch(customerGatewayId: string, n: number): Promise<PeerConnection> {
  const [name, preSharedKey] = [`branch-${n}`, `key of branch ${n}`];
  const [cloudRange, branchRange] = ['10.0.0.0/16', `172.20.${n}.0/24`];
  const { gatewayId, publicAddress } = vpc1.gateway;
  await world.cloud.createVpnConnection({
    ...{ gatewayId, customerGatewayId, vpcId: vpc1.vpcId, name, preSharedKey },
    negotiation: {
      ...strongNegotiation,
      ike: { ...ike, RemoteIdentity: 'FQDN', RemoteFqdnName: `${name}.example` },
    },
    policies: { [cloudRange]: [branchRange] },
    more: { NegotiationType: 'passive' },
  });
  const { version, ikeProposals, espProposals } = strongNegotiation;
  return {
    ...{ name, preSharedKey, version, ikeProposals, espProposals, initiates: true },
    ...{ localAddress: '192.168.200.2', remoteAddress: publicAddress, localId: `fqdn:${name}.example` },
    children: [{ name: `${name}-all`, localTs: branchRange, remoteTs: cloudRange }],
  };
}

/** Somebody on the internet who sends with addresses of others, and hears nothing that is sent to these. */
async function createForger(...addresses: readonly string[]): Promise<Namespace> {
  const forger = await world.lab.createStranger('203.0.113.66');
  await forger.sysctl({ 'net.ipv4.conf.all.arp_announce': '2', 'net.ipv4.conf.all.arp_ignore': '1' });
  await forger.ip(...addresses.map((address) => `address add ${address}/32 dev lo`));
  return forger;
}

describe('sixty peers behind one address', () => {
  it('are all up within seconds over a slow line, while others forge half-open IKE_SAs of theirs and of another peer', async () => {
    const { cloud, server } = world;
    const { gateway, vpcId } = vpc1;
    const mark = cloud.made;
    const absent = '203.0.113.70';
    const forger = await createForger(router.publicAddress, absent);
    const flood = async (address: string, version: 1 | 2): Promise<void> => {
      await forger.ip(`route replace ${gateway.publicAddress} dev wan src ${address}`);
      await floodWithHalfOpen({ from: forger, gatewayAddress: gateway.publicAddress, version, count: 1000 });
    };
    const customerGatewayId = await cloud.createCustomerGateway('branches', router.publicAddress);
    const peers: PeerConnection[] = [];
    for (let n = 1; n <= 60; n++) peers.push(await createBranch(customerGatewayId, n));
    await cloud.createVpnConnection({
      ...{ gatewayId: gateway.gatewayId, vpcId, name: 'absent', preSharedKey: 'key of nobody' },
      customerGatewayId: await cloud.createCustomerGateway('absent', absent),
      negotiation: { ...strongNegotiation, ike: { ...ike, IKEVersion: 'IKEV1' } },
      policies: { '10.0.0.0/16': ['172.21.0.0/24'] },
      more: { NegotiationType: 'passive' },
    });
    await cloud.waitUntilApplied(gateway.gatewayId);
    const charon = await new GatewayCharon(server.dataDirectory, gateway.gatewayId).connect();
    const halfOpen = async (): Promise<number> => (await charon.stats()).ikeSas.halfOpen;
    const ownRanges = peers.map((_, index) => `172.20.${index + 1}.1/32 dev lo`);
    try {
      await idc.namespace.ip(...ownRanges.map((range) => `address add ${range}`));
      await idc.namespace.runChecked(['tc', 'qdisc', 'add', 'dev', 'wan', 'root', ...slow]);
      await flood(router.publicAddress, 2);
      // Who cannot read what is sent to an address has no cookie.
      expect(await halfOpen()).toBeLessThanOrEqual(3);
      await flood(absent, 1);
      // IKEv1 has no cookies, but there is a limit for each address.
      await poll('half-open IKE_SAs of the absent peer', halfOpen, (count) => count >= 100, { within: 5000 });
      expect(await halfOpen()).toBeLessThanOrEqual(103);
      const logged = (await idc.charon.log()).length;
      const began = performance.now();
      await idc.charon.load(peers);
      await poll('all are up', () => idc.charon.installedChildren(), (count) => count === 60, { within: 10_000 }); // prettier-ignore
      process.stdout.write(`60 peers were up after ${Math.round(performance.now() - began)} ms\n`);
      expect((await idc.charon.log()).slice(logged)).not.toMatch(/giving up after/);
    } finally {
      charon.close();
      await idc.namespace.run(['tc', 'qdisc', 'delete', 'dev', 'wan', 'root']);
      await idc.namespace.ip(...ownRanges.map((range) => `address delete ${range}`));
      await idc.charon.load([]);
      await cloud.deleteBackTo(mark);
    }
  });
});

/** A megabit a second: what all send at once takes a while, so that all are half open at once. */
const slow = ['tbf', 'rate', '1mbit', 'burst', '2k', 'latency', '5s'];
