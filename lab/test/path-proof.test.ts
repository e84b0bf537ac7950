import { readdir, readlink } from 'node:fs/promises';
import { ApiError, callAction, type ApiEndpoint, type JsonObject } from '@landbridge/client';
import { Namespace } from '@landbridge/testbed/namespace';
import { patience, poll } from '@landbridge/testbed/poll';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { textAt } from '../src/cloud.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { PacketWatch } from '../src/packet-watch.ts';
import { ping } from '../src/ping.ts';
import { processesNaming } from '../src/processes-naming.ts';
import { waitForReply, waitForSilence } from '../src/reach.ts';
import { refused } from '../src/refused.ts';
import { killServiceProcess, serviceProcess } from '../src/service-processes.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { World } from '../src/world.ts';

// A host of the service stands in a subnet for as long as it proves with packets that a path is there, and nothing of it stays.

let world: World;
let built: OneRoute;
let endpoint: ApiEndpoint;
/** By the first bytes of the range. */
const subnets = new Map<string, string>();
const longest = { timeout: 120_000 * patience };

beforeAll(async () => {
  world = await World.start();
  endpoint = await world.server.endpoint();
  built = await oneRoute.build(world);
  await noteSubnets();
});

afterAll(() => world.stop());

afterEach(async () => {
  await poll('no host of the service stands in a subnet', leftovers, (left) => left.length === 0, { within: 15_000 });
  addresses.length = 0;
});

async function noteSubnets(): Promise<void> {
  const { SubnetSet } = await world.cloud.call('DescribeSubnets', {});
  for (const { CidrBlock, SubnetId } of SubnetSet as JsonObject[]) {
    subnets.set(String(CidrBlock).replace(/\.\d+\/\d+$/, ''), String(SubnetId));
  }
}

const subnetA = () => subnets.get('10.0.1') ?? '';
const subnetB = () => subnets.get('10.0.2') ?? '';
const vpcNetns = () => new Namespace(`lb-${built.vpc1.vpcId}`);

interface Proof {
  readonly Verdict: string;
  readonly SourceAddress: string;
  readonly DestinationAddress: string;
  readonly Sent: number;
  readonly Arrived: number | null;
  readonly Answered: number;
  readonly Delay: { readonly MeanMs: number } | null;
  readonly Refusals: readonly { readonly From: string; readonly Message: string }[];
  readonly Routers: readonly { readonly Address: string; readonly ResourceId: string }[];
  readonly Forward: { readonly Ways: readonly { readonly End: JsonObject }[] };
}

/** An account has so many proofs in a minute. */
async function prove(parameters: JsonObject, as = endpoint): Promise<Proof> {
  const reply = await poll(
    'the account may prove a path',
    () => callAction(as, 'landbridge', 'ProvePath', parameters).catch((error: unknown) => error as Error),
    (answer) => !(answer instanceof ApiError && answer.code === 'LimitExceeded'),
    { within: 75_000, every: 1000 },
  );
  if (reply instanceof Error) throw reply;
  const proof = reply as unknown as Proof;
  addresses.push(proof.SourceAddress, proof.DestinationAddress);
  return proof;
}

const toIdc = () => ({ SourceSubnetId: subnetA(), DestinationAddress: built.tunnel.idc.host.address });

/** That hosts of the service had, of the last test. */
const addresses: string[] = [];

/** Ports, neighbours and members of the set of those heard, processes and descriptors of namespaces. */
async function leftovers(): Promise<readonly string[]> {
  const vpc = vpcNetns();
  const [links, neighbours, heard, agent] = await Promise.all([
    vpc.ipJson('link', 'show'),
    vpc.ipJson('neighbour', 'show'),
    vpc.runChecked(['nft', 'list', 'set', 'inet', 'landbridge-neighbours', 'heard']),
    serviceProcess(world.server.pid, 'agent'),
  ]);
  const own = addresses.filter((address) => address.startsWith('10.0.') && !address.endsWith('.10'));
  const pings = await processesNaming('ping -n -c ');
  const descriptors = agent === undefined ? ['no agent'] : await namespacesHeldBy(agent);
  return [
    ...links.map(({ ifname }) => String(ifname)).filter((name) => name.startsWith('proof-')),
    ...neighbours.map(({ dst }) => String(dst)).filter((address) => own.includes(address)),
    ...own.filter((address) => heard.includes(` ${address} `)),
    ...pings.map(({ commandLine }) => commandLine),
    ...descriptors,
  ];
}

async function namespacesHeldBy(pid: number): Promise<string[]> {
  const fds = await readdir(`/proc/${pid}/fd`);
  const targets = await Promise.all(fds.map((fd) => readlink(`/proc/${pid}/fd/${fd}`).catch(() => '')));
  return targets.filter((target) => target.startsWith('net:['));
}

