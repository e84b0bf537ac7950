import type { JsonObject } from '@landbridge/client';
import { hold, patience, poll } from '@landbridge/testbed/poll';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Asking } from '../src/asking.ts';
import type { CreatedGateway } from '../src/cloud.ts';
import { GatewayCharon } from '../src/gateway-charon.ts';
import type { Host } from '../src/host.ts';
import { connectIdc, type IdcConnection, type IdcConnectionOptions } from '../src/idc-connection.ts';
import { IdcDevice } from '../src/idc-device.ts';
import { NatRouter } from '../src/nat-router.ts';
import { strongNegotiation, type Negotiation } from '../src/negotiation.ts';
import { waitForReply } from '../src/reach.ts';
import { RekeyFromHere } from '../src/rekey-from-here.ts';
import { connectTwoDevices, steadyHealthCheck, waitUntilHealthy } from '../src/scenarios/two-devices.ts';
import type { PeerConnection } from '../src/swanctl-configuration.ts';
import { tunnelHealth } from '../src/tunnel-health.ts';
import { createVpc1, type Vpc1 } from '../src/vpc-1.ts';
import { World } from '../src/world.ts';

// Nothing is found where nothing is wrong: twelve kinds of tunnels that work, with packets, while their keys are renewed by both ends and
// the peers authenticate anew. The real thing takes ten minutes: LANDBRIDGE_HEALTHY_SECONDS=600 npm run test:lab -- healthy-tunnels

const seconds = Number(process.env['LANDBRIDGE_HEALTHY_SECONDS'] ?? 45);
/** Of keys at the peer; it authenticates anew once or twice. */
const lives = { rekeySeconds: Math.min(60, Math.round(seconds / 3)), reauthSeconds: Math.round(seconds / 1.6) };

const { ike, ipsec } = strongNegotiation;
const ikeV1: Negotiation = { ...strongNegotiation, version: 1, ike: { ...ike, IKEVersion: 'IKEV1' } };
const group19: Negotiation = {
  ...strongNegotiation,
  ike: { ...ike, PropoEncryAlgorithm: 'AES256GCM128', DhGroupName: 'GROUP19' },
  ipsec: { ...ipsec, PfsDhGroup: 'DH-GROUP19' },
  ikeProposals: 'aes256gcm16-prfsha256-ecp256',
  espProposals: 'aes256gcm16-ecp256',
};
const names: Negotiation = {
  ...strongNegotiation,
  ike: {
    ...{ ...ike, LocalIdentity: 'FQDN', LocalFqdnName: 'cloud.example' },
    ...{ RemoteIdentity: 'FQDN', RemoteFqdnName: 'idc.example' },
  },
};
const shortLives: Negotiation = {
  ...strongNegotiation,
  // The shortest that leaves a lost packet time to come again, and the shortest there is.
  ike: { ...ike, IKESaLifetimeSeconds: 180 },
  ipsec: { ...ipsec, IPSECSaLifetimeSeconds: 180 },
};

let world: World;
let vpc1: Vpc1;
let ccnGateway: CreatedGateway;
let ccnHost: Host;
/** Tunnels by what is special of them. */
const tunnels = new Map<string, IdcConnection>();
/** Who asks whom. */
const asked: (readonly [from: Host, to: Host])[] = [];
const traffic = new AsyncDisposableStack();

beforeAll(
  async () => {
    world = await World.start();
    vpc1 = await createVpc1(world);
    await world.cloud.createVpcRoute(vpc1.routeTableId, '192.168.0.0/16', vpc1.gateway.gatewayId);
    await Promise.all([equalPair(), behindNat(), onCcn()]);
    await Promise.all([
      connect('that waits for traffic', 2, { more: { NegotiationType: 'flowTrigger' } }),
      connect('that the peer begins', 3, {
        ...{ more: { NegotiationType: 'passive' }, peer: { reopens: true } },
      }),
      connect('by IKEv1', 4, { negotiation: ikeV1 }),
      connect('by AES-GCM and group 19', 5, { negotiation: group19 }),
      connect('between names', 6, {
        ...{ negotiation: names, peer: { localId: 'fqdn:idc.example', remoteId: 'fqdn:cloud.example' } },
      }),
      connect('with narrow policies, the same on both ends', 7, { policies: { '10.0.1.0/24': ['192.168.7.0/25'] } }),
      connect('with a health check', 8, { more: checkOf(8) }),
      connect('whose keys live as short as may be', 14, { negotiation: shortLives }),
      standby(),
    ]);
    await Promise.all(asked.map(([from, to]) => waitForReply(from, to)));
    for (const [from, to] of asked) traffic.use(Asking.byEcho(from, to.address));
  },
  // More than a dozen charons start.
  400_000 * patience,
);

