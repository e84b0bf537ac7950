import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { allActions, type ActionName } from '@landbridge/catalogue/services';
import fc from 'fast-check';
import { afterAll, expect, it } from 'vitest';
import { parseArguments, readParameters } from './action-arguments.ts';
import { ActionFlags } from './action-flags.ts';
import { textSources, type TextSources } from './text-sources.ts';

const directory = mkdtempSync(join(tmpdir(), 'landbridge-arguments-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

function fileOf(text: string): string {
  const file = join(directory, 'value');
  writeFileSync(file, text);
  return `@${file}`;
}

const { file } = textSources({ input: process.stdin, output: process.stdout });
const sources: TextSources = { file, standardInput: () => Promise.resolve('from stdin\n'), ask: undefined };

const flagsOf = (name: ActionName) => new ActionFlags(allActions.find((action) => action.name === name)!);
const flagsOfVpc = flagsOf('CreateVpc');

async function read(name: ActionName, words: readonly string[], from = sources): Promise<unknown> {
  const flags = name === 'CreateVpc' ? flagsOfVpc : flagsOf(name);
  return readParameters(parseArguments(words, flags).given, flags.context, from);
}

it('reads texts, numbers and truths as the catalogue has them', async () => {
  expect(await read('DescribeVpcs', ['--limit', '5', '--offset=10'])).toEqual({ Limit: 5, Offset: 10 });
  expect(await read('CreateVpnConnection', ['--enable-health-check', '--dpd-timeout', '30'])).toEqual({
    EnableHealthCheck: true,
    DpdTimeout: '30',
  });
  expect(await read('CreateVpnConnection', ['--no-enable-health-check'])).toEqual({ EnableHealthCheck: false });
  expect(await read('CreateVpnConnection', ['--enable-health-check', 'false', '--dpd-enable', '1'])).toEqual({
    EnableHealthCheck: false,
    DpdEnable: 1,
  });
  expect(await read('CreateVpc', ['--enable-multicast'])).toEqual({ EnableMulticast: 'true' });
  expect(await read('CreateVpnConnection', ['--route-type', 'staticroute'])).toEqual({ RouteType: 'StaticRoute' });
  expect(await read('CreateVpc', ['--name', '@home, and more'])).toEqual({ VpcName: '@home, and more' });
});

it('reads lists that are repeated, have commas, are JSON or in a file', async () => {
  const DnsServers = ['1.1.1.1', '8.8.8.8'];
  for (const words of [
    ['--dns-servers', '1.1.1.1,8.8.8.8'],
    ['--dns-server', '1.1.1.1', '--dns-servers', '8.8.8.8'],
    ['--dns-servers', JSON.stringify(DnsServers)],
    ['--dns-servers', fileOf(JSON.stringify(DnsServers))],
    ['--dns-servers.0', '1.1.1.1', '--dns-servers.1', '8.8.8.8'],
  ]) {
    expect(await read('CreateVpc', words)).toEqual({ DnsServers });
  }
});

it('reads objects by name=value, JSON, a file, and one member at a time', async () => {
  const SecurityPolicyDatabases = [
    { LocalCidrBlock: '10.0.0.0/16', RemoteCidrBlock: ['192.168.1.0/24', '192.168.2.0/24'] },
  ];
  const flag = '--security-policy-databases';
  for (const words of [
    [flag, 'local-cidr-block=10.0.0.0/16,remote-cidr-block=192.168.1.0/24,192.168.2.0/24'],
    [flag, 'LocalCidrBlock=10.0.0.0/16,remote-cidr-block=192.168.1.0/24,remote-cidr-block=192.168.2.0/24'],
    [flag, JSON.stringify(SecurityPolicyDatabases)],
    [flag, JSON.stringify(SecurityPolicyDatabases[0])],
    [flag, fileOf(JSON.stringify(SecurityPolicyDatabases))],
    [`${flag}.0.local-cidr-block`, '10.0.0.0/16', `${flag}.0.RemoteCidrBlock`, '192.168.1.0/24,192.168.2.0/24'],
  ]) {
    expect(await read('CreateVpnConnection', words)).toEqual({ SecurityPolicyDatabases });
  }
  expect(await read('CreateVpnConnection', ['--ike-options', 'ike-version=IKEV1,dh-group-name=GROUP14'])).toEqual({
    IKEOptionsSpecification: { IKEVersion: 'IKEV1', DhGroupName: 'GROUP14' },
  });
});

it('tags and filters are a name with values', async () => {
  expect(await read('CreateVpc', ['--tag', 'env=prod', '--tag', 'owner=a=b'])).toEqual({
    Tags: [
      { Key: 'env', Value: 'prod' },
      { Key: 'owner', Value: 'a=b' },
    ],
  });
  expect(
    await read('DescribeVpcs', ['--filter', 'vpc-name=a,b', '--filter', 'name=cidr-block,values=10.0.0.0/8']),
  ).toEqual({
    Filters: [
      { Name: 'vpc-name', Values: ['a', 'b'] },
      { Name: 'cidr-block', Values: ['10.0.0.0/8'] },
    ],
  });
});

it('any JSON that a list of objects has comes out as it went in', { timeout: 60_000 }, async () => {
  const text = fc.string({ unit: 'binary', maxLength: 20 });
  const tags = fc.array(fc.record({ Key: text, Value: text }), { minLength: 1, maxLength: 5 });
  await fc.assert(
    fc.asyncProperty(tags, async (Tags) => {
      const whole = await read('CreateVpc', ['--tags', JSON.stringify(Tags)]);
      const apart = await read(
        'CreateVpc',
        Tags.flatMap(({ Key, Value }, index) => [`--tags.${index}.key=${Key}`, `--Tags.${index}.Value=${Value}`]),
      );
      expect([whole, apart]).toEqual([{ Tags }, { Tags }]);
    }),
    { numRuns: 50 },
  );
});

it('says what is wrong, and what may have been meant', async () => {
  const wrong: readonly [ActionName, readonly string[], string][] = [
    ['DescribeVpcs', ['--limit', 'many'], '--limit must be a whole number, not many'],
    ['DescribeVpcs', ['--limit', '1.5'], '--limit must be a whole number'],
    ['DescribeVpcs', ['--limit'], '--limit needs a value'],
    ['DescribeVpcs', ['--limit', '--offset', '1'], '--limit needs a value'],
    ['DescribeVpcs', ['--limit', '1', '--limit', '2'], '--limit is given twice'],
    ['DescribeVpcs', ['--limt', '1'], 'there is no --limt here; did you mean --limit?'],
    ['DescribeVpcs', ['office'], 'nobody asked for office'],
    ['CreateVpnConnection', ['--route-type', 'StaticRout'], 'did you mean StaticRoute?'],
    ['CreateVpnConnection', ['--enable-health-check=maybe'], '--enable-health-check is true or false'],
    ['CreateVpc', ['--tags.1.key', 'a'], '--tags.0 is missing: later items are given'],
    ['CreateVpc', ['--tags', '[{'], '--tags is not JSON'],
    ['CreateVpc', ['--dns-servers', '@/nowhere/at/all'], 'cannot read /nowhere/at/all'],
    ['CreateVpnGatewayRoutes', ['--route', 'destination=10.0.0.0/8,colour=red'], 'colour=red is not one of'],
  ];
  for (const [name, words, message] of wrong) await expect(read(name, words)).rejects.toThrow(message);
});

it('a secret comes from a file or from standard input, and never from the command line', async () => {
  expect(await read('CreateVpnConnection', ['--pre-share-key', fileOf('s3cret,@x\n')])).toEqual({
    PreShareKey: 's3cret,@x',
  });
  expect(await read('CreateVpnConnection', ['--pre-share-key', '-'])).toEqual({ PreShareKey: 'from stdin' });
  const asking = { ...sources, ask: (question: string) => Promise.resolve(`answer to ${question}`) };
  expect(await read('CreateVpnConnection', ['--pre-share-key', '-'], asking)).toEqual({
    PreShareKey: 'answer to pre-share-key: ',
  });
  for (const [name, flag] of [
    ['CreateVpnConnection', '--pre-share-key'],
    ['ModifyVpnConnectionAttribute', '--PreShareKey'],
    ['ComparePeerConfiguration', '--configuration'],
    ['PreviewChanges', '--parameters'],
  ] as const) {
    const refused = await read(name, [flag, 'hunter2']).catch((error: unknown) => String(error));
    expect(refused).toContain('may hold a secret');
    expect(refused).not.toContain('hunter2');
  }
  const broken = await read('PreviewChanges', ['--parameters', fileOf('{"PreShareKey": hunter2}')]).catch(
    (error: unknown) => error,
  );
  expect(String(broken)).toContain('--parameters is not JSON');
  expect((broken as Error).cause).toBeUndefined();
});

it('standard input is read once', async () => {
  const input = Object.assign(new PassThrough(), { isTTY: false }) as unknown as NodeJS.ReadStream;
  const once = textSources({ input, output: process.stdout });
  void once.standardInput().catch(() => undefined);
  expect(() => once.standardInput()).toThrow('only one value can come from there');
});
