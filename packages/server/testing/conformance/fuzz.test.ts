import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { allActions } from '@landbridge/catalogue/services';
import * as fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { startHarness, type ApiHarness, type TestCredential, type WireError } from '../api-harness.ts';
import { arbitraryRequest, ToldWords } from './arbitrary-request.ts';

/**
 * Requests that nearly fit, over every Action of every service. Each is answered, and as the catalogue says, which the
 * harness compares. LANDBRIDGE_FUZZ_REQUESTS: how many; LANDBRIDGE_FUZZ_SEED: the ones of an earlier run.
 */
const requests = Number(process.env['LANDBRIDGE_FUZZ_REQUESTS'] ?? 1000);
const seed = Number(process.env['LANDBRIDGE_FUZZ_SEED'] ?? Date.now() % 2 ** 31);
/** Of the heap, between a fifth of the requests and all of them. */
const mostGrowthBytes = 64 * 1024 * 1024;
const everyNow = 200;

let api: ApiHarness;
let callers: readonly TestCredential[];
beforeAll(async () => {
  api = await startHarness();
  const [administrators] = api.rows.accounts.all();
  callers = [await newCaller(administrators!.name), await newCaller('tenant')];
});
afterAll(() => api.close());

async function newCaller(AccountName: string): Promise<TestCredential> {
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName });
  return { secretId: String(SecretId), secretKey: String(SecretKey) };
}

/** What stays after a collection. */
function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().heapUsed;
}

it(`${requests} requests, LANDBRIDGE_FUZZ_SEED=${seed}`, { timeout: 60_000 + requests * 200 }, async () => {
  const told = new ToldWords();
  const actions = allActions.map((action) => ({ ...action, request: arbitraryRequest(action, told) }));
  const answers = new Map<string, number>();
  let early = 0;
  for (let count = 0; count < requests; count++) {
    const [action, caller] = fc.sample(fc.tuple(fc.constantFrom(...actions), fc.constantFrom(...callers)), {
      ...{ seed: seed + count, numRuns: 1 },
    })[0]!;
    const { name, service } = action;
    const [parameters] = fc.sample(action.request, { seed: seed + count, numRuns: 1 });
    const what = `request ${count} of LANDBRIDGE_FUZZ_SEED=${seed}: ${service} ${name} ${JSON.stringify(parameters)}`;
    const reply = await api.call(name, parameters as object, { service, credential: caller }).catch((cause: unknown) => {
      throw new Error(what, { cause });
    });
    const code = (reply['Error'] as WireError | undefined)?.Code ?? 'success';
    expect(code, what).not.toMatch(/^Internal/);
    answers.set(code, (answers.get(code) ?? 0) + 1);
    told.add(reply);
    if (count % everyNow === 0) await expectAlive();
    if (count === Math.floor(requests / 5)) early = heapBytes();
  }
  await expectAlive();
  expect(heapBytes() - early).toBeLessThan(mostGrowthBytes);
  // Neither everything refused at the door, nor everything taken.
  expect(answers.get('success') ?? 0).toBeGreaterThan(requests / 10);
  expect(answers.size).toBeGreaterThan(10);
});

async function expectAlive(): Promise<void> {
  api.applyAll();
  api.logLines.length = 0;
  await api.succeed('DescribeVpcs');
}
