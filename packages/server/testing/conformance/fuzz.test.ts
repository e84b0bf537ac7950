import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { allActions } from '@landbridge/catalogue/services';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { startHarness, type ApiHarness, type Reply, type TestCredential, type WireError } from '../api-harness.ts';
import { arbitraryRequest, ToldIds } from './arbitrary-request.ts';

/** A machine that does much beside is no error. */
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

/**
 * Requests that nearly fit, over every Action of every service. Each is answered, and as the catalogue says, which the
 * harness compares. LANDBRIDGE_FUZZ_REQUESTS: how many; LANDBRIDGE_FUZZ_SEED: the ones of an earlier run.
 */
const requests = Number(process.env['LANDBRIDGE_FUZZ_REQUESTS'] ?? 2000);
const seed = Number(process.env['LANDBRIDGE_FUZZ_SEED'] ?? Date.now() % 2 ** 31);
/** Of the heap, between a fifth of the requests and all of them. */
const mostGrowthBytes = 64 * 1024 * 1024;
const everyNow = 200;

interface Caller {
  readonly credential: TestCredential;
  readonly told: ToldIds;
  readonly actions: readonly ((typeof allActions)[number] & { readonly request: fc.Arbitrary<unknown> })[];
}

let api: ApiHarness;
let callers: readonly Caller[];
beforeAll(async () => {
  api = await startHarness();
  const [administrators] = api.rows.accounts.all();
  callers = [await newCaller(administrators!.name), await newCaller('tenant')];
});
afterAll(() => api.close());

async function newCaller(AccountName: string): Promise<Caller> {
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName });
  const told = new ToldIds();
  return {
    credential: { secretId: String(SecretId), secretKey: String(SecretKey) },
    told,
    actions: allActions.map((action) => ({ ...action, request: arbitraryRequest(action, told) })),
  };
}

/** What stays after a collection. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

const codeOf = (reply: Reply) => (reply['Error'] as WireError | undefined)?.Code ?? 'success';

it(`${requests} requests, LANDBRIDGE_FUZZ_SEED=${seed}`, { timeout: 60_000 + requests * 200 }, async () => {
  const answers = new Map<string, number>();
  let early = 0;
  for (let count = 0; count < requests; count++) {
    if (count % everyNow === 0) await Promise.all(callers.map(settle));
    const code = await sendOne(count);
    answers.set(code, (answers.get(code) ?? 0) + 1);
    if (count === Math.floor(requests / 5)) early = heapBytes();
  }
  await api.succeed('DescribeVpcs');
  expect(heapBytes() - early).toBeLessThan(mostGrowthBytes);
  // Neither everything refused at the door, nor everything taken.
  expect(answers.get('success') ?? 0).toBeGreaterThan(requests / 10);
  expect(answers.size).toBeGreaterThan(10);
});

async function sendOne(count: number): Promise<string> {
  const sampled = { seed: seed + count, numRuns: 1 };
  const [caller] = fc.sample(fc.constantFrom(...callers), sampled);
  const [action] = fc.sample(fc.constantFrom(...caller!.actions), sampled);
  const { name, service, request } = action!;
  const [parameters] = fc.sample(request, sampled);
  const what = `request ${count} of LANDBRIDGE_FUZZ_SEED=${seed}: ${service} ${name} ${JSON.stringify(parameters)}`;
  const options = { service, credential: caller!.credential };
  const reply = await api.call(name, parameters as object, options).catch((cause: unknown) => {
    throw new Error(what, { cause });
  });
  const code = codeOf(reply);
  expect(code, what).not.toMatch(/^Internal/);
  caller!.told.add(reply);
  // Now and then ids get about.
  if (count % 10 === 0) for (const { told } of callers) told.add(reply);
  return code;
}

/** Something of each kind to be asked about; what is there already, or is too much, is refused. The agent comes round, too. */
async function settle({ credential, told }: Caller): Promise<void> {
  api.logLines.length = 0;
  const make = async (action: string, parameters: object): Promise<Reply> => {
    const reply = await api.call(action, parameters, { credential });
    told.add(reply);
    return reply;
  };
  const idIn = (reply: Reply, of: string, id: string) =>
    (reply[of] as Readonly<Record<string, string>> | undefined)?.[id] ?? 'vpc-notthere';
  const VpcId = idIn(await make('CreateVpc', { VpcName: 'v', CidrBlock: '10.0.0.0/16' }), 'Vpc', 'VpcId');
  await make('CreateSubnet', { VpcId, SubnetName: 's', CidrBlock: '10.0.1.0/24', Zone: 'z' });
  const gateway = { VpnGatewayName: 'g', InternetMaxBandwidthOut: 5 };
  const VpnGatewayId = idIn(await make('CreateVpnGateway', { VpcId, ...gateway }), 'VpnGateway', 'VpnGatewayId');
  await make('CreateVpnGateway', { VpcId: '', Type: 'CCN', ...gateway });
  const peer = await make('CreateCustomerGateway', { CustomerGatewayName: 'p', IpAddress: '198.51.100.7' });
  const CustomerGatewayId = idIn(peer, 'CustomerGateway', 'CustomerGatewayId');
  await make('CreateVpnConnection', {
    ...{ VpcId, VpnGatewayId, CustomerGatewayId, VpnConnectionName: 't', PreShareKey: 'k', RouteType: 'StaticRoute' },
  });
  const CcnId = idIn(await make('CreateCcn', { CcnName: 'c' }), 'Ccn', 'CcnId');
  await make('AttachCcnInstances', {
    CcnId,
    Instances: [{ InstanceId: VpcId, InstanceRegion: 'test-1', InstanceType: 'VPC' }],
  });
  await make('CreateCcnRouteTables', { RouteTable: [{ CcnId, Name: 'own', Description: 'd' }] });
  await make('CreateDirectConnectGateway', {
    ...{ DirectConnectGatewayName: 'd', NetworkType: 'CCN', NetworkInstanceId: CcnId },
  });
  api.applyAll();
}
