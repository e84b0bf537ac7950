import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, readlink, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { gatewayPath } from '../src/gateway-path.ts';
import { anotherGatewayProcess, gatewayProcess } from '../src/gateway-processes.ts';
import { namespaceNames } from '@landbridge/testbed/namespace';
import { PacketStream } from '../src/packet-stream.ts';
import { poll } from '@landbridge/testbed/poll';
import { waitForReply } from '../src/reach.ts';
import { runChecked, runCommand, type CommandResult } from '@landbridge/testbed/run-command';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { World } from '../src/world.ts';
import { ownCommand } from '../src/own-command.ts';

// What is in the data directory is lost, old, full, or looked for by whom it is not for; packets are counted meanwhile.

let world: World;
let built: OneRoute;

beforeAll(async () => {
  world = await World.start();
  built = await oneRoute.build(world);
  await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
});

afterAll(() => world.stop());

describe('a start without the database that the network was made from', () => {
  it('because it was removed: everything is held and said, until it is restored; no packet is lost', async () => {
    const { dataDirectory } = world.server;
    const away = join(world.lab.directory, 'away');
    await using stream = await startStream();
    await world.server.stop('SIGKILL');
    await moveDatabase(dataDirectory, away);
    try {
      await world.server.startAgain();
      await expectHeld(/no database in .*volume mounted/, stream);
      const status = await world.cloud.call('DescribeSystemStatus', {}, 'landbridge');
      expect(status['Conditions']).toEqual([
        {
          Name: 'store',
          Ok: false,
          Message: expect.stringMatching(/^Everything is held as it is.*landbridge adopt/) as string,
        },
      ]);
    } finally {
      await moveDatabase(away, dataDirectory);
    }
    await expectGoesOn(stream);
  });

  it('because its volume is not mounted: the same, until it is', async () => {
    const { dataDirectory } = world.server;
    await using stream = await startStream();
    await world.server.stop('SIGKILL');
    await runChecked(['mount', '-t', 'tmpfs', '-o', 'mode=0755', 'not-the-volume', dataDirectory]);
    try {
      await world.server.startAgain();
      await expectHeld(/network namespaces of an installation/, stream);
      expect(await runChecked(['ls', '-A', dataDirectory])).toBe('');
    } finally {
      await runChecked(['umount', dataDirectory]);
    }
    await expectGoesOn(stream);
  });

  it('because the key file is another one: the same, and it cannot be adopted', async () => {
    const key = join(world.server.dataDirectory, 'secret.key');
    await using stream = await startStream();
    await world.server.stop('SIGKILL');
    await rename(key, `${key}.away`);
    try {
      await world.server.startAgain();
      await expectHeld(/secret\.key is missing/, stream);
      expect(await adopt('--yes')).toMatchObject({
        code: 1,
        stderr: expect.stringMatching(/move the database away/) as string,
      });
    } finally {
      await rename(`${key}.away`, key);
    }
    await expectGoesOn(stream);
  });

  it('because an older one was restored: the same, until the operator adopts it', async () => {
    const { gatewayId } = built.vpc1.gateway;
    const { dataDirectory } = world.server;
    const newer = '192.168.77.0/24';
    const backup = join(world.lab.directory, 'backup');
    await using stream = await startStream();
    await world.server.stop('SIGTERM');
    await copyDatabase(dataDirectory, backup);
    await world.server.startAgain();
    const route = { InstanceType: 'VPNCONN', InstanceId: built.tunnel.connectionId, Priority: 0, Status: 'ENABLE' };
    const routes = [{ DestinationCidrBlock: newer, ...route }];
    await world.cloud.call('CreateVpnGatewayRoutes', { VpnGatewayId: gatewayId, Routes: routes });
    await world.cloud.waitUntilApplied(gatewayId);
    await world.server.stop('SIGKILL');
    await rm(join(dataDirectory, 'landbridge.db-wal'), { force: true });
    await copyDatabase(backup, dataDirectory);
    await world.server.startAgain();
    await expectHeld(/is older \(change \d+\) than the network/, stream);
    const told = await adopt();
    expect(told).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/goes.*\n {2}nothing\n[^]*Nothing was done/) as string,
    });
    await expectHeld(/is older/, stream);
    expect(await gatewayPath(gatewayId, newer)).not.toEqual([]);
    expect(await adopt('--yes')).toMatchObject({ code: 0, stdout: expect.stringContaining('Adopted') as string });
    await expectGoesOn(stream);
    expect(await gatewayPath(gatewayId, newer)).toEqual([]);
  });

  it('is gone on with when the operator says so: the network becomes what the new database has, nothing', async () => {
    const { dataDirectory } = world.server;
    const { gatewayId } = built.vpc1.gateway;
    const away = join(world.lab.directory, 'away');
    await world.server.stop('SIGTERM');
    await moveDatabase(dataDirectory, away);
    await cp(join(dataDirectory, 'admin.json'), join(away, 'admin.json'));
    await world.server.startAgain();
    expect((await adopt()).stdout).toContain(`  ${gatewayId}\n`);
    expect(await adopt('--yes')).toMatchObject({ code: 0 });
    await poll(
      'the network is removed',
      async () => (await namespaceNames()).filter((name) => name.startsWith('lb-')),
      (names) => names.length === 0,
      { within: 30_000 },
    );
    // And back again: the network is gone, so that its old database is held by nothing.
    await world.server.stop('SIGTERM');
    await moveDatabase(away, dataDirectory);
    await rename(join(away, 'admin.json'), join(dataDirectory, 'admin.json'));
    await world.server.startAgain();
    await world.cloud.waitUntilConnected(built.tunnel.connectionId, 60_000);
    await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
  });
});

