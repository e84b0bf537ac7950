import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { GatewayCharon } from '../src/gateway-charon.ts';
import { connectIdc, type IdcConnection } from '../src/idc-connection.ts';
import type { IdcDevice } from '../src/idc-device.ts';
import { strongNegotiation, type Negotiation } from '../src/negotiation.ts';
import { poll } from '@landbridge/testbed/poll';
import { waitForReply } from '../src/reach.ts';
import type { PeerConnection } from '../src/swanctl-configuration.ts';
import { createVpc1, type Vpc1 } from '../src/vpc-1.ts';
import { World } from '../src/world.ts';

// Options of CreateVpnConnection as the peer's charon sees them negotiated, each with a ping through the tunnel.

let world: World;
let vpc1: Vpc1;
let idc: IdcDevice;

beforeAll(async () => {
  world = await World.start();
  [idc, vpc1] = await Promise.all([world.lab.createIdc(1), createVpc1(world)]);
  await world.cloud.createVpcRoute(vpc1.routeTableId, idc.lan, vpc1.gateway.gatewayId);
});

afterAll(() => world.stop());

let second: IdcDevice | undefined;
let mark: number;

beforeEach(() => {
  mark = world.cloud.made;
});

afterEach(() => world.cloud.deleteBackTo(mark));

interface Case {
  readonly title: string;
  readonly negotiation: Negotiation;
  readonly peer?: Partial<PeerConnection>;
  readonly more?: Record<string, unknown>;
  /** In `swanctl --list-sas` at the peer. */
  readonly atPeer: readonly RegExp[];
  /** In `swanctl --list-conns --raw` at the gateway's charon. */
  readonly atGateway?: readonly RegExp[];
}

const { ike, ipsec } = strongNegotiation;

const ikeV1: Negotiation = {
  ike: {
    ...ike,
    IKEVersion: 'IKEV1',
    PropoEncryAlgorithm: 'AES-CBC-128',
    PropoAuthenAlgorithm: 'SHA',
    DhGroupName: 'GROUP2',
  },
  ipsec: { ...ipsec, EncryptAlgorithm: 'AES-CBC-128', IntegrityAlgorith: 'SHA1', PfsDhGroup: 'DH-GROUP2' },
  version: 1,
  ikeProposals: 'aes128-sha1-modp1024',
  espProposals: 'aes128-sha1-modp1024',
};

const cases: readonly Case[] = [
  {
    title: 'IKEv1 main mode, AES-128 and SHA-1, group 2 with PFS',
    negotiation: ikeV1,
    atPeer: [
      /IKEv1/,
      /AES_CBC-128\/HMAC_SHA1_96\/PRF_HMAC_SHA1\/MODP_1024/,
      /ESP:AES_CBC-128\/HMAC_SHA1_96\/MODP_1024/,
    ],
  },
  {
    title: 'IKEv1 aggressive mode with FQDN identities',
    negotiation: {
      ...ikeV1,
      aggressive: true,
      ike: {
        ...ikeV1.ike,
        ExchangeMode: 'AGGRESSIVE',
        LocalIdentity: 'FQDN',
        LocalFqdnName: 'gateway.example',
        RemoteIdentity: 'FQDN',
        RemoteFqdnName: 'idc.example',
      },
    },
    peer: { localId: 'fqdn:idc.example', remoteId: 'fqdn:gateway.example' },
    atPeer: [/IKEv1/, /local +'idc\.example'/, /remote +'gateway\.example'/],
  },
  {
    title: 'IKEv2 with FQDN identities, AES-192, SHA-512, group 15',
    negotiation: {
      ike: {
        ...ike,
        PropoEncryAlgorithm: 'AES-CBC-192',
        PropoAuthenAlgorithm: 'SHA-512',
        DhGroupName: 'GROUP15',
        LocalIdentity: 'FQDN',
        LocalFqdnName: 'gateway.example',
        RemoteIdentity: 'FQDN',
        RemoteFqdnName: 'idc.example',
      },
      ipsec: { ...ipsec, EncryptAlgorithm: 'AES-CBC-192', IntegrityAlgorith: 'SHA-512', PfsDhGroup: 'NULL' },
      version: 2,
      ikeProposals: 'aes192-sha512-modp3072',
      espProposals: 'aes192-sha512',
    },
    peer: { localId: 'fqdn:idc.example', remoteId: 'fqdn:gateway.example' },
    atPeer: [
      /IKEv2/,
      /local +'idc\.example'/,
      /AES_CBC-192\/HMAC_SHA2_512_256\/PRF_HMAC_SHA2_512\/MODP_3072/,
      /ESP:AES_CBC-192\/HMAC_SHA2_512_256/,
    ],
  },
  {
    title: 'IKEv2 with AES-256-GCM on both layers, group 20, dead peer detection',
    negotiation: {
      ike: { ...ike, PropoEncryAlgorithm: 'AES256GCM128', PropoAuthenAlgorithm: 'SHA-256', DhGroupName: 'GROUP20' },
      ipsec: { ...ipsec, PfsDhGroup: 'DH-GROUP20' },
      version: 2,
      ikeProposals: 'aes256gcm16-prfsha256-ecp384',
      espProposals: 'aes256gcm16-ecp384',
    },
    more: { DpdEnable: 1, DpdTimeout: '45', DpdAction: 'restart' },
    atPeer: [/IKEv2/, /AES_GCM_16-256\/PRF_HMAC_SHA2_256\/ECP_384/, /ESP:AES_GCM_16-256/],
    atGateway: [/version=IKEv2/, /dpd_delay=[1-9]/],
  },
  {
    title: 'IKEv2 with AES-256-CBC and SHA-256, group 21, keys renewed with PFS at the peer’s wish',
    negotiation: {
      ike: { ...ike, DhGroupName: 'GROUP21' },
      ipsec: { ...ipsec, EncryptAlgorithm: 'AES-CBC-256', PfsDhGroup: 'DH-GROUP21' },
      version: 2,
      ikeProposals: 'aes256-sha256-ecp521',
      espProposals: 'aes256-sha256-ecp521',
    },
    peer: { rekeySeconds: 2 },
    atPeer: [/ECP_521/, /ESP:AES_CBC-256\/HMAC_SHA2_256_128\/ECP_521/],
  },
];