afterAll(async () => {
  await traffic.disposeAsync();
  await world.stop();
});

type Special = Partial<IdcConnectionOptions>;

/** Whose LAN is 192.168.n.0/24, and whose tunnel serves that. */
async function connect(kind: string, n: number, special: Special = {}): Promise<IdcConnection> {
  const tunnel = await connectDevice(kind, await world.lab.createIdc(n), special);
  const { gatewayId } = vpc1.gateway;
  if (special.policies === undefined)
    await world.cloud.createGatewayRoute(gatewayId, tunnel.idc.lan, tunnel.connectionId);
  asked.push([vpc1.hostA, tunnel.idc.host]);
  return tunnel;
}

async function connectDevice(kind: string, idc: IdcDevice, special: Special): Promise<IdcConnection> {
  const { gateway, vpcId } = vpc1;
  const options = { gateway, vpcId, idc, cloudRanges: ['10.0.0.0/16'], ...special };
  const peer: Partial<PeerConnection> = { ...lives, ...special.peer };
  const tunnel = await connectIdc(world, { ...options, peer });
  const { more = {} } = special;
  if ('HealthCheckRemoteIp' in more) await answerProbes(tunnel, more);
  if (more['NegotiationType'] === 'passive') {
    await world.cloud.waitUntilApplied(gateway.gatewayId);
    expect(await idc.charon.initiate('cloud-1')).toBe(true);
  }
  tunnels.set(kind, tunnel);
  return tunnel;
}

/** Of tunnel n, with addresses of its own. */
function checkOf(n: number): JsonObject {
  const [gateway, device] = [`169.254.140.${4 * n + 1}`, `169.254.140.${4 * n + 2}`];
  return { ...steadyHealthCheck(1), HealthCheckLocalIp: gateway, HealthCheckRemoteIp: device };
}

async function answerProbes({ idc }: IdcConnection, check: JsonObject): Promise<void> {
  const [gateway, device] = [String(check['HealthCheckLocalIp']), String(check['HealthCheckRemoteIp'])];
  await idc.namespace.ip(`address replace ${device}/32 dev lo`, `route replace ${gateway}/32 dev ipsec0 src ${device}`);
}

/** Two tunnels for 192.168.13.0/24, of which the second one carries its probes alone. */
async function standby(): Promise<void> {
  const first = await connect('that another one stands by for', 12, { more: checkOf(12) });
  const second = await connectDevice('that stands by', await world.lab.createIdc(13), { more: checkOf(13) });
  const { gatewayId } = vpc1.gateway;
  await world.cloud.createGatewayRoute(gatewayId, '192.168.13.0/24', first.connectionId, 0);
  await world.cloud.createGatewayRoute(gatewayId, '192.168.13.0/24', second.connectionId, 100);
}

async function equalPair(): Promise<void> {
  const { gateway, vpcId, hostA, hostB } = vpc1;
  const side = { gateway, vpcId, ranges: ['10.0.0.0/16'], hosts: [hostA, hostB] as const };
  const { pair } = await connectTwoDevices(world, side, { priorities: [0, 0], healthCheck: steadyHealthCheck });
  await waitUntilHealthy(world, { pair });
  for (const { number, tunnel } of [pair.first, pair.second]) tunnels.set(`of an equal pair, ${number}`, tunnel);
  asked.push([hostA, pair.host], [hostB, pair.host]);
}

async function behindNat(): Promise<void> {
  const { lab } = world;
  const router = await NatRouter.create(lab, lab.publicAddress(40));
  const idc = await IdcDevice.create(router.inside, {
    ...{ name: 'IDC-9', netns: lab.netns('idc9'), directory: lab.directory, canary: 'behind nat' },
    ...{ publicAddress: '192.168.200.2', lanPrefix: '192.168.9' },
  });
  lab.idcs.push(idc);
  await idc.namespace.ip('route add 203.0.113.0/24 via 192.168.200.1');
  const tunnel = await connectDevice('behind NAT', idc, {
    peer: { localAddress: '192.168.200.2', localId: router.publicAddress, reopens: true },
    publicAddress: router.publicAddress,
    more: { NegotiationType: 'passive' },
  });
  await world.cloud.createGatewayRoute(vpc1.gateway.gatewayId, idc.lan, tunnel.connectionId);
  asked.push([vpc1.hostA, idc.host]);
}