describe('a start with a full /run', () => {
  it('is made all the same, and says what that costs, until there is room; no packet is lost', async () => {
    const filler = '/run/landbridge/filler';
    const recordCondition = async () => {
      const { Conditions } = await world.cloud.call('DescribeSystemStatus', {}, 'landbridge');
      return (Conditions as { Name: string; Ok: boolean }[]).find(({ Name }) => Name === 'network record');
    };
    await using stream = await startStream();
    await world.server.stop('SIGKILL');
    await runChecked(['mount', '-t', 'tmpfs', '-o', 'size=4k', 'full', '/run/landbridge']);
    try {
      await writeFile(filler, Buffer.alloc(4096));
      await world.server.startAgain();
      const said = await poll('it is said', recordCondition, (condition) => condition?.Ok === false, {
        within: 10_000,
      });
      expect(said).toMatchObject({ Ok: false, Message: expect.stringMatching(/ENOSPC/) as string });
      await rm(filler);
      await poll('the record is written', recordCondition, (condition) => condition?.Ok === true, { within: 20_000 });
    } finally {
      await runChecked(['umount', '/run/landbridge']);
    }
    await expectGoesOn(stream);
  });
});

describe('charon, as whoever took it over from the internet', () => {
  it('finds its own socket, and neither the key file, nor the database, nor a process of the host', async () => {
    const { dataDirectory } = world.server;
    const { gatewayId } = built.vpc1.gateway;
    const pid = await gatewayProcess(gatewayId, 'charon');
    const inside = ['nsenter', '-t', `${pid}`, '--mount', '--pid', '--net', '--ipc', '--', 'setpriv'];
    const asCharon = [...inside, '--no-new-privs', '--bounding-set=-all,+net_admin', '--inh-caps=-all', 'sh', '-c'];
    const found = await runCommand([
      ...asCharon,
      `find / -xdev -not -path '/usr/*' -type f -o -type s; find ${dataDirectory}`,
    ]);
    expect(found.stdout).toContain(`${dataDirectory}/run/${gatewayId}/ike/vici`);
    expect(found.stdout).not.toMatch(/secret\.key|landbridge\.db|admin\.json|uxfrm\.sock|charon\.log|uxfrm\.pid/);
    const key = await runCommand([...asCharon, `cat ${dataDirectory}/secret.key`]);
    expect(key).toMatchObject({ stdout: '', stderr: expect.stringMatching(/No such file/) as string });
    expect(await runCommand([...asCharon, 'mount -t proc proc /proc'])).not.toMatchObject({ code: 0 });
    const socket = `${dataDirectory}/run/${gatewayId}/ike/vici`;
    for (const trick of [`rm ${socket}`, `mv ${socket} ${socket}.old`, `ln -s /elsewhere ${socket}.new`]) {
      expect(await runCommand([...asCharon, trick])).toMatchObject({
        stderr: expect.stringMatching(/denied/) as string,
      });
    }
    expect(await readlink(`/proc/${pid}/ns/pid`)).not.toBe(await readlink('/proc/self/ns/pid'));
    // One whose number nothing in there has: few were counted there.
    const other = spawn('sleep', ['60']);
    try {
      expect(await runCommand([...asCharon, `kill -0 ${other.pid}`])).toMatchObject({
        stderr: expect.stringMatching(/No such/) as string,
      });
    } finally {
      other.kill();
    }
    const status = await readFile(`/proc/${pid}/status`, 'utf8');
    expect(status).toMatch(/NoNewPrivs:\s1\n/);
    expect(status).toMatch(/CapEff:\s0000000000001000\n/);
  });

  it('dies of its own faults, and is started again', async () => {
    const { gatewayId } = built.vpc1.gateway;
    const pid = await gatewayProcess(gatewayId, 'charon');
    process.kill(pid ?? expect.fail('no charon'), 'SIGSEGV');
    await anotherGatewayProcess(gatewayId, 'charon', pid);
    await world.cloud.waitUntilConnected(built.tunnel.connectionId, 60_000);
    await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
  });
});

