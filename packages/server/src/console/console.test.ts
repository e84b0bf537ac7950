import { request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { poll } from '@landbridge/testbed/poll';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness, type Reply, type TestCredential } from '@landbridge/server/testing/api-harness';
import { makeGateway, makePeer, makeTunnel, makeVpc } from '@landbridge/server/testing/sample-resources';
import type { ConsoleFile } from './console-files.ts';

const text = (content: string, isImmutable: boolean): ConsoleFile => ({
  ...{ bytes: Buffer.from(content), gzip: Buffer.from(`gzip of ${content}`), type: 'text/html; charset=utf-8' },
  isImmutable,
});
const consoleFiles = new Map([
  ['index.html', text('<title>page</title>', false)],
  ['assets/main-0123abcd.js', text('script', true)],
]);

let api: ApiHarness;
beforeEach(async () => {
  api = await startHarness({ consoleFiles });
});
afterEach(() => api.close());

interface Sent {
  readonly origin?: string | null;
  readonly cookie?: string;
  readonly headers?: Record<string, string>;
}

async function send(method: 'GET' | 'POST' | 'DELETE', url: string, body: unknown, sent: Sent = {}) {
  const { origin = 'http://localhost', cookie, headers = {} } = sent;
  const reply = await api.app.inject({
    ...{ method, url },
    headers: {
      host: 'localhost',
      ...(origin === null || method === 'GET' ? {} : { origin }),
      ...(cookie === undefined ? {} : { cookie }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body === undefined ? {} : { payload: JSON.stringify(body) }),
  });
  const { Response: response } = JSON.parse(reply.body) as { Response: Reply };
  return { status: reply.statusCode, headers: reply.headers, response, code: codeIn(response) };
}

function codeIn(response: Reply): string | undefined {
  return (response['Error'] as { readonly Code: string } | undefined)?.Code;
}

const keyOf = ({ secretId, secretKey }: TestCredential) => ({ SecretId: secretId, SecretKey: secretKey });

async function signIn(credential = api.admin, sent: Sent = {}): Promise<string> {
  const { headers, status } = await send('POST', '/console/session', keyOf(credential), sent);
  expect(status).toBe(200);
  return String(headers['set-cookie']).split(';')[0] ?? '';
}

const call = (cookie: string, Action: string, Parameters: object = {}, sent: Sent = {}) =>
  send('POST', '/console/call', { Action, Parameters, Region: 'test-1' }, { cookie, ...sent });

/** Of the administrator's account unless told otherwise. */
async function makeKey(parameters: object): Promise<TestCredential> {
  const AccountName = api.rows.accounts.all()[0]?.name;
  const { SecretId, SecretKey } = await api.operate('CreateAccessKey', { AccountName, ...parameters });
  return { secretId: String(SecretId), secretKey: String(SecretKey) };
}

/** Until it is so. */
const until = (what: string, isSo: () => boolean) => poll(what, isSo, Boolean, { within: 10_000 });

describe('who is signed in', () => {
  it('is told by a cookie that no script and no other site has', async () => {
    const { headers, response } = await send('POST', '/console/session', keyOf(api.admin));
    expect(String(headers['set-cookie'])).toMatch(
      /^landbridge-console=[0-9a-f]{64}; Path=\/console; HttpOnly; SameSite=Strict; Max-Age=43200$/,
    );
    expect(headers['cache-control']).toBe('no-store');
    expect(response).toMatchObject({ SecretId: api.admin.secretId, IsAdministrator: true, Regions: ['local'] });
    const cookie = String(headers['set-cookie']).split(';')[0] ?? '';
    expect((await send('GET', '/console/session', undefined, { cookie })).response).toMatchObject({
      SecretId: api.admin.secretId,
    });
    expect((await send('GET', '/console/session', undefined)).status).toBe(401);
  });

  it('keeps the cookie to HTTPS where the browser speaks HTTPS', async () => {
    const sent = { origin: 'https://console.example', headers: { host: 'console.example' } };
    const { headers } = await send('POST', '/console/session', keyOf(api.admin), sent);
    expect(String(headers['set-cookie'])).toMatch(/; Secure$/);
  });

  it('is nobody with another secret, an unknown key, or less than both, and all are told the same', async () => {
    const wrong = [
      { SecretId: api.admin.secretId, SecretKey: `${api.admin.secretKey}x` },
      { SecretId: api.admin.secretId, SecretKey: '' },
      { SecretId: 'AKIDdoesnotexist00', SecretKey: api.admin.secretKey },
      { SecretId: 'AKIDdoesnotexist00', SecretKey: 'no key' },
    ];
    const replies = await Promise.all(wrong.map((key) => send('POST', '/console/session', key)));
    expect(replies.map(({ status, code }) => [status, code])).toEqual(
      wrong.map(() => [401, 'AuthFailure.SignInFailed']),
    );
    expect(replies.every(({ headers }) => headers['set-cookie'] === undefined)).toBe(true);
    const malformed = await send('POST', '/console/session', { SecretId: 5 });
    expect([malformed.status, codeIn(malformed.response)]).toEqual([400, 'InvalidRequest']);
  });

  it('waits after ten failures, and is told for how long', async () => {
    const wrong = { SecretId: 'AKIDdoesnotexist00', SecretKey: 'x' };
    for (let count = 0; count < 10; count++) expect((await send('POST', '/console/session', wrong)).status).toBe(401);
    const { status, headers, code } = await send('POST', '/console/session', keyOf(api.admin));
    expect([status, code, headers['retry-after']]).toEqual([429, 'RequestLimitExceeded.SignIn', '10']);
    // Signed calls go on.
    expect(await api.call('DescribeVpcs')).not.toHaveProperty('Error');
  });

  it('is audited, whether it failed or not, without the secret', async () => {
    await signIn();
    await send('POST', '/console/session', { SecretId: api.admin.secretId, SecretKey: 'never-written-down' });
    await api.refusedCalls.flush();
    const { AuditEventSet } = await api.operate('DescribeAuditEvents', {});
    const signIns = (AuditEventSet as Record<string, unknown>[]).filter(({ ActionName }) => ActionName === 'SignIn');
    expect(signIns.map(({ SecretId }) => SecretId)).toEqual([api.admin.secretId, api.admin.secretId]);
    expect(JSON.stringify([AuditEventSet, api.logLines])).not.toContain('never-written-down');
    expect(JSON.stringify([AuditEventSet, api.logLines])).not.toContain(api.admin.secretKey);
  });

  it('gives no secret where somebody may listen', async () => {
    const remote = { origin: 'http://gateway.example', headers: { host: 'gateway.example' } };
    const { status, code } = await send('POST', '/console/session', keyOf(api.admin), remote);
    expect([status, code]).toEqual([403, 'AuthFailure.NotPrivate']);
  });

  it('ends by signing out, on the server', async () => {
    const cookie = await signIn();
    const { headers, status } = await send('DELETE', '/console/session', undefined, { cookie });
    expect([status, String(headers['set-cookie'])]).toEqual([200, expect.stringContaining('Max-Age=0')]);
    expect((await call(cookie, 'DescribeVpcs')).status).toBe(401);
  });

  it('ends at once when the key is deleted', async () => {
    const key = await makeKey({});
    const cookie = await signIn(key);
    expect((await call(cookie, 'DescribeVpcs')).status).toBe(200);
    await api.operate('DeleteAccessKey', { SecretId: key.secretId });
    const { status, code } = await call(cookie, 'DescribeVpcs');
    expect([status, code]).toEqual([401, 'AuthFailure.SessionEnded']);
  });
});

describe('a call', () => {
  it('is the very call that the key would sign', async () => {
    const cookie = await signIn();
    const made = await call(cookie, 'CreateVpc', { VpcName: 'by console', CidrBlock: '10.0.0.0/16' });
    const { VpcId } = made.response['Vpc'] as { VpcId: string };
    const { VpcSet } = await api.succeed('DescribeVpcs', { VpcIds: [VpcId] });
    expect(VpcSet).toHaveLength(1);
    const { AuditEventSet } = await api.operate('DescribeAuditEvents', { ResourceId: VpcId });
    expect(AuditEventSet).toMatchObject([{ ActionName: 'CreateVpc', SecretId: api.admin.secretId }]);
    expect(made.response['RequestId']).toMatch(/^[0-9a-f-]{36}$/);
  });

  it('is refused as that would be, in the language that was asked for', async () => {
    const cookie = await signIn();
    const sent = { headers: { 'x-tc-language': 'zh-CN' } };
    const missing = await call(cookie, 'CreateVpc', { VpcName: 'x' }, sent);
    expect([missing.status, missing.code]).toEqual([200, 'MissingParameter']);
    expect((missing.response['Error'] as { Message: string }).Message).toContain('缺少必选参数');
    expect((await call(cookie, 'DeleteEverything')).code).toBe('InvalidAction');
    expect((await call(cookie, 'CreateVpc', { VpcName: 'x', CidrBlock: '10.0.0.0/16', DryRun: true })).code).toBe(
      'DryRunOperation',
    );
  });

  it('may do what the policy of its key allows, and nothing else', async () => {
    const Policy = { Statements: [{ Access: 'read' }] };
    const cookie = await signIn(await makeKey({ Policy }));
    expect((await call(cookie, 'DescribeVpcs')).code).toBeUndefined();
    expect((await call(cookie, 'CreateVpc', { VpcName: 'x', CidrBlock: '10.0.0.0/16' })).code).toBe(
      'UnauthorizedOperation',
    );
  });

  it('shares the rate of its key with signed calls', async () => {
    const key = await makeKey({ CallsPerSecond: 2 });
    const cookie = await signIn(key);
    expect((await call(cookie, 'DescribeVpcs')).code).toBeUndefined();
    expect(await api.call('DescribeVpcs', {}, { credential: key })).not.toHaveProperty('Error');
    expect((await call(cookie, 'DescribeVpcs')).code).toBe('RequestLimitExceeded');
  });

  it('comes from a page of this console, or not at all', async () => {
    const cookie = await signIn();
    const body = { Action: 'DescribeVpcs', Parameters: {} };
    const foreign: Sent[] = [
      { cookie, origin: 'http://evil.example' },
      { cookie, origin: 'http://localhost:8080' },
      { cookie, origin: 'null' },
      { cookie, origin: null },
      { cookie, headers: { 'sec-fetch-site': 'cross-site' } },
      { cookie, headers: { 'sec-fetch-site': 'same-site' } },
    ];
    for (const sent of foreign) {
      for (const [method, url] of [
        ['POST', '/console/call'],
        ['POST', '/console/session'],
        ['DELETE', '/console/session'],
      ] as const) {
        const { status, code } = await send(method, url, method === 'DELETE' ? undefined : body, sent);
        expect([method, url, sent.origin, status, code]).toEqual([
          ...[method, url, sent.origin, 403, 'AuthFailure.ForeignOrigin'],
        ]);
      }
    }
    const form = await send('POST', '/console/call', body, { cookie, headers: { 'content-type': 'text/plain' } });
    expect(form.code).toBe('InvalidRequest');
    expect((await send('POST', '/console/call', body, { cookie })).code).toBeUndefined();
  });

  it('is not made for whoever is not signed in, and its body is not read', async () => {
    expect((await call('', 'DescribeVpcs')).status).toBe(401);
    expect((await call(`landbridge-console=${'0'.repeat(64)}`, 'DescribeVpcs')).status).toBe(401);
    const huge = await send('POST', '/console/call', { Action: 'x'.repeat(2_000_000) });
    expect(huge.status).toBe(401);
  });
});

describe('files', () => {
  const get = (url: string, headers: Record<string, string> = {}) =>
    api.app.inject({ method: 'GET', url, headers: { host: 'localhost', ...headers } });

  it('are served as they are, those with a hash for ever, the page never kept', async () => {
    const script = await get('/console/assets/main-0123abcd.js');
    expect([script.statusCode, script.body]).toEqual([200, 'script']);
    expect(script.headers['cache-control']).toBe('public, max-age=31536000, immutable');
    const zipped = await get('/console/assets/main-0123abcd.js', { 'accept-encoding': 'br, gzip' });
    expect([zipped.headers['content-encoding'], zipped.body]).toEqual(['gzip', 'gzip of script']);
    for (const url of ['/console', '/console/', '/console/tunnels', '/console/tunnels/vpnx-00000001?tab=sas']) {
      const page = await get(url);
      expect([url, page.statusCode, page.body]).toEqual([url, 200, '<title>page</title>']);
      expect(page.headers['cache-control']).toBe('no-store');
    }
  });

  it('are those that were built and no others', async () => {
    const outside = [
      '/console/assets/other.js',
      '/console/../package.json',
      '/console/..%2f..%2fpackage.json',
      '/console/%2e%2e/%2e%2e/etc/passwd.txt',
      '/console/assets/..%2findex.html',
      '/console/assets/%00.js',
    ];
    for (const url of outside) {
      const { statusCode, body } = await get(url);
      expect([url, statusCode, body.includes('<title>')]).toEqual([url, expect.toBeOneOf([404, 200]), false]);
      expect(body).not.toContain('workspaces');
    }
  });

  it('say what the page may load and who may show it, as every answer does', async () => {
    for (const url of ['/console', '/console/assets/main-0123abcd.js', '/console/assets/none.js', '/console/session']) {
      const { headers } = await get(url);
      expect(headers['content-security-policy']).toContain("default-src 'self'");
      expect(headers['content-security-policy']).toContain("frame-ancestors 'none'");
      expect(headers['content-security-policy']).not.toContain('unsafe');
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    }
  });
});

/** Server-sent events as they come. */
class Reader {
  readonly events: { event: string; data: Record<string, unknown> }[] = [];
  status = 0;
  isOver = false;
  readonly close: () => void;

  constructor(port: number, cookie: string) {
    let kept = '';
    const headers = { cookie, host: 'localhost' };
    const request = httpRequest({ port, path: '/console/stream', headers }, (response) => {
      this.status = response.statusCode ?? 0;
      response.setEncoding('utf8').on('data', (part: string) => {
        const blocks = (kept + part).split('\n\n');
        kept = blocks.pop() ?? '';
        for (const block of blocks) this.#take(block);
      });
      response.on('close', () => (this.isOver = true));
    });
    request.on('error', () => (this.isOver = true)).end();
    this.close = () => request.destroy();
  }

  #take(block: string): void {
    const [, event = '', data = '{}'] = /^event: (\S+)\ndata: (.*)$/.exec(block) ?? [];
    this.events.push({ event, data: JSON.parse(data) as Record<string, unknown> });
  }

  async next(event: string): Promise<Record<string, unknown>> {
    const find = () => this.events.findIndex((each) => each.event === event);
    await until(`an event ${event}`, () => find() >= 0);
    return this.events.splice(find(), 1)[0]?.data ?? {};
  }
}

