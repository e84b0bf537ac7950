import { randomIds } from '../platform/ids.ts';
import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect } from 'node:net';
import { buffer, text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness } from '../../testing/api-harness.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { buildApp, type ApiPlugin } from './build-app.ts';
import { Door } from './doors.ts';
import { boundedApp } from './bounded-app.ts';
import { healthRoutes, type PublicCondition } from './health-routes.ts';

/** What has to be true, with what a stranger must not hear. */
const secret = 'only 3 bytes are free on the disk of /var/lib/landbridge';
let conditions: readonly (PublicCondition & { readonly message?: string })[];
let reads: number;
let clock: FakeClock;
let closing: AsyncDisposableStack;
let url: string;

beforeEach(async () => {
  conditions = [{ name: 'store', ok: true }];
  reads = 0;
  clock = new FakeClock();
  closing = new AsyncDisposableStack();
  const app = boundedApp();
  const readConditions = () => {
    reads += 1;
    return conditions;
  };
  void app.register(healthRoutes({ readConditions, clock }));
  closing.defer(() => app.close());
  await app.ready();
  const door = new Door({ host: '127.0.0.1', port: 0 });
  url = await door.leadTo(app.server);
  closing.defer(() => door.close(app.server));
});
afterEach(() => closing.disposeAsync());

interface Answer {
  readonly status: number | undefined;
  readonly headers: IncomingMessage['headers'];
  readonly body: string;
}

async function ask(path: string, method = 'GET', at = url, headers = {}): Promise<Answer> {
  const message = await new Promise<IncomingMessage>((resolve, reject) => {
    request(at + path, { method, headers, agent: false }, resolve)
      .on('error', reject)
      .end();
  });
  return { status: message.statusCode, headers: message.headers, body: await text(message) };
}

/** Everything that comes back for these bytes, until the other side closes. */
async function exchange(bytes: string): Promise<string> {
  const { hostname, port } = new URL(url);
  const socket = connect(Number(port), hostname);
  await once(socket, 'connect');
  socket.write(bytes);
  return (await buffer(socket)).toString('utf8');
}

