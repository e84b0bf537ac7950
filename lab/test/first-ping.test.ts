import { spawn } from 'node:child_process';
import { mkdir, readFile, rm, rmdir, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { callAction, type JsonObject } from '@landbridge/client';
import { poll } from '@landbridge/testbed/poll';
import { runChecked, runCommand } from '@landbridge/testbed/run-command';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { Lab } from '../src/lab.ts';
import { expectNothingLeft, takeInventory } from '../src/leak-check.ts';
import { waitForReply } from '../src/reach.ts';
import { prepareUplink } from '../src/uplink.ts';

// What README says under "Your own first tunnel", word for word, on a host where nothing is yet.

const repository = fileURLToPath(new URL('../..', import.meta.url));
const dataDirectory = '/var/lib/landbridge';

let lab: Lab;
let directory: string;
let wasThere: boolean;

beforeAll(async () => {
  lab = await Lab.start();
  await lab.internet.attach(lab.host, 'uplink', null);
  await prepareUplink(lab.host, 'routed');
  directory = join(lab.directory, 'newcomer');
  await mkdir(directory);
  await symlink(join(repository, 'landbridge'), join(directory, 'landbridge'));
  // What an installation of this machine has there is neither seen nor touched.
  wasThere = (await mkdir(dataDirectory, { recursive: true })) === undefined;
  await runChecked(['mount', '-t', 'tmpfs', '-o', 'mode=755', 'newcomer', dataDirectory]);
});

afterAll(async () => {
  await runChecked(['umount', dataDirectory]);
  if (!wasThere) await rmdir(dataDirectory);
  await rm(directory, { recursive: true, force: true });
  await lab.stop();
});

it('a newcomer gets from `make setup` to a first ping with three commands and no copied id', async () => {
  const commands = await commandsOfReadme();
  expect(commands).toHaveLength(3);
  expect(commands.join('\n')).not.toMatch(/…|\b(vpc|subnet|rtb|vpngw|cgw|vpnx|ccn)-\w/);
  const [init = '', serve = '', apply = ''] = commands;

  const [idc, host] = await Promise.all([
    lab.createIdc(1),
    lab.createVpcHost({ name: 'VPC A', label: 'vpc1-a', subnetPrefix: '10.0.1' }),
  ]);
  const answers = ['uplink', '203.0.113.128/26', '10.0.0.0/16', '10.0.1.0/24', lab.cable('vpc1-a')];
  const ofPeer = ['idc', idc.publicAddress, idc.lan, 'route', ''];
  await shell(init, [...answers, ...ofPeer].join('\n'));

  const service = await startService(serve);
  const before = await takeInventory();
  try {
    expect(await shell(apply)).toMatch(/the peers of gateway find it at 203\.0\.113\./);
    const key = (await readFile(join(directory, 'keys/first-tunnel.psk'), 'utf8')).trim();
    const [gateway] = (await describe('DescribeVpnGateways'))['VpnGatewaySet'] as JsonObject[];
    const everything = '0.0.0.0/0';
    await idc.charon.load([
      {
        name: 'cloud',
        localAddress: idc.publicAddress,
        remoteAddress: String(gateway?.['PublicIpAddress']),
        preSharedKey: key,
        version: 2,
        aggressive: false,
        ikeProposals: 'aes256gcm16-prfsha256-ecp256',
        espProposals: 'aes256gcm16-ecp256',
        children: [{ name: 'cloud-1', localTs: everything, remoteTs: everything }],
      },
    ]);
    await idc.routeIntoTunnel('10.0.0.0/16');
    await waitForReply(host, idc.host);
    const outputs = await readFile(join(directory, 'serve.log'), 'utf8');
    expect(outputs).not.toContain(key);
    expect(await shell(apply)).toBe('nothing to change\n');
  } finally {
    await writeFile(join(directory, 'site.yaml'), 'site: first\n');
    await shell(`${apply} --prune`);
    const isOfServer = (item: string) => /(^namespace| in) (lb-|lab-host$)/.test(item);
    const options = { within: 20_000, except: (item: string) => !isOfServer(item) };
    await expectNothingLeft('all was pruned', before, options);
    await service.stop();
  }
});

/** The lines of the block that is marked in README, without what is said about them. */
async function commandsOfReadme(): Promise<string[]> {
  const readme = await readFile(join(repository, 'README.md'), 'utf8');
  const block = /<!-- first-ping -->\s+```\n([^`]*)```/.exec(readme)?.[1] ?? '';
  return block
    .split('\n')
    .map((line) => line.replace(/ +#.*$/, ''))
    .filter((line) => line !== '');
}

/** @returns what it writes; throws where it fails. */
async function shell(command: string, input = ''): Promise<string> {
  const result = await runCommand(['bash', '-c', `cd "$0" && ${command}`, directory], { input });
  expect(result, command).toMatchObject({ code: 0 });
  return result.stdout;
}

async function startService(command: string): Promise<{ readonly stop: () => Promise<void> }> {
  const log = join(directory, 'serve.log');
  const child = spawn('bash', ['-c', `exec ${command} > serve.log 2>&1`], { cwd: directory, stdio: 'ignore' });
  let isOver = false;
  child.once('exit', () => (isOver = true));
  const readLog = () => readFile(log, 'utf8').catch(() => '');
  await poll('landbridge serve listens', readLog, (text) => text.includes('listening on http://'), { within: 30_000 });
  return {
    stop: async () => {
      child.kill('SIGTERM');
      await poll(
        'landbridge serve ends',
        () => isOver,
        (over) => over,
        { within: 15_000 },
      );
    },
  };
}

async function describe(action: string): Promise<JsonObject> {
  const text = await readFile(join(dataDirectory, 'admin.json'), 'utf8');
  const credential = JSON.parse(text) as { readonly secretId: string; readonly secretKey: string };
  return callAction({ url: 'http://127.0.0.1:9700', credential }, 'vpc', action);
}
