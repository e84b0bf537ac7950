import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { GatewayCharon } from '../src/gateway-charon.ts';
import { connectIdc } from '../src/idc-connection.ts';
import { IdcDevice } from '../src/idc-device.ts';
import { NatRouter } from '../src/nat-router.ts';
import { strongNegotiation, type Negotiation } from '../src/negotiation.ts';
import { waitForReply } from '../src/reach.ts';
import { createVpc1, type Vpc1 } from '../src/vpc-1.ts';
import { World } from '../src/world.ts';

// A device behind NAT whose mapping changes: the gateway follows it to the new port (RFC 7296 section 2.23) with the SAs it has.

let world: World;
let vpc1: Vpc1;
let router: NatRouter;
let idc: IdcDevice;

beforeAll(async () => {
  world = await World.start();
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
