import { readFile, rename } from 'node:fs/promises';
import { join } from 'node:path';
import { namespaceNames } from '@landbridge/testbed/namespace';
import { poll } from '@landbridge/testbed/poll';
import { runChecked, runCommand } from '@landbridge/testbed/run-command';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textAt } from '../src/cloud.ts';
import { gatewayProcess } from '../src/gateway-processes.ts';
import { ownCommand } from '../src/own-command.ts';
import { PacketStream } from '../src/packet-stream.ts';
import { waitForReply } from '../src/reach.ts';
import { oneRoute, type OneRoute } from '../src/scenarios/1-route.ts';
import { tunnelHealth } from '../src/tunnel-health.ts';
import { World } from '../src/world.ts';

// What is stored goes into a sealed file and comes back, and is sealed anew: with a tunnel that carries packets.

const passphrase = 'a passphrase of the lab';
let world: World;
let built: OneRoute;

beforeAll(async () => {
  world = await World.start();
  built = await oneRoute.build(world);
  await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
});

afterAll(() => world.stop());

describe('a backup', () => {
  it('made while the service runs brings the tunnel back where the host has lost everything', async () => {
    const { dataDirectory } = world.server;
    const file = join(world.lab.directory, 'backup.age');
    expect(await own('backup', file)).toContain('1 vpn connections');
    expect(await readFile(file, 'latin1')).not.toContain('SQLite format');
    await world.server.stop('SIGTERM');
    await runChecked([ownCommand, 'remove-network', '--data-dir', dataDirectory, '--yes'], { within: 60_000 });
    expect((await namespaceNames()).filter((name) => name.startsWith('lb-'))).toEqual([]);
    await rename(dataDirectory, join(world.lab.directory, 'lost'));
    expect(await own('restore', file)).toMatch(/is no database\.[^]*Nothing was done/);
    expect(await own('restore', file, '--yes')).toContain('Restored: start the service.');
    await world.server.startAgain();
    await world.cloud.waitUntilConnected(built.tunnel.connectionId, 60_000);
    await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
  });

  it('that is older than the network is held, and says before what it would take away', async () => {
    const { dataDirectory } = world.server;
    const file = join(world.lab.directory, 'older.age');
    await own('backup', file);
    await world.cloud.createVpc('later', '10.77.0.0/16');
    await using stream = await startStream();
    const refused = await runCommand([...argv('restore', file), '--yes'], { input: passphrase });
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringMatching(/another landbridge serves/) as string });
    await world.server.stop('SIGTERM');
    expect(await own('restore', file)).toMatch(/with \d+ changes since the backup/);
    const done = await own('restore', file, '--yes');
    await world.server.startAgain();
    await expect(world.cloud.call('DescribeVpcs', {})).rejects.toMatchObject({ code: 'OperationDenied' });
    await world.server.stop('SIGTERM');
    const kept = /is in (\S+);/.exec(done)?.[1] ?? expect.fail(done);
    for (const name of ['landbridge.db', 'secret.key', 'admin.json'])
      await rename(join(kept, name), join(dataDirectory, name));
    await world.server.startAgain();
    await expectGoesOn(stream);
  });
});

describe('a new sealing key', () => {
  it('costs no packet, and opens the pre-shared key for a charon that is new', async () => {
    const { dataDirectory } = world.server;
    const { gatewayId } = built.vpc1.gateway;
    const keyBefore = await readFile(join(dataDirectory, 'secret.key'), 'utf8');
    await using stream = await startStream();
    await world.server.stop('SIGTERM');
    const said = await runChecked([ownCommand, 'rotate-key', '--data-dir', dataDirectory]);
    expect(said).toMatch(/^\d+ secrets are sealed/);
    expect(await readFile(join(dataDirectory, 'secret.key'), 'utf8')).not.toBe(keyBefore);
    await world.server.startAgain();
    await expectGoesOn(stream);
    process.kill((await gatewayProcess(gatewayId, 'charon')) ?? expect.fail('no charon'), 'SIGKILL');
    await world.cloud.waitUntilConnected(built.tunnel.connectionId, 60_000);
    await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
  });
});

