import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';

/** The command as people run it, against a service of its own. */

const command = fileURLToPath(new URL('../../../../landbridge', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'landbridge-action-'));
const dataDir = join(directory, 'data');
const run = promisify(execFile);
const timeout = 180_000;

let service: ChildProcess;
let url = '';

beforeAll(async () => {
  const config = join(directory, 'landbridge.json');
  const uplink = { mode: 'routed', interface: 'lo', addresses: ['203.0.113.16/29'] };
  writeFileSync(config, JSON.stringify({ uplink, listen: '127.0.0.1:0', dataPlane: 'none' }));
  service = spawn(command, ['serve', '--data-dir', dataDir, '--config', config]);
  let said = '';
  service.stdout?.on('data', (data: Buffer) => (said += data.toString()));
  service.stderr?.on('data', (data: Buffer) => (said += data.toString()));
  await vi.waitFor(() => expect(said).toMatch(/listening on http:\/\/\S+\n/), { timeout: 60_000 });
  url = /listening on (http:\/\/\S+)/.exec(said)?.[1] ?? '';
}, timeout);

afterAll(async () => {
  if (service.exitCode === null) {
    const exit = once(service, 'exit');
    service.kill('SIGTERM');
    await exit;
  }
  rmSync(directory, { recursive: true, force: true });
});

interface Said {
  readonly stdout: string;
  readonly stderr: string;
}

/** @param input to its standard input. */
async function landbridge(line: string, input = ''): Promise<Said> {
  const child = run(command, [...line.split(' '), '--endpoint', url, '--data-dir', dataDir]);
  child.child.stdin?.end(input);
  return child;
}

/** What it says when it fails. */
async function refusal(line: string, more: { readonly env?: NodeJS.ProcessEnv; readonly options?: string[] } = {}) {
  const options = more.options ?? ['--endpoint', url, '--data-dir', dataDir];
  const env = { ...process.env, ...more.env };
  const failed: unknown = await run(command, [...line.split(' '), ...options], { env }).then(
    ({ stdout }) => expect.unreachable(`it succeeded: ${stdout}`),
    (error: unknown) => error,
  );
  return (failed as Said).stderr;
}

it('a tunnel from nothing without an id: names, a secret from standard input, waiting', { timeout }, async () => {
  await landbridge('vpc create-vpc --name office --cidr-block 10.0.0.0/16');
  await landbridge('vpc create-subnet --vpc office --name a --cidr-block 10.0.1.0/24 --zone local-1');
  const gateway = await landbridge(
    'vpn create-vpn-gateway --name gw --vpc office --internet-max-bandwidth-out 100 --wait --query VpnGateway.State',
  );
  expect(JSON.parse(gateway.stdout)).toBe('AVAILABLE');
  await landbridge('vpn create-customer-gateway --name idc --ip-address 198.51.100.7');
  const tunnel = await landbridge(
    'vpn create-vpn-connection --name to-idc --gateway gw --customer-gateway idc --route-type StaticRoute --pre-share-key - -o id',
    'a secret from a pipe\n',
  );
  expect(tunnel.stdout).toMatch(/^vpnx-[0-9a-z]{8}\n$/);
  const route =
    'destination-cidr-block=192.168.1.0/24,priority=0,status=ENABLE,instance-type=VPNCONN,instance-id=to-idc';
  await landbridge(`vpn create-vpn-gateway-routes --gateway gw --route ${route} --wait`);
  await landbridge(
    'vpc create-routes --route-table default --route destination-cidr-block=192.168.1.0/24,gateway-type=VPN,gateway-id=gw',
  );
  const stored = await landbridge('vpn describe-vpn-connections --filter vpn-gateway-id=gw --output json');
  expect(JSON.parse(stored.stdout)).toMatchObject({
    VpnConnectionSet: [{ VpnConnectionId: tunnel.stdout.trim(), PreShareKey: 'a secret from a pipe' }],
  });
  const routes = await landbridge('vpc describe-routes --query RouteSet[].GatewayId --output yaml');
  expect(routes.stdout).toMatch(/^- vpngw-[0-9a-z]{8}\n$/);
  const table = await landbridge('vpn describe-vpn-connections');
  expect(table.stdout).toMatch(/^VpnConnectionId +VpnConnectionName +State/);
  expect(table.stdout).not.toContain('a secret');
});

it(
  'a dry run says what would happen to which tunnel, who would then reach whom, and nothing happens',
  { timeout },
  async () => {
    const { stdout } = await landbridge('vpn reset-vpn-connection --gateway gw --connection to-idc --dry-run');
    expect(stdout).toMatch(/nothing was changed\n(network of .*\n)*tunnel vpnx-[0-9a-z]{8}: interruption\n$/);
    const { stdout: subnet } = await landbridge(
      'vpc create-subnet --name more --vpc office --cidr-block 10.0.7.0/24 --zone z-1 --dry-run',
    );
    expect(subnet).toMatch(/^10\.0\.7\.0\/24 \(subnet-\w+\) -> 192\.168\.1\.0\/24 \(cgw-\w+\): no -> yes$/m);
    expect(subnet).toMatch(/^192\.168\.1\.0\/24 \(cgw-\w+\) -> 10\.0\.7\.0\/24 \(subnet-\w+\): no -> yes$/m);
    await landbridge('vpc create-vpc --name other --cidr-block 10.9.0.0/16 --dry-run');
    const { stdout: names } = await landbridge('vpc describe-vpcs --query VpcSet[].VpcName --output id');
    expect(names).toBe('office\n');
    expect(await refusal('vpc delete-vpc --vpc office --dry-run')).toContain('landbridge: ResourceInUse');
  },
);

