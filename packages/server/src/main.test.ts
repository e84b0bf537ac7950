import { callAction, type Credential, type JsonObject } from '@landbridge/client';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { serveDry } from './main.ts';

let directory: string;
beforeEach(() => (directory = mkdtempSync(join(tmpdir(), 'landbridge-serve-'))));
afterEach(() => rmSync(directory, { recursive: true, force: true }));

const routed = (...addresses: readonly string[]) => ({ mode: 'routed', interface: 'eth0', addresses });

/** Runs the service, which touches no network, with this uplink until the work is done; rejects when it does not start. */
async function whileServing(uplink: object | null, work: (url: string) => Promise<void>): Promise<void> {
  const config = join(directory, 'landbridge.json');
  writeFileSync(config, JSON.stringify({ logLevel: 'silent', ...(uplink === null ? {} : { uplink }) }));
  const stop = new AbortController();
  const listening = Promise.withResolvers<string>();
  const flags = { dataDir: join(directory, 'data'), config, listen: '127.0.0.1:0', dataPlane: 'none' };
  const running = serveDry(flags, { signal: stop.signal, onListening: listening.resolve });
  try {
    await Promise.race([listening.promise.then(work), running.then(() => Promise.reject(new Error('it ended')))]);
  } finally {
    stop.abort();
    await running.catch(() => undefined);
  }
}

function administrator(): Credential {
  return JSON.parse(readFileSync(join(directory, 'data', 'admin.json'), 'utf8')) as Credential;
}

async function createGateway(url: string): Promise<string> {
  const credential = administrator();
  const call = (action: string, parameters: JsonObject) => callAction({ url, credential }, 'vpc', action, parameters);
  const { Vpc } = await call('CreateVpc', { VpcName: 'one', CidrBlock: '10.0.0.0/16' });
  const { VpcId } = Vpc as JsonObject;
  const bandwidth = { InternetMaxBandwidthOut: 100, Type: 'IPSEC' };
  const { VpnGateway } = await call('CreateVpnGateway', { VpcId: VpcId!, VpnGatewayName: 'one', ...bandwidth });
  return (VpnGateway as JsonObject)['VpnGatewayId'] as string;
}

it('does not start with an uplink that has not the address of a gateway that stands, and says which and what to do', async () => {
  let gatewayId = '';
  await whileServing(routed('203.0.113.16/32'), async (url) => void (gatewayId = await createGateway(url)));
  const refusal = new RegExp(
    `the uplink of .*landbridge\\.json does not have the addresses .*: ${gatewayId} \\(203\\.0\\.113\\.16\\)\\. Start with the former uplink`,
  );
  const nothing = () => Promise.resolve();
  await expect(whileServing(routed('203.0.113.32/28'), nothing)).rejects.toThrow(refusal);
  await expect(whileServing(null, nothing)).rejects.toThrow(`${gatewayId} (203.0.113.16)`);
  await whileServing(routed('203.0.113.32/28', '203.0.113.16/30'), nothing);
}, 60_000);

it('tells who watches it how it is, on a listener of their own for numbers', async () => {
  const config = join(directory, 'landbridge.json');
  writeFileSync(config, JSON.stringify({ logLevel: 'silent', metrics: { listen: '127.0.0.1:0' } }));
  const stop = new AbortController();
  const urls: string[] = [];
  const listening = Promise.withResolvers<undefined>();
  const onListening = (url: string) => {
    if (urls.push(url) === 2) listening.resolve(undefined);
  };
  const flags = { dataDir: join(directory, 'data'), config, listen: '127.0.0.1:0', dataPlane: 'none' };
  const running = serveDry(flags, { signal: stop.signal, onListening });
  try {
    await Promise.race([listening.promise, running]);
    const [url = '', metrics = ''] = urls;
    const conditions = ['image', 'store', 'agent'].map((name) => ({ name, ok: true }));
    for (const at of [url, metrics]) {
      const ready = await fetch(new URL('/health/ready', at));
      expect([ready.status, await ready.json()]).toEqual([200, { status: 'ready', conditions }]);
    }
    const credential = JSON.parse(readFileSync(join(directory, 'data', 'admin.json'), 'utf8')) as Credential;
    await callAction({ url, credential }, 'vpc', 'CreateVpc', { VpcName: 'one', CidrBlock: '10.0.0.0/16' });
    const page = await (await fetch(metrics)).text();
    for (const line of [
      'landbridge_held 0',
      'landbridge_agent_connected 1',
      'landbridge_rows{table="vpcs"} 1',
      'landbridge_tunnels{state="up"} 0',
      'landbridge_api_calls_total{service="vpc",action="CreateVpc",code="OK"} 1',
    ])
      expect(page).toContain(`${line}\n`);
    expect(page).toMatch(/^landbridge_image_generation [1-9]/m);
    expect((await fetch(new URL('/metrics', url))).headers.get('content-type')).toBe('application/json');
  } finally {
    stop.abort();
    await running.catch(() => undefined);
  }
}, 60_000);

it('audits every call that it refuses until it has stopped', async () => {
  let outcomes: Promise<PromiseSettledResult<unknown>[]> = Promise.resolve([]);
  await whileServing(null, async (url) => {
    const where = { url, credential: administrator() };
    const calls = Array.from({ length: 40 }, () => callAction(where, 'vpc', 'DeleteVpc', { VpcId: 'vpc-00000000' }));
    outcomes = Promise.allSettled(calls);
    // It stops now, with the others on their way.
    await expect(Promise.race(calls)).rejects.toThrow('vpc-00000000');
  });
  const answered = (await outcomes).filter((one) => one.status === 'rejected' && String(one.reason).includes('vpc-0'));
  await whileServing(null, async (url) => {
    const where = { url, credential: administrator() };
    const { AuditEventSet } = await callAction(where, 'landbridge', 'DescribeAuditEvents', { Outcome: 'refused' });
    const events = AuditEventSet as { ActionName: string; Code: string; Count: number }[];
    const expected = { ActionName: 'DeleteVpc', Code: 'ResourceNotFound' };
    expect(events).toMatchObject(events.map(() => expected));
    const audited = events.reduce((sum, { Count }) => sum + Count, 0);
    expect(audited).toBeGreaterThanOrEqual(answered.length);
  });
}, 60_000);
