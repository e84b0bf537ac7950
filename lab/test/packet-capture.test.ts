import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ApiError, callAction, type ApiEndpoint, type JsonObject } from '@landbridge/client';
import { poll } from '@landbridge/testbed/poll';
import { runChecked } from '@landbridge/testbed/run-command';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { textAt } from '../src/cloud.ts';
import { addressAt, espPacketsOf, openEsp, parseEspSaTable } from '../src/open-esp.ts';
import { ping } from '../src/ping.ts';
import { processesNaming } from '../src/processes-naming.ts';
import { killServiceProcess, statusesOf } from '../src/service-processes.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { World } from '../src/world.ts';
import { ownCommand } from '../src/own-command.ts';

// Packets of a tunnel, a gateway's uplink and a subnet are written down for their owner, and for nobody else.

let world: World;
let built: OneRoute;
let endpoint: ApiEndpoint;

beforeAll(async () => {
  world = await World.start({ settings: { captures: { keys: true } } });
  endpoint = await world.server.endpoint();
  built = await oneRoute.build(world);
});

afterAll(() => world.stop());

afterEach(async () => {
  for (const { PacketCaptureId } of await list()) await operate('DeletePacketCapture', { PacketCaptureId });
  expect(await filesLeft()).toEqual([]);
  await poll('no tcpdump of ours runs', programs, (found) => found.length === 0, { within: 15_000 });
});

const operate = (action: string, parameters: JsonObject = {}, as = endpoint) =>
  callAction(as, 'landbridge', action, parameters);

interface Listed {
  readonly PacketCaptureId: string;
  readonly State: string;
  readonly EndReason: string | null;
  readonly Packets: number;
  readonly Bytes: number;
}

async function list(as = endpoint): Promise<readonly Listed[]> {
  return (await operate('DescribePacketCaptures', {}, as))['PacketCaptureSet'] as Listed[];
}

async function find(id: string): Promise<Listed> {
  const found = (await list()).find(({ PacketCaptureId }) => PacketCaptureId === id);
  if (found === undefined) throw new Error(`${id} is gone`);
  return found;
}

async function capture(ResourceId: string, more: JsonObject = {}): Promise<string> {
  return textAt(await operate('CreatePacketCapture', { ResourceId, ...more }), 'PacketCaptureId');
}

const untilEnd = (id: string, why: string) =>
  poll(`${id} ends`, () => find(id), ({ EndReason }) => EndReason === why, { within: 15_000 }); // prettier-ignore

/** Stops it and gives its packets, as tcpdump reads them. */
async function packetsOf(id: string): Promise<string[]> {
  return (await readCapture(id)).split('\n').filter(Boolean);
}

async function readCapture(PacketCaptureId: string, ...options: readonly string[]): Promise<string> {
  await operate('StopPacketCapture', { PacketCaptureId });
  const pieces: Buffer[] = [];
  for (let isFinished = false; !isFinished;) {
    const Offset = pieces.reduce((sum, { length }) => sum + length, 0);
    const piece = await operate('DescribePacketCaptureContent', { PacketCaptureId, Offset });
    pieces.push(Buffer.from(textAt(piece, 'Content'), 'base64'));
    isFinished = Number(piece['TotalBytes']) === Offset + (pieces.at(-1)?.length ?? 0);
  }
  const file = join(world.lab.directory, `${PacketCaptureId}.pcapng`);
  await writeFile(file, Buffer.concat(pieces));
  return runChecked(['tcpdump', '-n', '-t', ...options, '-r', file]);
}

/** Programs that capture in a gateway's or a VPC's namespace. */
async function programs(): Promise<readonly { readonly pid: number }[]> {
  return processesNaming('time-stamp-precision=nano');
}

const folder = () => join(world.server.dataDirectory, 'agent', 'captures');
const filesLeft = () => readdir(folder()).catch(() => []);