describe('a path', () => {
  it('through a tunnel is proven, hop by hop, and live packets of the subnet do not notice', longest, async () => {
    const { vpc1, tunnel } = built;
    const mtu = async () => (await vpcNetns().ipJson('link', 'show', 'dev', subnetA()))[0]?.['mtu'];
    const before = await mtu();
    const stream = await PacketStream.start({ from: vpc1.hostA, to: tunnel.idc.host, packetsPerSecond: 200 });
    try {
      const proof = await prove(toIdc());
      expect(proof).toMatchObject({
        ...{ Verdict: 'answered', Sent: 10, Answered: 10, Arrived: null, Refusals: [] },
        DestinationAddress: tunnel.idc.host.address,
        Forward: { Ways: [{ End: { Kind: 'tunnel', ResourceId: tunnel.connectionId } }] },
        Return: { Ways: [{ End: { Kind: 'subnet', ResourceId: subnetA() } }] },
      });
      expect(proof.SourceAddress).toMatch(/^10\.0\.1\./);
      expect([vpc1.hostA.address, '10.0.1.1', '10.0.1.0', '10.0.1.255']).not.toContain(proof.SourceAddress);
      expect(proof.Delay?.MeanMs).toBeGreaterThan(0);
      const [vpc, gateway] = proof.Routers;
      expect(vpc).toMatchObject({ Address: '10.0.1.1', ResourceId: vpc1.vpcId });
      expect(gateway).toMatchObject({ ResourceId: vpc1.gateway.gatewayId });
      expect(gateway?.Address).not.toBe('');
    } finally {
      expect((await stream.stop()).lost).toBe(0);
    }
    expect(await mtu()).toBe(before);
  });

  it('between subnets has a host at both ends', longest, async () => {
    const proof = await prove({ SourceSubnetId: subnetA(), DestinationSubnetId: subnetB() });
    expect(proof).toMatchObject({ Verdict: 'answered', Sent: 10, Arrived: 10, Answered: 10 });
    expect(proof.DestinationAddress).toMatch(/^10\.0\.2\./);
    expect(proof.Forward.Ways[0]?.End).toMatchObject({ Kind: 'subnet', ResourceId: subnetB() });
  });

  it('that the gateway has no route for lets nothing through, as computed', longest, async () => {
    const { vpc1, tunnel, gatewayRouteId } = built;
    await world.cloud.setGatewayRouteStatus(vpc1.gateway.gatewayId, gatewayRouteId, 'DISABLE');
    try {
      await waitForSilence(vpc1.hostA, tunnel.idc.host);
      await using atIdc = await PacketWatch.start(tunnel.idc.host.namespace, 'eth0', 'icmp');
      const proof = await prove(toIdc());
      expect(proof).toMatchObject({ Verdict: 'silent', Answered: 0, Delay: null });
      expect(proof.Forward.Ways[0]?.End).toMatchObject({ Kind: 'dropped', ResourceId: vpc1.gateway.gatewayId });
      expect(proof.Routers[0]).toMatchObject({ Address: '10.0.1.1' });
      expect(atIdc.packets).toEqual([]);
    } finally {
      await world.cloud.setGatewayRouteStatus(vpc1.gateway.gatewayId, gatewayRouteId, 'ENABLE');
    }
    await waitForReply(vpc1.hostA, tunnel.idc.host);
  });

  it(
    'to a subnet that nothing leads to arrives nowhere, though a host of the service listens there',
    longest,
    async () => {
      const { vpcId } = await world.cloud.createVpc('alone', '10.9.0.0/16');
      const reply = await world.cloud.call('CreateSubnet', {
        ...{ VpcId: vpcId, SubnetName: 'alone', CidrBlock: '10.9.1.0/24', Zone: 'local-1' },
      });
      const SubnetId = textAt(reply['Subnet'] as JsonObject, 'SubnetId');
      try {
        const proof = await poll(
          'the VPC is in the network',
          () =>
            prove({ SourceSubnetId: subnetA(), DestinationSubnetId: SubnetId }).catch((error: unknown) => {
              if (error instanceof ApiError && error.code === 'UnsupportedOperation.InvalidState') return null;
              throw error;
            }),
          (answer) => answer !== null,
          { within: 15_000, every: 500 },
        );
        expect(proof).toMatchObject({ Verdict: 'silent', Arrived: 0, Answered: 0 });
        expect(proof?.Forward.Ways[0]?.End).toMatchObject({ Kind: 'dropped', Reason: 'no-route' });
      } finally {
        await world.cloud.call('DeleteSubnet', { SubnetId });
        await world.cloud.call('DeleteVpc', { VpcId: vpcId });
      }
    },
  );

  it('that a router at the other end refuses names who refused it, and how', longest, async () => {
    const { namespace } = built.tunnel.idc;
    const DestinationAddress = '192.168.1.77';
    await namespace.ip(`route add prohibit ${DestinationAddress}/32`);
    try {
      const proof = await prove({ SourceSubnetId: subnetA(), DestinationAddress });
      expect(proof).toMatchObject({ Verdict: 'refused', Answered: 0 });
      expect(proof.Refusals).toEqual([{ From: expect.any(String) as string, Message: 'Packet filtered', Packets: expect.any(Number) as number }]); // prettier-ignore
      expect(proof.Refusals[0]?.From).not.toMatch(/^10\.0\.1\./);
    } finally {
      await namespace.ip(`route delete prohibit ${DestinationAddress}/32`);
    }
  });

  it(
    'is proven from no address that a host has, be it ever so silent, and not at all where all are had',
    longest,
    async () => {
      const { vpcId } = built.vpc1;
      const host = await world.lab.createVpcHost({ name: 'VPC-1 C', label: 'vpc1-c', subnetPrefix: '10.0.3' });
      await host.namespace.ip('address flush dev eth0');
      // Of 10.0.3.0/28 the router has .1.
      const had = Array.from({ length: 12 }, (_, index) => `address add 10.0.3.${index + 2}/28 dev eth0`);
      await host.namespace.ip(...had);
      const SourceSubnetId = await world.cloud.createSubnet(vpcId, 'C', '10.0.3.0/28', world.lab.cable('vpc1-c'));
      // Heard of, as hosts are that ever sent anything; .10 to .13 stay silent, and nobody has .14.
      for (const last of [2, 3, 4, 5, 6, 7, 8, 9]) {
        await poll(
          'the router hears it',
          () => ping(host, '10.0.3.1', { source: `10.0.3.${last}` }),
          ({ received }) => received === 1,
          { within: 15_000 },
        );
      }
      const proof = await prove({ SourceSubnetId, DestinationSubnetId: subnetB() });
      expect(proof).toMatchObject({ Verdict: 'answered', SourceAddress: '10.0.3.14' });
      // From now on it is the lab's own host that has it.
      addresses.splice(addresses.indexOf('10.0.3.14'), 1);
      await host.namespace.ip('address add 10.0.3.14/28 dev eth0');
      expect(await refused(prove({ SourceSubnetId, DestinationSubnetId: subnetB() }))).toMatchObject({
        code: 'ResourceInsufficient',
      });
    },
  );

  it('of another account is no path: nothing is sent, and no host stands', longest, async () => {
    const key = await callAction(endpoint, 'landbridge', 'CreateAccessKey', { AccountName: 'stranger' });
    const credential = { secretId: textAt(key, 'SecretId'), secretKey: textAt(key, 'SecretKey') };
    await using atB = await PacketWatch.start(built.vpc1.hostB.namespace, 'eth0', 'arp or icmp');
    try {
      const stranger = { ...endpoint, credential };
      expect(await refused(prove(toIdc(), stranger))).toMatchObject({ code: 'ResourceNotFound' });
      const DestinationSubnetId = subnetB();
      expect(await refused(prove({ SourceSubnetId: subnetA(), DestinationSubnetId }, stranger))).toMatchObject({
        code: 'ResourceNotFound',
      });
      expect(await leftovers()).toEqual([]);
      expect(atB.packets).toEqual([]);
    } finally {
      await callAction(endpoint, 'landbridge', 'DeleteAccessKey', { SecretId: credential.secretId });
    }
  });

  it(
    'is left alone when the agent is killed in the middle: its host goes with it, and the next one proves',
    longest,
    async () => {
      const standing = async () => (await leftovers()).filter((left) => left.startsWith('proof-'));
      const proven = prove(toIdc()).then(
        () => 'proven',
        () => 'failed',
      );
      const ports = await poll('a host stands', standing, ({ length }) => length > 0, { within: 20_000, every: 20 });
      expect(ports).toHaveLength(1);
      await killServiceProcess(world.server.pid, 'agent');
      expect(await proven).toBe('failed');
      await poll('its port is gone', standing, ({ length }) => length === 0, { within: 15_000 });
      const again = await poll(
        'the next agent proves',
        () => prove(toIdc()).catch(() => null),
        (answer) => answer?.Verdict === 'answered',
        { within: 60_000, every: 1000 },
      );
      expect(again?.Answered).toBe(10);
    },
  );
});