describe('events', () => {
  let port = 0;
  const readers: Reader[] = [];
  beforeEach(async () => {
    await api.app.listen({ port: 0, host: '127.0.0.1' });
    port = (api.app.server.address() as AddressInfo).port;
  });
  afterEach(() => readers.splice(0).forEach((reader) => reader.close()));

  async function watch(cookie: string): Promise<Reader> {
    const reader = new Reader(port, cookie);
    readers.push(reader);
    await reader.next('hello');
    return reader;
  }

  async function makeAnyTunnel(): Promise<`vpnx-${string}`> {
    return makeTunnel(api, await makeGateway(api, await makeVpc(api)), await makePeer(api, '198.51.100.7'));
  }

  it('tell what changed and which tunnel is another way, once, to its owner', async () => {
    const reader = await watch(await signIn());
    const id = await makeAnyTunnel();
    api.console.tick();
    const changed = await reader.next('changed');
    expect(changed).toMatchObject({ vpnConnections: [id] });
    expect(Object.keys(changed)).toEqual(expect.arrayContaining(['vpcs', 'vpnGateways', 'customerGateways']));
    api.connect(id);
    api.connect(id);
    api.console.tick();
    expect(await reader.next('changed')).toEqual({ tunnelStates: [id] });
    api.console.tick();
    expect(reader.events).toEqual([]);
  });

  it('tell nobody of what is another’s', async () => {
    const stranger = await makeKey({ AccountName: 'stranger' });
    const [own, theirs] = [await watch(await signIn()), await watch(await signIn(stranger))];
    const id = await makeAnyTunnel();
    api.connect(id);
    api.console.tick();
    await own.next('changed');
    await api.succeed('CreateVpc', { VpcName: 'b', CidrBlock: '10.9.0.0/16' }, { credential: stranger });
    api.console.tick();
    const heard = await theirs.next('changed');
    expect(JSON.stringify(heard)).not.toContain(id);
    expect(Object.keys(heard).every((kind) => ['vpcs', 'routeTables'].includes(kind))).toBe(true);
  });

  it('tell a key with a policy that something is new, not what', async () => {
    const reader = await watch(await signIn(await makeKey({ Policy: { Statements: [{ Access: 'read' }] } })));
    await makeVpc(api);
    api.console.tick();
    expect(await reader.next('changed')).toMatchObject({ vpcs: null });
  });

  it('tell when the agent is heard no longer, and again', async () => {
    const reader = await watch(await signIn());
    api.agent.isHeard = false;
    api.console.tick();
    expect(await reader.next('agent')).toEqual({ agentHeard: false });
    api.agent.isHeard = true;
    api.console.tick();
    expect(await reader.next('agent')).toEqual({ agentHeard: true });
  });

  it('end with the session, which is told, and so with its key', async () => {
    const key = await makeKey({});
    const cookie = await signIn(key);
    const reader = await watch(cookie);
    await api.operate('DeleteAccessKey', { SecretId: key.secretId });
    api.console.tick();
    expect(await reader.next('ended')).toEqual({ by: 'key-gone' });
    await until('the end of the stream', () => reader.isOver);
    const other = await signIn();
    const second = await watch(other);
    await send('DELETE', '/console/session', undefined, { cookie: other });
    expect(await second.next('ended')).toEqual({ by: 'signed-out' });
  });

  it('are six streams of a session at most, and none without one', async () => {
    const cookie = await signIn();
    for (let count = 0; count < 6; count++) await watch(cookie);
    const seventh = new Reader(port, cookie);
    await until('a refusal', () => seventh.status === 429);
    readers.pop()?.close();
    await until('room', () => api.console.watching === 5);
    await watch(cookie);
    const stranger = new Reader(port, '');
    await until('a refusal', () => stranger.status === 401);
  });

  it('cut off who does not read', async () => {
    const cookie = await signIn();
    const reader = await watch(cookie);
    const request = httpRequest({ port, path: '/console/stream', headers: { cookie, host: 'localhost' } });
    const opened = new Promise<void>((resolve) => {
      request.on('response', (response) => {
        response.pause();
        resolve();
      });
    });
    request.on('error', () => undefined).end();
    await opened;
    // As much as both kernels keep, and then what may wait.
    for (let count = 0; count < 6000 && api.console.watching > 1; count++) {
      for (let tunnel = 0; tunnel < 200; tunnel++) {
        const id = `vpc-${String(tunnel).padStart(8, '0')}` as const;
        const row = { id, accountId: api.rows.accounts.all()[0]?.id } as never;
        api.news.committed([{ table: 'vpcs', key: id, before: null, after: row }]);
      }
      api.console.tick();
      await new Promise(setImmediate);
      reader.events.length = 0;
    }
    expect(api.console.watching).toBe(1);
    request.destroy();
  });
});