describe('a capture', () => {
  it('at a tunnel has the pings in clear, at the uplink nothing but ESP, and at the subnet what its router sees', async () => {
    const { vpc1, tunnel } = built;
    const [hostA, idc] = [vpc1.hostA.address, tunnel.idc.host.address];
    const inner = await capture(tunnel.connectionId, { Protocol: 'icmp' });
    const outer = await capture(vpc1.gateway.gatewayId, { Protocol: 'esp' });
    expect(await ping(vpc1.hostA, idc, { count: 3 })).toMatchObject({ received: 3 });
    await poll('they are there', () => find(outer), ({ Packets }) => Packets >= 6, { within: 15_000 }); // prettier-ignore
    await poll('and those inside', () => find(inner), ({ Packets }) => Packets >= 6, { within: 15_000 }); // prettier-ignore
    const seen = await packetsOf(inner);
    expect(seen).toHaveLength(6);
    expect(seen[0]).toContain(`IP ${hostA} > ${idc}: ICMP echo request`);
    expect(seen[1]).toContain(`IP ${idc} > ${hostA}: ICMP echo reply`);
    const wire = await packetsOf(outer);
    expect(wire.length).toBeGreaterThanOrEqual(6);
    for (const line of wire) {
      expect(line).toMatch(/ESP\(spi=0x|isakmp/);
      expect(line).toContain(vpc1.gateway.publicAddress);
      expect(line).not.toContain(hostA);
    }
    const local = await capture(await subnetOfA(), { Protocol: 'icmp' });
    await ping(vpc1.hostA, idc, { count: 1 });
    await poll('they are there', () => find(local), ({ Packets }) => Packets === 2, { within: 15_000 }); // prettier-ignore
    expect((await packetsOf(local))[0]).toContain(`IP ${hostA} > ${idc}: ICMP echo request`);
  });

  it('at the uplink is read by its owner with the keys that are given for it, and by nobody without', async () => {
    const { vpc1, tunnel } = built;
    const [hostA, idc] = [vpc1.hostA.address, tunnel.idc.host.address];
    const id = await capture(vpc1.gateway.gatewayId, { Protocol: 'esp', IncludeKeys: true });
    await ping(vpc1.hostA, idc, { count: 2 });
    await poll('they are there', () => find(id), ({ Packets }) => Packets >= 4, { within: 15_000 }); // prettier-ignore
    const table = textAt(await operate('DescribePacketCaptureKeys', { PacketCaptureId: id }), 'EspSaTable');
    const sas = parseEspSaTable(table);
    expect(sas.length).toBeGreaterThanOrEqual(2);
    const sealed = espPacketsOf(await readCapture(id, '-x'));
    const opened = sealed.map((packet) => openEsp(packet, sas)).filter((inner) => inner !== null);
    const ends = opened.map((inner) => [addressAt(inner, 12), addressAt(inner, 16), inner[9]]);
    expect(ends.slice(0, 2)).toEqual([
      [hostA, idc, 1],
      [idc, hostA, 1],
    ]);
    const wrong = sas.map((sa) => ({ ...sa, key: Buffer.alloc(sa.key.length) }));
    expect(sealed.map((packet) => openEsp(packet, wrong)).filter((inner) => inner !== null)).toEqual([]);
    const written = await Promise.all((await filesLeft()).map((name) => readFile(join(folder(), name))));
    const files = Buffer.concat(written);
    // What is looked for would be found.
    expect(files.includes(sealed[0] ?? 'no packet')).toBe(true);
    for (const { key } of sas) {
      expect(files.includes(key)).toBe(false);
      expect(files.includes(key.toString('hex'))).toBe(false);
    }
    const without = await capture(vpc1.gateway.gatewayId);
    const refused = operate('DescribePacketCaptureKeys', { PacketCaptureId: without });
    await expect(refused).rejects.toMatchObject({ code: 'UnsupportedOperation' });
  });

  it('has what fits its filter and nothing else, and of each packet so many bytes', async () => {
    const { vpc1, tunnel } = built;
    const idc = tunnel.idc.host.address;
    const SourceCidr = `${vpc1.hostA.address}/32`;
    const id = await capture(tunnel.connectionId, { Protocol: 'icmp', SourceCidr, SnapLength: 64, MaxPackets: 2 });
    await ping(vpc1.hostB, idc, { count: 2 });
    await ping(vpc1.hostA, idc, { count: 3, size: 1000 });
    expect(await untilEnd(id, 'packets')).toMatchObject({ Packets: 2 });
    const packets = await packetsOf(id);
    expect(packets).toHaveLength(2);
    for (const packet of packets) expect(packet).toContain(`IP ${vpc1.hostA.address} > ${idc}: ICMP echo request`);
    expect((await find(id)).Bytes).toBeLessThan(1000);
    const nothing = capture(vpc1.gateway.gatewayId, { SourceCidr: '192.0.2.1/32', DestinationCidr: '192.0.2.2/32' });
    await expect(nothing).rejects.toMatchObject({ code: 'InvalidParameterValue' });
  });

  it('ends with its time, and with its size', async () => {
    const { vpc1, tunnel } = built;
    const short = await capture(tunnel.connectionId, { MaxSeconds: 1 });
    await untilEnd(short, 'time');
    const small = await capture(tunnel.connectionId, { MaxBytes: 65_536 });
    await ping(vpc1.hostA, tunnel.idc.host.address, { count: 60, size: 1300, intervalSeconds: 0.005 });
    const { Bytes } = await untilEnd(small, 'size');
    expect([Bytes > 63_000, Bytes <= 65_536]).toEqual([true, true]);
    expect((await packetsOf(small)).length).toBeGreaterThan(40);
  });

  it('is run by a program that has no right but to listen there', async () => {
    await capture(built.tunnel.connectionId);
    const [program] = await programs();
    const [status] = await statusesOf(program?.pid ?? 0);
    expect(status?.get('Uid')).toMatch(/^65534\t65534\t65534\t65534$/);
    const netRaw = '0000000000002000';
    expect(['CapEff', 'CapPrm', 'CapBnd'].map((name) => status?.get(name))).toEqual([netRaw, netRaw, netRaw]);
    expect(status?.get('NoNewPrivs')).toBe('1');
    const own = await readdir(`/proc/${program?.pid}/root`);
    expect(own).not.toContain('home');
    expect(await readdir(`/proc/${program?.pid}/root/var`)).toEqual(['run']);
  });

  it('of an account is not there for another one, and neither is what it could be of', async () => {
    const credential = await world.cloud.createAccount('stranger');
    const stranger = { ...endpoint, credential };
    try {
      const PacketCaptureId = await capture(built.tunnel.connectionId);
      const { gatewayId } = built.vpc1.gateway;
      for (const ResourceId of [built.tunnel.connectionId, gatewayId, await subnetOfA()]) {
        await expectMissing(operate('CreatePacketCapture', { ResourceId }, stranger));
      }
      for (const action of ['DescribePacketCaptureContent', 'StopPacketCapture', 'DeletePacketCapture'])
        await expectMissing(operate(action, { PacketCaptureId }, stranger));
      expect(await list(stranger)).toEqual([]);
      expect((await find(PacketCaptureId)).State).toBe('capturing');
    } finally {
      await operate('DeleteAccessKey', { SecretId: credential.secretId });
    }
  });

  it('is one of two that an account runs at a time', async () => {
    const [first] = [await capture(built.tunnel.connectionId), await capture(built.tunnel.connectionId)];
    await expect(capture(built.tunnel.connectionId)).rejects.toMatchObject({ code: 'LimitExceeded' });
    await operate('StopPacketCapture', { PacketCaptureId: first });
    await capture(built.tunnel.connectionId);
  });

  it('does not outlive its agent: nothing of it runs, nothing of it stays', async () => {
    const id = await capture(built.tunnel.connectionId, { Protocol: 'tcp', MaxSeconds: 600 });
    expect(await programs()).toHaveLength(1);
    await killServiceProcess(world.server.pid, 'agent');
    await poll('it has ended', programs, (found) => found.length === 0, { within: 15_000 });
    await poll('the next agent is asked', () => list().catch(() => null), (found) => found !== null, { within: 30_000 }); // prettier-ignore
    expect(await list()).toEqual([]);
    await expectMissing(operate('DescribePacketCaptureContent', { PacketCaptureId: id }));
    expect(await filesLeft()).toEqual([]);
  });

  it('ends when what it is of goes', async () => {
    const { vpcId } = built.vpc1;
    const request = { VpcId: vpcId, SubnetName: 'goes', CidrBlock: '10.0.77.0/24', Zone: 'local-1' };
    const SubnetId = textAt(await world.cloud.call('CreateSubnet', request), 'Subnet', 'SubnetId');
    const begin = () => capture(SubnetId, { MaxSeconds: 600 }).catch(() => null);
    const id = await poll('it is in the network', begin, (made) => made !== null, { within: 10_000 });
    await world.cloud.call('DeleteSubnet', { SubnetId });
    await untilEnd(id ?? '', 'device');
  });

  it('is made, waited for, downloaded and deleted by one command', async () => {
    const { vpc1, tunnel } = built;
    const file = join(world.lab.directory, 'by-command.pcapng');
    const argv = [
      'capture',
      `to ${tunnel.idc.name}`,
      '--protocol',
      'icmp',
      '--packets',
      '4',
      '--seconds',
      '20',
      '--write',
      file,
    ];
    const begun = async () => {
      await poll('it captures', list, (found) => found.length === 1, { within: 10_000 });
      await ping(vpc1.hostA, tunnel.idc.host.address, { count: 2 });
    };
    await Promise.all([runChecked([ownCommand, ...argv, '--data-dir', world.server.dataDirectory]), begun()]);
    const lines = (await runChecked(['tcpdump', '-n', '-r', file])).split('\n').filter(Boolean);
    expect(lines).toHaveLength(4);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(await list()).toEqual([]);
  });
});

async function subnetOfA(): Promise<string> {
  const Filters = [{ Name: 'vpc-id', Values: [built.vpc1.vpcId] }];
  const { SubnetSet } = await world.cloud.call('DescribeSubnets', { Filters });
  const found = (SubnetSet as JsonObject[]).find(({ CidrBlock }) => String(CidrBlock).startsWith('10.0.1.'));
  return String(found?.['SubnetId']);
}

async function expectMissing(call: Promise<unknown>): Promise<void> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(ApiError);
  expect(error).toMatchObject({ code: 'ResourceNotFound' });
}