describe('a tunnel', () => {
  it.each(cases)('$title', async ({ negotiation, peer, more, atPeer, atGateway }) => {
    const { gateway, vpcId } = vpc1;
    const tunnel = await connectIdc(world, {
      gateway,
      vpcId,
      idc,
      negotiation,
      cloudRanges: ['10.0.0.0/16'],
      ...(peer === undefined ? {} : { peer }),
      ...(more === undefined ? {} : { more }),
    });
    await world.cloud.createGatewayRoute(gateway.gatewayId, idc.lan, tunnel.connectionId);
    await world.cloud.waitUntilConnected(tunnel.connectionId);
    await waitForReply(vpc1.hostA, idc.host);
    await poll(
      'the peer has it as asked for',
      () => idc.charon.listSas(),
      (text) => atPeer.every((line) => line.test(text)),
      {
        within: 15_000,
      },
    );
    if (atGateway !== undefined) {
      const connections = await new GatewayCharon(world.server.dataDirectory, gateway.gatewayId).connections();
      for (const line of atGateway) expect(connections).toMatch(line);
    }
    await waitForReply(idc.host, vpc1.hostB);
    await world.cloud.deleteBackTo(mark);
    await poll(
      'the peer is told',
      () => idc.charon.installedChildren(),
      (count) => count === 0,
      { within: 15_000 },
    );
  });
});

describe('two IKEv1 peers that call themselves the same', () => {
  const sameIdentity = '192.168.0.2';

  it.each([
    { mode: 'main', negotiationType: 'active' },
    { mode: 'main', negotiationType: 'passive' },
    { mode: 'aggressive', negotiationType: 'active' },
    { mode: 'aggressive', negotiationType: 'passive' },
  ] as const)('have a key each: $mode mode, the gateway is $negotiationType', async ({ mode, negotiationType }) => {
    const { gateway, vpcId } = vpc1;
    const { cloud } = world;
    second ??= await world.lab.createIdc(2);
    const aggressive = mode === 'aggressive';
    const negotiation = {
      ...ikeV1,
      aggressive,
      ike: {
        ...ikeV1.ike,
        ExchangeMode: mode === 'main' ? 'MAIN' : 'AGGRESSIVE',
        RemoteAddress: sameIdentity,
      },
    };
    const connect = (device: IdcDevice): Promise<IdcConnection> =>
      connectIdc(world, {
        ...{ gateway, vpcId, idc: device, negotiation, cloudRanges: ['10.0.0.0/16'] },
        peer: { localId: sameIdentity },
        more: { NegotiationType: negotiationType },
      });
    const tunnels = [await connect(idc), await connect(second)];
    await cloud.waitUntilApplied(gateway.gatewayId);
    for (const tunnel of tunnels) {
      if (negotiationType === 'passive') expect(await tunnel.idc.charon.initiate('cloud-1')).toBe(true);
      await cloud.waitUntilConnected(tunnel.connectionId);
    }
    for (const tunnel of tunnels) {
      await tunnel.idc.charon.stop();
      await cloud.waitUntilDown(tunnel.connectionId);
      await tunnel.idc.restartCharon([tunnel.peer], tunnel.cloudRanges);
      if (negotiationType === 'passive') expect(await tunnel.idc.charon.initiate('cloud-1')).toBe(true);
      await cloud.waitUntilConnected(tunnel.connectionId);
    }
  });
});
