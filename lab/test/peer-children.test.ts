import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { JsonObject } from '@landbridge/client';
import { GatewayCharon } from '../src/gateway-charon.ts';
import { connectIdc, type IdcConnection, type Policies } from '../src/idc-connection.ts';
import type { IdcDevice } from '../src/idc-device.ts';
import { strongNegotiation, type Negotiation } from '../src/negotiation.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { hold, poll } from '../src/poll.ts';
import { waitForReply } from '../src/reach.ts';
import type { PeerChild, PeerConnection } from '../src/swanctl-configuration.ts';
import { createVpc1, type Vpc1 } from '../src/vpc-1.ts';
import { World } from '../src/world.ts';

// A peer that has other ideas of IKE_SAs and CHILD_SAs than one of each per tunnel or mapping.

let world: World;
let vpc1: Vpc1;
let idc: IdcDevice;
let gateway: GatewayCharon;
let mark: number;

beforeAll(async () => {
  world = await World.start();
  [idc, vpc1] = await Promise.all([world.lab.createIdc(1), createVpc1(world)]);
  await world.cloud.createVpcRoute(vpc1.routeTableId, idc.lan, vpc1.gateway.gatewayId);
  gateway = new GatewayCharon(world.server.dataDirectory, vpc1.gateway.gatewayId);
});

afterAll(() => world.stop());

beforeEach(() => {
  mark = world.cloud.made;
});

afterEach(async () => {
  await world.cloud.deleteBackTo(mark);
  await world.cloud.waitUntilApplied(vpc1.gateway.gatewayId);
});

const ikeV2 = strongNegotiation;
const ikeV1: Negotiation = { ...ikeV2, ike: { ...ikeV2.ike, IKEVersion: 'IKEV1' }, version: 1 };
const versions = [{ version: 1, negotiation: ikeV1 } as const, { version: 2, negotiation: ikeV2 } as const];

interface TunnelOptions {
  readonly negotiation: Negotiation;
  readonly policies?: Policies;
  readonly peer?: Partial<PeerConnection>;
  readonly more?: JsonObject;
}

async function connect({ policies, ...options }: TunnelOptions): Promise<IdcConnection> {
  const { vpcId } = vpc1;
  const ends = { gateway: vpc1.gateway, vpcId, idc, cloudRanges: ['10.0.0.0/16'] };
  const tunnel = await connectIdc(world, { ...ends, ...options, ...(policies === undefined ? {} : { policies }) });
  if (policies === undefined) {
    await world.cloud.createGatewayRoute(vpc1.gateway.gatewayId, idc.lan, tunnel.connectionId);
  }
  return tunnel;
}

function pair(remoteTs: string, localTs = '192.168.1.0/24'): PeerChild {
  return { name: `pair-${remoteTs}-${localTs}`.replace(/[^a-z0-9]+/g, '-'), localTs, remoteTs };
}

const [a, b] = [pair('10.0.1.0/24'), pair('10.0.2.0/24')];

describe('a passive tunnel whose peer opens a CHILD_SA for each pair of ranges', () => {
  const wide: Policies = { '10.0.0.0/16': ['192.168.1.0/24'] };
  it.each([
    ...versions.map((each) => ({ ...each, mode: 'destination routing', children: [a, b] })),
    ...versions.map((each) => ({ ...each, mode: 'a wide SPD mapping', policies: wide, children: [a, b] })),
    {
      ...{ version: 2, negotiation: ikeV2, mode: 'selectors of protocols as well' },
      children: [
        a,
        pair('10.0.2.0/24[udp]', '192.168.1.0/24[udp]'),
        pair('10.0.2.0/24[tcp]', '192.168.1.0/24[tcp]'),
        b,
      ],
    },
  ])('keeps all of them, by IKEv$version with $mode', async ({ children, ...options }) => {
    const more = { NegotiationType: 'passive' };
    const tunnel = await connect({ ...options, more, peer: { children } });
    await world.cloud.waitUntilApplied(vpc1.gateway.gatewayId);
    for (const { name } of children) expect(await idc.charon.initiate(name), name).toBe(true);
    await world.cloud.waitUntilConnected(tunnel.connectionId);
    await Promise.all([vpc1.hostA, vpc1.hostB].map((host) => waitForReply(host, idc.host)));
    const before = await gateway.spis();
    expect(before.child).toHaveLength(children.length);
    await using fromA = await PacketStream.start({
      from: vpc1.hostA,
      to: idc.host,
      packetsPerSecond: 50,
      echoes: true,
    });
    const ends = { from: idc.host, to: vpc1.hostB };
    await using toB = await PacketStream.start({ ...ends, packetsPerSecond: 50, port: 5001, echoes: true });
    await hold('all CHILD_SAs stay', () => gateway.spis(), (spis) => JSON.stringify(spis) === JSON.stringify(before), { during: 7000, every: 500 }); // prettier-ignore
    for (const stream of [fromA, toB]) {
      const { lost, roundTrips } = await stream.stop();
      expect(lost).toBe(0);
      // What strongSwan's own ESP in user space drops now and then.
      expect(roundTrips.lost).toBeLessThanOrEqual(2);
    }
  });
});

/** Number of IKE_SAs that the peer has. */
async function ikeSasAtPeer(): Promise<number> {
  return (await idc.charon.listSas()).match(/ESTABLISHED, IKEv[12], /g)?.length ?? 0;
}

/** Of the IDC's range with one address each: that of host A, and those after it. */
function mappings(count: number): Policies {
  return Object.fromEntries(Array.from({ length: count }, (_, index) => [`10.0.1.${10 + index}/32`, [idc.lan]]));
}

async function connectMappings(count: number, negotiation: Negotiation): Promise<IdcConnection> {
  const tunnel = await connect({ negotiation, policies: mappings(count) });
  await world.cloud.waitUntilConnected(tunnel.connectionId, 60_000);
  return tunnel;
}

function waitUntilPeerIsTold(): Promise<number> {
  return poll('the peer is told', ikeSasAtPeer, (count) => count === 0, { within: 5000 });
}

describe.each(versions)('a peer is told by IKEv$version', ({ negotiation }) => {
  it.each([1, 2, 5, 20])('that a tunnel with %i mappings is deleted', async (count) => {
    await connectMappings(count, negotiation);
    expect(await ikeSasAtPeer()).toBe(1);
    await world.cloud.deleteBackTo(mark);
    await waitUntilPeerIsTold();
    expect(await idc.charon.installedChildren()).toBe(0);
  });
});