it('is well once it answers, whatever the conditions are', async () => {
  conditions = [{ name: 'store', ok: false }];
  const { status, headers, body } = await ask('/health');
  expect([status, JSON.parse(body)]).toEqual([200, { status: 'ok' }]);
  expect(headers).toMatchObject({ 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' });
  expect(reads).toBe(0);
});

it('is ready while every condition is met, and names those that are not, but not what is the matter', async () => {
  const ready = await ask('/health/ready');
  expect([ready.status, JSON.parse(ready.body)]).toEqual([200, { status: 'ready', conditions }]);
  conditions = [
    { name: 'store', ok: false, message: secret },
    { name: 'agent', ok: true, message: '' },
  ];
  await clock.advance(1000);
  const { status, body } = await ask('/health/ready');
  const names = [
    { name: 'store', ok: false },
    { name: 'agent', ok: true },
  ];
  expect([status, JSON.parse(body)]).toEqual([503, { status: 'not ready', conditions: names }]);
});

it('answers HEAD with the same status and no body', async () => {
  conditions = [{ name: 'store', ok: false }];
  const head = await ask('/health/ready', 'HEAD');
  expect([head.status, head.body]).toEqual([503, '']);
  expect((await ask('/health', 'HEAD')).status).toBe(200);
});

it('looks once a second, however many ask', async () => {
  const answers = await Promise.all(Array.from({ length: 300 }, () => ask('/health/ready')));
  expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  expect(reads).toBe(1);
  await clock.advance(999);
  await ask('/health/ready');
  expect(reads).toBe(1);
  await clock.advance(1);
  await ask('/health/ready');
  expect(reads).toBe(2);
});

it('is asked under any name of the host, but by one request under one only', async () => {
  for (const Host of ['landbridge.example.com', '203.0.113.9:9700', 'x'.repeat(1000)]) {
    expect((await ask('/health', 'GET', url, { Host })).status).toBe(200);
  }
  expect(await exchange('GET /health HTTP/1.1\r\nConnection: close\r\n\r\n')).toMatch(/^HTTP\/1\.1 400 /);
});

it('answers requests in one go one after the other', async () => {
  const one = 'GET /health HTTP/1.1\r\nHost: a\r\n\r\n';
  const last = 'GET /health/ready HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n';
  const answer = await exchange(one.repeat(200) + last);
  expect(answer.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(201);
  expect(answer.match(/\{"status":"ok"\}/g)).toHaveLength(200);
  expect(answer.trim().endsWith('{"status":"ready","conditions":[{"name":"store","ok":true}]}')).toBe(true);
});

it('reads no body', async () => {
  const body = '{"status":"down"}';
  const headers = `Host: a\r\nContent-Length: ${body.length}\r\nConnection: close`;
  expect(await exchange(`GET /health HTTP/1.1\r\n${headers}\r\n\r\n${body}`)).toContain('{"status":"ok"}');
});

it('knows no other paths and methods, and none that is endless', async () => {
  const others = ['/', '/health/', '/health/live', '/HEALTH', '/health%2fready', '//health', '/metrics'];
  for (const path of others) expect([path, (await ask(path)).status]).toEqual([path, 404]);
  for (const method of ['POST', 'PUT', 'DELETE', 'OPTIONS']) expect((await ask('/health', method)).status).toBe(404);
  expect(await exchange(`GET /health?${'x'.repeat(60_000)} HTTP/1.1\r\nHost: a\r\n\r\n`)).toMatch(/^HTTP\/1\.1 431 /);
});

it('is not ready when the conditions cannot be read, says not why, and looks again', async () => {
  const broken: ApiPlugin = {
    routes: (_app, _options, done) => done(),
    refuseFrame: (_error, _request, reply) => reply,
  };
  let fails = true;
  const readConditions = () => (fails ? Promise.reject(new Error(secret)) : Promise.resolve(conditions));
  const app = buildApp({ api: broken, console: null, health: { readConditions, clock }, ids: randomIds });
  closing.defer(() => app.close());
  const failed = await app.inject('/health/ready');
  expect(failed.statusCode).toBe(503);
  expect(failed.json()).toEqual({ status: 'not ready', conditions: [{ name: 'conditions', ok: false }] });
  fails = false;
  expect((await app.inject('/health/ready')).statusCode).toBe(200);
});

describe('beside the API', () => {
  let api: ApiHarness;
  let at: string;
  beforeEach(async () => {
    api = await startHarness();
    closing.defer(() => api.close());
    await api.app.ready();
    const door = new Door({ host: '127.0.0.1', port: 0 });
    at = await door.leadTo(api.app.server);
    closing.defer(() => door.close(api.app.server));
  });

  it('is asked without a signature, leaves no line in the log, and reads no table', async () => {
    const lines = api.logLines.length;
    const ready = await ask('/health/ready', 'GET', at);
    expect([ready.status, JSON.parse(ready.body)]).toEqual([
      200,
      { status: 'ready', conditions: [{ name: 'image', ok: true }] },
    ]);
    expect((await ask('/health', 'GET', at)).status).toBe(200);
    expect(api.logLines.slice(lines)).toEqual([]);
  });

  it('leaves every other request to the API, which has no metrics', async () => {
    for (const [path, method] of [
      ['/metrics'],
      ['/'],
      ['/health', 'POST'],
      ['/health/ready/x'],
      ['/health/x', 'POST'],
    ]) {
      const { status, headers, body } = await ask(path!, method, at);
      expect([path, status, headers['content-type']]).toEqual([path, 200, 'application/json']);
      expect(JSON.parse(body)).toMatchObject({ Response: { Error: { Code: expect.any(String) as string } } });
    }
  });
});