async function onCcn(): Promise<void> {
  const { cloud, lab } = world;
  ccnHost = await lab.createVpcHost({ name: 'VPC-2', label: 'vpc2-c', subnetPrefix: '172.16.1' });
  const ccnId = await cloud.createCcn('ccn');
  const { vpcId } = await cloud.createVpc('vpc2', '172.16.0.0/16');
  await cloud.createSubnet(vpcId, 'C', '172.16.1.0/24', lab.cable('vpc2-c'));
  ccnGateway = await cloud.createVpnGateway('', 'ccn-gateway');
  await cloud.attachToCcn(ccnId, [
    { InstanceType: 'VPC', InstanceId: vpcId },
    { InstanceType: 'VPNGW', InstanceId: ccnGateway.gatewayId },
  ]);
  await cloud.waitUntilAttached(ccnId, 2);
  const idc = await lab.createIdc(10);
  const special = { gateway: ccnGateway, vpcId: '', cloudRanges: ['172.16.0.0/16'] };
  const tunnel = await connectDevice('of a CCN', idc, special);
  await cloud.createGatewayRoute(ccnGateway.gatewayId, idc.lan, tunnel.connectionId);
  asked.push([ccnHost, idc.host]);
}

interface Found {
  readonly tunnel: string;
  readonly state: unknown;
  readonly codes: readonly string[];
}

/** Tunnels that something is wrong with. */
async function wrong(): Promise<readonly Found[]> {
  const all = [...tunnels].map(async ([tunnel, { connectionId }]): Promise<Found> => {
    const { State, FindingSet } = await tunnelHealth(world.cloud, connectionId);
    const grave = FindingSet.filter(({ Severity }) => Severity !== 'notice');
    return { tunnel, state: State, codes: grave.map(({ Code, Ours, Theirs }) => `${Code} ${Ours} ${Theirs}`) };
  });
  return (await Promise.all(all)).filter(({ codes }) => codes.length > 0);
}

const charonOf = ({ gatewayId }: CreatedGateway) => new GatewayCharon(world.server.dataDirectory, gatewayId);

describe('tunnels that work', () => {
  it('are proven by what passes them', async () => {
    for (const [kind, { connectionId }] of tunnels) {
      await poll(
        `a tunnel ${kind} is up`,
        () => tunnelHealth(world.cloud, connectionId),
        ({ State }) => State === 'up',
        { within: 60_000, every: 250 },
      );
    }
    expect(tunnels.size).toBe(14);
  });

  it(
    'have neither error nor warning, whatever is renewed',
    { timeout: (seconds * 1000 + 120_000) * patience },
    async () => {
      const before = await Promise.all([charonOf(vpc1.gateway).spis(), charonOf(ccnGateway).spis()]);
      const charons = await Promise.all([vpc1.gateway, ccnGateway].map((gateway) => charonOf(gateway).connect()));
      const ours = await Promise.all(
        charons.map((charon) => RekeyFromHere.start(charon, Math.ceil(lives.rekeySeconds / 2))),
      );
      try {
        await hold('nothing is found', wrong, (all) => all.length === 0, { during: seconds * 1000, every: 500 });
      } finally {
        await Promise.all(ours.map((renewing) => renewing.stop()));
        for (const charon of charons) charon.close();
      }
      // Each IKE_SA and each of the CHILD_SAs was made anew.
      const after = await Promise.all([charonOf(vpc1.gateway).spis(), charonOf(ccnGateway).spis()]);
      for (const what of ['ike', 'child'] as const) {
        const old = before.flatMap((spis) => spis[what]);
        expect(old.length).toBeGreaterThanOrEqual(tunnels.size);
        expect(after.flatMap((spis) => spis[what]).filter((spi) => old.includes(spi))).toEqual([]);
      }
      await Promise.all(asked.map(([from, to]) => waitForReply(from, to)));
    },
  );
});