function startStream(): Promise<PacketStream> {
  return PacketStream.start({ from: built.vpc1.hostA, to: built.tunnel.idc.host, packetsPerSecond: 100 });
}

/** The service says why, changes nothing for two seconds (it removed everything in one), and refuses every call. */
async function expectHeld(reason: RegExp, stream: PacketStream): Promise<void> {
  const { dataDirectory } = world.server;
  const charon = await gatewayProcess(built.vpc1.gateway.gatewayId, 'charon');
  expect(charon).toBeDefined();
  await expect(world.cloud.call('DescribeVpcs', {})).rejects.toMatchObject({ code: 'OperationDenied' });
  const [status, doctor] = await Promise.all(
    ['status', 'doctor'].map((name) => runCommand([ownCommand, name, '--data-dir', dataDirectory])),
  );
  expect(status?.stdout).toMatch(/! store: Everything is held/);
  expect(status?.stdout).toMatch(reason);
  expect(doctor).toMatchObject({ code: 1, stdout: expect.stringMatching(reason) as string });
  await stream.waitForMore(200);
  expect(await gatewayProcess(built.vpc1.gateway.gatewayId, 'charon')).toBe(charon);
}

async function expectGoesOn(stream: PacketStream): Promise<void> {
  await world.cloud.waitUntilConnected(built.tunnel.connectionId);
  await world.cloud.waitUntilApplied(built.vpc1.gateway.gatewayId);
  await stream.waitForMore(50);
  expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
}

function adopt(...options: readonly string[]): Promise<CommandResult> {
  return runCommand([ownCommand, 'adopt', '--data-dir', world.server.dataDirectory, ...options]);
}

const databaseFiles = ['landbridge.db', 'landbridge.db-wal', 'landbridge.db-shm'];

async function moveDatabase(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  for (const name of databaseFiles) {
    await rm(join(to, name), { force: true });
    await rename(join(from, name), join(to, name)).catch(() => undefined);
  }
}

/** Of a server that is stopped in order. */
async function copyDatabase(from: string, to: string): Promise<void> {
  await mkdir(to, { recursive: true });
  await cp(join(from, 'landbridge.db'), join(to, 'landbridge.db'));
}