describe('a sealing key that is lost', () => {
  const lost = (...more: readonly string[]) =>
    runChecked([ownCommand, 'rotate-key', '--lost', '--data-dir', world.server.dataDirectory, ...more]);
  const lose = () => rename(join(world.server.dataDirectory, 'secret.key'), join(world.lab.directory, 'lost.key'));

  it('leaves gateways as they are, and is replaced by one that has what agent and administrator know', async () => {
    const { SecretId } = await world.cloud.call('CreateAccessKey', { AccountName: 'tenant' }, 'landbridge');
    await using stream = await startStream();
    await world.server.stop('SIGTERM');
    await lose();
    await world.server.startAgain();
    await expect(world.cloud.call('DescribeVpcs', {})).rejects.toMatchObject({ code: 'OperationDenied' });
    const { url } = await world.server.endpoint();
    const status = [ownCommand, 'status', '--data-dir', world.server.dataDirectory, '--endpoint', url];
    const { stdout, stderr } = await runCommand(status);
    expect(stdout + stderr).toContain('landbridge rotate-key --lost');
    await stream.waitForMore(50);
    expect(await stream.stop()).toMatchObject({ lost: 0 });
    await world.server.stop('SIGTERM');
    const told = await lost();
    expect(told).toMatch(/^ {2}1 pre-shared keys stay/m);
    expect(told).toMatch(/^ {2}1 access keys stay/m);
    expect(told).toContain(`access key ${SecretId as string} would be gone`);
    expect(told).toContain('Nothing was done');
    expect(await lost('--yes')).toContain('There is a new secret.key');
    await world.server.startAgain();
    await world.cloud.waitUntilConnected(built.tunnel.connectionId, 60_000);
    await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
  });

  it('after a reboot of the host costs each tunnel its pre-shared key, until it is given anew', async () => {
    const { connectionId } = built.tunnel;
    const reply = await world.cloud.call('DescribeVpnConnections', { VpnConnectionIds: [connectionId] });
    const PreShareKey = textAt(reply, 'VpnConnectionSet', 0, 'PreShareKey');
    await world.server.stop('SIGTERM');
    await lose();
    // Where it is, is gone with a reboot.
    await runChecked([
      'bash',
      '-c',
      `grep -l ${connectionId} /run/landbridge-*/keys.json | xargs --no-run-if-empty -n 1 rm`,
    ]);
    expect(await lost('--yes')).toContain(`${connectionId} has another pre-shared key now`);
    await world.server.startAgain();
    const health = () => tunnelHealth(world.cloud, connectionId);
    await poll('the peer refuses the tunnel', health, ({ State }) => State === 'refused', { within: 60_000 });
    await world.cloud.modifyVpnConnection(connectionId, { PreShareKey });
    await world.cloud.waitUntilConnected(connectionId, 60_000);
    await waitForReply(built.vpc1.hostA, built.tunnel.idc.host);
  });
});

function startStream(): Promise<PacketStream> {
  return PacketStream.start({ from: built.vpc1.hostA, to: built.tunnel.idc.host, packetsPerSecond: 100 });
}

async function expectGoesOn(stream: PacketStream): Promise<void> {
  await world.cloud.waitUntilConnected(built.tunnel.connectionId);
  await world.cloud.waitUntilApplied(built.vpc1.gateway.gatewayId);
  await stream.waitForMore(50);
  expect(await stream.stop()).toMatchObject({ lost: 0, duplicates: 0, outOfOrder: 0 });
}

const argv = (name: string, file: string) => [ownCommand, name, file, '--data-dir', world.server.dataDirectory];

/** Runs it with the passphrase on standard input. */
function own(name: 'backup' | 'restore', file: string, ...more: readonly string[]): Promise<string> {
  return runChecked([...argv(name, file), ...more], { input: passphrase });
}