it('waiting says how the tunnel stands', { timeout }, async () => {
  const { stderr } = await landbridge(
    'vpn reset-vpn-connection --gateway gw --connection to-idc --wait --wait-seconds 5',
  );
  expect(stderr).toMatch(/^vpnx-[0-9a-z]{8} is not negotiated with its peer/);
});

it('what was made is told where waiting for it fails', { timeout }, async () => {
  const policy = JSON.stringify({ Statements: [{ Access: 'write', Actions: ['CreateVpc'] }] });
  const made = await run(command, [
    ...['access', 'create-access-key', '--account-name', 'tenant', '--policy', policy],
    ...['--output', 'json', '--endpoint', url, '--data-dir', dataDir],
  ]);
  const { SecretId, SecretKey } = JSON.parse(made.stdout) as Record<string, string>;
  const env = { ...process.env, TENCENTCLOUD_SECRET_ID: SecretId, TENCENTCLOUD_SECRET_KEY: SecretKey };
  const words = 'vpc create-vpc --name theirs --cidr-block 10.8.0.0/16 --wait --output id --endpoint';
  const failed: unknown = await run(command, [...words.split(' '), url], { env }).catch((error: unknown) => error);
  expect(failed).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/^vpc-[0-9a-z]{8}\n$/) as string,
    stderr: expect.stringContaining('UnauthorizedOperation') as string,
  });
});

it('a secret is asked for on a terminal, without echo', { timeout }, async () => {
  const words = 'vpn modify-vpn-connection-attribute --connection to-idc --pre-share-key -';
  const line = [command, ...words.split(' '), '--endpoint', url, '--data-dir', dataDir].join(' ');
  const terminal = spawn('script', ['--quiet', '--return', '--command', line, '/dev/null']);
  let shown = '';
  terminal.stdout.on('data', (data: Buffer) => (shown += data.toString()));
  await expect.poll(() => shown, { timeout: 60_000 }).toContain('pre-share-key: ');
  const exit = once(terminal, 'exit');
  terminal.stdin.write('typed by hand\r');
  expect((await exit)[0]).toBe(0);
  expect(shown).not.toContain('typed');
  const key = await landbridge('vpn describe-vpn-connections --query VpnConnectionSet[].PreShareKey --output id');
  expect(key.stdout).toBe('typed by hand\n');
});

it('says what is wrong before anything is called, and what to do about it', { timeout }, async () => {
  expect(await refusal('vpn create-vpn-conection')).toContain('did you mean landbridge vpn create-vpn-connection?');
  expect(await refusal('CreateVpnGateway')).toContain('did you mean landbridge vpn create-vpn-gateway?');
  expect(await refusal('vpn delete-vpn-gateway --gateway gv')).toContain(
    'nothing is called gv (VPN gateways); there are gw',
  );
  expect(await refusal('vpn create-vpn-gateway --name a')).toContain(
    '--vpc-id, --internet-max-bandwidth-out are missing',
  );
  expect(await refusal('vpc create-vpc --name a --cidr-block 8.8.8.8/33 --language zh')).toMatch(/[\u4e00-\u9fff]/);
  expect(await refusal('vpc describe-vpcs --wait')).toContain('DescribeVpcs changes nothing that could be waited for');
  const literal = await refusal(
    'vpn create-vpn-connection --name b --gateway gw --customer-gateway idc --pre-share-key hunter2',
  );
  expect(literal).toContain('every user of this host sees that');
  expect(literal).not.toContain('hunter2');
});

it(
  'keys come from a file or from the environment, and a missing or unknown one is explained',
  { timeout },
  async () => {
    const { secretId, secretKey } = JSON.parse(readFileSync(join(dataDir, 'admin.json'), 'utf8')) as Record<
      string,
      string
    >;
    const elsewhere = ['--endpoint', url, '--data-dir', join(directory, 'nothing')];
    expect(await refusal('vpc describe-vpcs', { options: elsewhere })).toContain(
      '--credentials names a file with a key',
    );
    const env = { TENCENTCLOUD_SECRET_ID: secretId, TENCENTCLOUD_SECRET_KEY: secretKey };
    const known = await run(command, ['vpc', 'describe-vpcs', '-o', 'id', ...elsewhere], {
      env: { ...process.env, ...env },
    });
    expect(known.stdout).toMatch(/^vpc-/);
    const unknown = { TENCENTCLOUD_SECRET_ID: 'AKIDnobody', TENCENTCLOUD_SECRET_KEY: 'hunter2' };
    const refused = await refusal('vpc describe-vpcs', { env: unknown, options: elsewhere });
    expect(refused).toContain('The service does not know this key');
    expect(refused).not.toContain('hunter2');
    const file = join(directory, 'broken.json');
    writeFileSync(file, '{"secretKey": hunter2}');
    const broken = await refusal('vpc describe-vpcs', { options: [...elsewhere, '--credentials', file] });
    expect(broken).toContain('broken.json is not JSON');
    expect(broken).not.toContain('hunter2');
  },
);

it('a service that is down, or nowhere, is said in words', { timeout }, async () => {
  const options = ['--data-dir', dataDir, '--endpoint'];
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const down = `http://127.0.0.1:${(closed.address() as AddressInfo).port}`;
  closed.close();
  expect(await refusal('vpc describe-vpcs', { options: [...options, down] })).toContain('landbridge serve');
  expect(await refusal('vpc describe-vpcs', { options: [...options, 'http://no.such.host.invalid'] })).toContain(
    'No address is known for this name',
  );
  expect(await refusal('vpc describe-vpcs', { options: [...options, url.replace('http:', 'https:')] })).toContain(
    'plain HTTP',
  );
});
