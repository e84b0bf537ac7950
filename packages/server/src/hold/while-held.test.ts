import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { callAction, type Credential } from '@landbridge/client';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { fakeNetnsd } from '../../testing/fake-netnsd.ts';
import { makeCertificate } from '../../testing/sample-certificate.ts';
import { loadSettings } from '../config/load-settings.ts';
import { asConfigured } from '../drivers/host-capabilities.ts';
import type { Kernel } from '../drivers/kernel.ts';
import { installationOf } from '../drivers/netns.ts';
import { whileHeld } from './while-held.ts';
import { systemClock as clock } from '../platform/clock.ts';
import { randomIds as ids } from '../platform/ids.ts';
import { NetworkRecord } from '../platform/network-record.ts';
import { openStore } from '../store/open-store.ts';
import { storeFiles } from '../store/store-files.ts';

vi.setConfig({ testTimeout: 60_000 });
const within = { timeout: 15_000 };
let root: string;
let dataDir: string;
let record: NetworkRecord;
/** Namespaces that carry the mark of this installation. */
let marked: string[];
/** Lines of the log, and the listeners. */
let said: string[];
let stop: AbortController;
let holding: Promise<void>;
let isHeld: boolean;

const kernel: Kernel = {
  hostNetns: null,
  listNetns: () => Promise.resolve(marked),
  commands: {
    start: () => Promise.reject(new Error('nothing is started here')),
    run: () => Promise.reject(new Error('nothing is run here')),
  },
  netnsd: fakeNetnsd({ show: () => Promise.resolve([[{ ifalias: `landbridge-${installationOf(dataDir)}` }]]) }),
};

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'landbridge-hold-'));
  dataDir = join(root, 'data');
  mkdirSync(dataDir, { mode: 0o700 });
  record = new NetworkRecord(installationOf(dataDir), join(root, 'record'));
  marked = [];
  said = [];
  stop = new AbortController();
});
afterEach(async () => {
  stop.abort();
  await holding;
  rmSync(root, { recursive: true, force: true });
});

function hold(configuration: object = {}, others: Partial<Parameters<typeof whileHeld>[0]> = {}): void {
  const configFile = join(root, 'landbridge.json');
  writeFileSync(configFile, JSON.stringify({ listen: '127.0.0.1:0', ...configuration }));
  isHeld = true;
  holding = whileHeld({
    settings: { ...loadSettings({ configFile }), dataDir },
    system: { version: '0', startedAt: 0, dataPlane: asConfigured('none'), readLoopLag: () => 0 },
    logger: pino({ level: 'error' }, { write: (line: string) => said.push(line) }),
    onListening: (url) => said.push(`listening on ${url}`),
    ...{ clock, ids, kernel, record, signal: stop.signal },
    ...others,
  }).finally(() => (isHeld = false));
}

describe('a hold ends by itself', () => {
  it('when the network is removed by hand that is newer than the database', async () => {
    const store = await openStore({ dataDir, clock, logger: pino({ level: 'silent' }) });
    record.write({ ...(await store.position()), serial: 7 });
    await store.close();
    marked = ['lb-vpc-00000001', 'lb-vpngw-00000001'];
    hold();
    await expect.poll(() => said.join(), within).toContain('2 network namespaces are held');
    marked = ['lb-vpc-00000001'];
    await expect.poll(() => said.join(), within).toContain('1 network namespaces are held');
    expect(isHeld).toBe(true);
    marked = [];
    await expect.poll(() => isHeld, within).toBe(false);
  });

  it('when all is removed by hand that an installation without a database has left', async () => {
    const gateway = join(dataDir, 'run', 'vpngw-00000001');
    mkdirSync(gateway, { recursive: true });
    const { administratorKey } = storeFiles(dataDir);
    writeFileSync(administratorKey, '{}', { mode: 0o600 });
    hold();
    await expect.poll(() => said.join(), within).toMatch(/run-time files of 1 gateways, \S+admin\.json/);
    rmSync(gateway, { recursive: true });
    await expect.poll(() => said.at(-1), within).not.toContain('run-time files');
    expect(isHeld).toBe(true);
    rmSync(administratorKey);
    await expect.poll(() => isHeld, within).toBe(false);
  });
});

it('says that the agent is not there, which alone knows what stands in the network, and goes on by itself once it is', async () => {
  let problem: string | null = 'the agent is not there';
  const asked = () => (problem === null ? Promise.resolve([]) : Promise.reject(new Error('nobody can be asked')));
  const standing = { problem: () => problem, madeFrom: () => asked().then(() => null), netns: asked, gateways: asked };
  const { administratorKey } = storeFiles(dataDir);
  const store = await openStore({ dataDir, clock, logger: pino({ level: 'silent' }) });
  await store.close();
  hold({}, { standing });
  await expect.poll(() => said.join(), within).toContain('is not known: the agent is not there');
  const url = /listening on (http:[^,]+)/.exec(said.join())?.[1] ?? '';
  const own = JSON.parse(readFileSync(administratorKey, 'utf8')) as Credential;
  const endpoint = { url: url.replace(/".*/, ''), credential: own };
  const { Conditions } = await callAction(endpoint, 'landbridge', 'DescribeSystemStatus');
  expect(Conditions).toEqual([
    { Name: 'agent', Ok: false, Message: expect.stringContaining('gateways go on') as string },
  ]);
  await expect(callAction({ ...endpoint, region: 'local-1' }, 'vpc', 'DescribeVpcs')).rejects.toMatchObject({
    code: 'ResourceUnavailable',
  });
  problem = 'the agent 1 speaks version 1 of the seam';
  await expect.poll(() => said.join(), within).toContain('is not known: the agent 1 speaks');
  expect(isHeld).toBe(true);
  problem = null;
  await expect.poll(() => isHeld, within).toBe(false);
});

it('listens over TLS while all is held, as soon as there is a certificate, and says once that there is none', async () => {
  marked = ['lb-vpc-00000001'];
  const files = { certificate: join(root, 'certificate.pem'), key: join(root, 'key.pem') };
  hold({ tls: { ...files, listen: '127.0.0.1:0' } });
  await expect.poll(() => said.join(), within).toContain('no TLS listener');
  expect(said.join()).toMatch(/listening on http:/);
  await makeCertificate(root, 'service');
  await expect.poll(() => said.join(), within).toMatch(/listening on https:/);
  expect(said.filter((line) => line.includes('no TLS listener'))).toHaveLength(1);
  expect(isHeld).toBe(true);
});

it('answers who watches it that it is held and not ready, and who calls that it is alive', async () => {
  mkdirSync(join(dataDir, 'run', 'vpngw-00000001'), { recursive: true });
  hold({ metrics: { listen: '127.0.0.1:0' } });
  await expect.poll(() => said.join(' '), within).toMatch(/listening on \S+\/metrics/);
  const [url = '', metrics = ''] = [...said.join(' ').matchAll(/listening on (http:[^ ,]+)/g)].map(([, at]) => at);
  expect((await fetch(`${url}/health`)).status).toBe(200);
  const ready = await fetch(`${url}/health/ready`);
  const conditions = [{ name: 'store', ok: false }];
  expect([ready.status, await ready.json()]).toEqual([503, { status: 'not ready', conditions }]);
  expect(await (await fetch(metrics)).text()).toContain('landbridge_held 1\n');
});
