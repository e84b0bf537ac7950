import { createHmac } from 'node:crypto';
import { callAction, sha256Hex, tc3Signature, unsignedPayload, utcDate } from '@landbridge/client';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import {
  StandingClock,
  startHarness,
  type ApiHarness,
  type Reply,
  type WireError,
} from '../../../testing/api-harness.ts';

const clock = new StandingClock();
let api: ApiHarness;
beforeAll(async () => {
  api = await startHarness({ clock });
});
afterAll(() => api.close());

interface Tc3Request {
  readonly method?: 'GET' | 'POST';
  /** Sent path; what is signed may differ. */
  readonly path?: string;
  readonly signedPath?: string;
  readonly query?: string;
  readonly body?: string;
  readonly hostHeader?: string;
  readonly signedHost?: string;
  readonly service?: string;
  readonly contentType?: string;
  readonly signedContentType?: string;
  /** Signed and sent besides `content-type` and `host`. */
  readonly extraSigned?: Readonly<Record<string, string>>;
  readonly headers?: Readonly<Record<string, string | undefined>>;
  readonly payloadHash?: string;
  /** Seconds that the client's clock is off. */
  readonly skew?: number;
  readonly credentialDate?: string;
  readonly secretKey?: string;
  readonly secretId?: string;
  readonly action?: string;
  readonly version?: string;
}

/** Every choice made: what the known clients do unless a test says otherwise. */
function complete(request: Tc3Request) {
  const { method = 'POST', path = '/', hostHeader = '127.0.0.1:9700' } = request;
  const usualType = method === 'GET' ? 'application/x-www-form-urlencoded' : 'application/json';
  const contentType = request.contentType ?? usualType;
  const body = method === 'GET' ? '' : (request.body ?? '{}');
  return {
    secretKey: api.admin.secretKey,
    secretId: api.admin.secretId,
    service: 'vpc',
    action: 'DescribeVpcs',
    version: '2017-03-12',
    query: '',
    extraSigned: {},
    headers: {},
    skew: 0,
    signedPath: path,
    signedHost: hostHeader,
    signedContentType: contentType,
    payloadHash: sha256Hex(body),
    ...request,
    method,
    path,
    hostHeader,
    contentType,
    body,
  };
}

function headersFor(choice: ReturnType<typeof complete>): Record<string, string> {
  const extra = Object.entries(choice.extraSigned);
  const signed: [string, string][] = [
    ['content-type', choice.signedContentType],
    ['host', choice.signedHost],
    ...extra,
  ];
  const { method, signedPath: path, payloadHash } = choice;
  const timestamp = Math.floor(clock.now() / 1000) + choice.skew;
  const scope = { date: choice.credentialDate ?? utcDate(timestamp), service: choice.service };
  const query = method === 'GET' ? choice.query : '';
  const toSign = { method, path, query, headers: signed, payloadHash };
  const signature = tc3Signature(toSign, timestamp, scope, choice.secretKey);
  const credential = `${choice.secretId}/${scope.date}/${scope.service}/tc3_request`;
  const names = signed.map(([name]) => name).join(';');
  const sent: Record<string, string | undefined> = {
    'content-type': choice.contentType,
    host: choice.hostHeader,
    'x-tc-action': choice.action,
    'x-tc-version': choice.version,
    'x-tc-timestamp': String(timestamp),
    authorization: `TC3-HMAC-SHA256 Credential=${credential}, SignedHeaders=${names}, Signature=${signature}`,
    ...Object.fromEntries(extra),
    ...choice.headers,
  };
  const given = Object.entries(sent).filter((entry): entry is [string, string] => entry[1] !== undefined);
  return Object.fromEntries(given);
}

async function send(request: Tc3Request): Promise<{ response: Reply; headers: Readonly<Record<string, unknown>> }> {
  const choice = complete(request);
  const { method, path, query, body } = choice;
  const reply = await api.app.inject({
    method,
    url: query === '' ? path : `${path}?${query}`,
    headers: headersFor(choice),
    ...(method === 'GET' ? {} : { payload: body }),
  });
  expect(reply.statusCode).toBe(200);
  expect(reply.headers['content-type']).toBe('application/json');
  const { Response: response } = JSON.parse(reply.body) as { Response: Reply };
  expect(response['RequestId']).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  return { response, headers: reply.headers };
}

async function codeOf(request: Tc3Request): Promise<string | undefined> {
  const { response } = await send(request);
  return (response['Error'] as WireError | undefined)?.Code;
}

describe('TC3: what each client really signs is accepted', () => {
  const forms: Readonly<Record<string, Tc3Request>> = {
    'Go: host with port, scope vpc': {},
    'Node: host without port, first label of the endpoint as scope': { signedHost: '127.0.0.1', service: '127' },
    'Node with endpoint localhost:9700': {
      hostHeader: 'localhost:9700',
      signedHost: 'localhost',
      service: 'localhost:9700',
    },
    'Node behind vpc.local': { hostHeader: 'vpc.local:8080', signedHost: 'vpc.local' },
    'Python and tccli: the whole URL as Host': { hostHeader: 'http://127.0.0.1:9700' },
    'a host in capitals, signed in lower case': { hostHeader: 'VPC.Local:9700', signedHost: 'vpc.local:9700' },
    'Content-Type with charset': { contentType: 'application/json; charset=utf-8' },
    'Content-Type with charset, signed in lower case': {
      contentType: 'application/json; charset=UTF-8',
      signedContentType: 'application/json; charset=utf-8',
    },
    'more signed headers': { extraSigned: { 'x-tc-action': 'DescribeVpcs' } },
    'more signed headers, in lower case': {
      extraSigned: { 'x-tc-action': 'describevpcs' },
      headers: { 'x-tc-action': 'DescribeVpcs' },
    },
    'unsigned payload': {
      payloadHash: sha256Hex(unsignedPayload),
      headers: { 'x-tc-content-sha256': unsignedPayload },
    },
    'an endpoint with a path that Go does not sign': { path: '/api/', signedPath: '/' },
    'an endpoint with a path that Node signs': { path: '/api/' },
    'an empty body': { body: '' },
    'a GET': { method: 'GET', query: 'Limit=3&Filters.0.Name=vpc-name&Filters.0.Values.0=a%20b%2Bc' },
    'a GET that encodes blanks as plus signs': {
      method: 'GET',
      query: 'Filters.0.Name=vpc-name&Filters.0.Values.0=a+b',
    },
    'a GET without parameters': { method: 'GET' },
    'a clock that is 300 s behind': { skew: -300 },
    'a clock that is 300 s ahead': { skew: 300 },
    'no region': { headers: { 'x-tc-region': undefined } },
  };
  it.each(Object.entries(forms))('%s', async (_name, request) => {
    expect(await codeOf(request)).toBeUndefined();
  });
});

describe('TC3: what must not pass', () => {
  const forms: readonly (readonly [string, string, Tc3Request])[] = [
    ['a wrong secret key', 'AuthFailure.SignatureFailure', { secretKey: 'x'.repeat(48) }],
    ['a body other than the signed one', 'AuthFailure.SignatureFailure', { payloadHash: sha256Hex('{"Limit":1}') }],
    ['another host', 'AuthFailure.SignatureFailure', { signedHost: 'vpc.tencentcloudapi.com' }],
    ['a credential date of another day', 'AuthFailure.SignatureFailure', { credentialDate: '2020-01-01' }],
    [
      'the unsigned payload without its header',
      'AuthFailure.SignatureFailure',
      { payloadHash: sha256Hex(unsignedPayload) },
    ],
    ['an unknown key', 'AuthFailure.SecretIdNotFound', { secretId: 'AKID0000000000000000' }],
    ['a key of another kind', 'AuthFailure.InvalidSecretId', { secretId: 'someone' }],
    ['a clock 301 s behind', 'AuthFailure.SignatureExpire', { skew: -301 }],
    ['a clock 301 s ahead', 'AuthFailure.SignatureExpire', { skew: 301 }],
    ['a temporary token', 'AuthFailure.TokenFailure', { headers: { 'x-tc-token': 'abc' } }],
    ['Authorization SKIP', 'AuthFailure.InvalidAuthorization', { headers: { authorization: 'SKIP' } }],
    ['no Authorization', 'AuthFailure.InvalidAuthorization', { headers: { authorization: undefined } }],
    [
      'no signed host',
      'AuthFailure.InvalidAuthorization',
      {
        headers: {
          authorization: `TC3-HMAC-SHA256 Credential=AKID00000000/2026-11-22/vpc/tc3_request, SignedHeaders=content-type, Signature=${'0'.repeat(64)}`,
        },
      },
    ],
    ...(
      [
        ['a header twice', 'content-type;host;host'],
        ['too many headers', ['content-type', 'host', ...Array.from({ length: 31 }, (_, at) => `x-${at}`)].join(';')],
      ] as const
    ).map(
      ([name, SignedHeaders]) =>
        [
          `signed headers that name ${name}`,
          'AuthFailure.InvalidAuthorization',
          {
            headers: {
              authorization: `TC3-HMAC-SHA256 Credential=AKID00000000/2026-11-22/vpc/tc3_request, SignedHeaders=${SignedHeaders}, Signature=${'0'.repeat(64)}`,
            },
          },
        ] as const,
    ),
    ['no action', 'MissingParameter', { headers: { 'x-tc-action': undefined } }],
    ['no version', 'MissingParameter', { headers: { 'x-tc-version': undefined } }],
    ['no timestamp', 'MissingParameter', { headers: { 'x-tc-timestamp': undefined } }],
    ['a timestamp that is none', 'InvalidParameter', { headers: { 'x-tc-timestamp': 'now' } }],
    ['a wrong version', 'NoSuchVersion', { version: '2018-08-14' }],
    ['an action that nobody has', 'InvalidAction', { action: 'DescribeMoon' }],
    ['an action of the vendor that is not built', 'UnsupportedOperation', { action: 'CreateNatGateway' }],
    ['an action of the other service', 'InvalidAction', { action: 'DescribePlan' }],
    ['a body that is not JSON', 'InvalidRequest', { body: '{"Limit":' }],
    ['a body that is not UTF-8 JSON of an object', 'InvalidRequest', { body: '[]' }],
    ['a form signed by TC3', 'InvalidRequest', { contentType: 'application/x-www-form-urlencoded' }],
    ['a region that is none', 'UnsupportedRegion', { headers: { 'x-tc-region': 'a b' } }],
    ['a GET parameter given twice', 'InvalidRequest', { method: 'GET', query: 'Limit=1&Limit=2' }],
  ];
  it.each(forms)('%s: %s', async (_name, code, request) => {
    expect(await codeOf(request)).toBe(code);
  });

  it('checks the action before the signature, and the signature before the body', async () => {
    expect(await codeOf({ action: 'DescribeMoon', secretKey: 'x' })).toBe('InvalidAction');
    expect(await codeOf({ body: '{', secretKey: 'x' })).toBe('AuthFailure.SignatureFailure');
  });

  it('names an unbuilt action and the known versions', async () => {
    const { response } = await send({ action: 'CreateNatGateway' });
    expect((response['Error'] as WireError).Message).toContain('CreateNatGateway');
    const wrong = await send({ version: '2000-01-01' });
    expect((wrong.response['Error'] as WireError).Message).toContain('2017-03-12');
  });
});

describe('the service landbridge', () => {
  const version = '2026-11-01';
  const action = 'DescribeSystemStatus';
  const timestamp = String(Math.floor(clock.now() / 1000));
  const whole = {
    'x-tc-action': action,
    'x-tc-version': version,
    'x-tc-region': 'local',
    'x-tc-timestamp': timestamp,
  };
  const call: Tc3Request = { action, version, service: 'landbridge', extraSigned: whole };

  it('takes calls that sign all that identifies them, with a region or without', async () => {
    expect(await codeOf(call)).toBeUndefined();
    const noRegion = { ...call, extraSigned: { ...whole, 'x-tc-region': '' } };
    expect(await codeOf(noRegion)).toBeUndefined();
  });

  it.each(Object.keys(whole))('refuses a call that does not sign %s', async (name) => {
    const extraSigned = Object.fromEntries(Object.entries(whole).filter(([other]) => other !== name));
    const { response } = await send({ ...call, extraSigned, headers: { [name]: whole[name as keyof typeof whole] } });
    const error = response['Error'] as WireError;
    expect(error.Code).toBe('AuthFailure.InvalidAuthorization');
    expect(error.Message).toContain(`SignedHeaders does not hold ${name}`);
  });

  it.each([
    ['Action', { 'x-tc-action': 'DescribeAccessKeys' }],
    ['region', { 'x-tc-region': 'other' }],
    ['time', { 'x-tc-timestamp': String(Number(timestamp) + 1) }],
    [
      'version, and so as a call of the vendor’s service',
      { 'x-tc-version': '2017-03-12', 'x-tc-action': 'DescribeVpcs' },
    ],
  ])('refuses a captured call with another %s', async (_name, headers) => {
    expect(await codeOf({ ...call, headers })).toBe('AuthFailure.SignatureFailure');
  });

  it('refuses a captured call of the vendor’s SDK, which signs its host only', async () => {
    const captured = { headers: { 'x-tc-version': version, 'x-tc-action': 'CreateAccessKey' } };
    expect(await codeOf(captured)).toBe('AuthFailure.InvalidAuthorization');
  });

  it('refuses a body that is not signed, and signatures of v1', async () => {
    const unsigned = { payloadHash: sha256Hex(unsignedPayload), headers: { 'x-tc-content-sha256': unsignedPayload } };
    expect(await codeOf({ ...call, ...unsigned })).toBe('AuthFailure.InvalidAuthorization');
    const query = `Action=${action}&Version=${version}&SecretId=${api.admin.secretId}&Timestamp=${timestamp}&Nonce=1&Signature=x`;
    const reply = await api.app.inject({ method: 'GET', url: `/?${query}` });
    expect(reply.json()).toMatchObject({
      Response: {
        Error: { Code: 'AuthFailure.InvalidAuthorization', Message: expect.stringContaining('TC3') as string },
      },
    });
  });

  it('is called by our own client', async () => {
    const plain = await startHarness({ clock: systemClock });
    try {
      const url = await plain.app.listen({ host: '127.0.0.1', port: 0 });
      const endpoint = { url, credential: plain.admin };
      for (const region of [undefined, 'north']) {
        const status = await callAction(
          { ...endpoint, ...(region && { region }) },
          'landbridge',
          'DescribeSystemStatus',
        );
        expect(status['Version']).toBe('0.0.0-test');
      }
      const wrong = { ...endpoint, credential: { ...plain.admin, secretKey: 'x' } };
      await expect(callAction(wrong, 'vpc', 'DescribeVpcs')).rejects.toMatchObject({
        code: 'AuthFailure.SignatureFailure',
      });
    } finally {
      await plain.close();
    }
  });
});

describe('v1 signatures', () => {
  interface V1Request {
    readonly method: 'GET' | 'POST';
    readonly signatureMethod?: 'HmacSHA1' | 'HmacSHA256';
    readonly parameters?: Readonly<Record<string, string | undefined>>;
    readonly signedHost?: string;
    readonly secretKey?: string;
  }

  it.each([
    [{ Nonce: undefined }, 'MissingParameter'],
    [{ Nonce: 'x' }, 'InvalidParameter'],
  ])('takes none with %j', async (parameters, code) => {
    const response = await sendV1({ method: 'POST', signatureMethod: 'HmacSHA256', parameters });
    expect(response['Error']).toMatchObject({ Code: code, Message: expect.stringContaining('Nonce') as string });
  });

  async function sendV1(request: V1Request): Promise<Reply> {
    const { method, signatureMethod, signedHost = '127.0.0.1:9700', secretKey = api.admin.secretKey } = request;
    const chosen: Record<string, string | undefined> = {
      Action: 'DescribeVpcs',
      Version: '2017-03-12',
      Region: 'test-1',
      Timestamp: String(Math.floor(clock.now() / 1000)),
      Nonce: '12345',
      SecretId: api.admin.secretId,
      ...(signatureMethod === undefined ? {} : { SignatureMethod: signatureMethod }),
      ...request.parameters,
    };
    const given = Object.entries(chosen).filter((entry): entry is [string, string] => entry[1] !== undefined);
    const all = Object.fromEntries(given);
    const sorted = Object.entries(all).sort(([a], [b]) => (a < b ? -1 : 1));
    const text = `${method}${signedHost}/?${sorted.map(([name, value]) => `${name}=${value}`).join('&')}`;
    const digest = signatureMethod === 'HmacSHA256' ? 'sha256' : 'sha1';
    all['Signature'] = createHmac(digest, secretKey).update(text).digest('base64');
    const encoded = Object.entries(all)
      .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
      .join('&');
    const isForm = method === 'POST';
    const reply = await api.app.inject({
      method,
      url: isForm ? '/' : `/?${encoded}`,
      headers: { host: '127.0.0.1:9700', ...(isForm ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) },
      ...(isForm ? { payload: encoded } : {}),
    });
    expect(reply.statusCode).toBe(200);
    return (JSON.parse(reply.body) as { Response: Reply }).Response;
  }

  it.each([
    ['GET', undefined],
    ['GET', 'HmacSHA1'],
    ['GET', 'HmacSHA256'],
    ['POST', 'HmacSHA1'],
    ['POST', 'HmacSHA256'],
  ] as const)('%s with SignatureMethod %s', async (method, signatureMethod) => {
    const parameters = { 'Filters.0.Name': 'vpc-name', 'Filters.0.Values.0': 'ü & = + %', Limit: '5' };
    const options = signatureMethod === undefined ? {} : { signatureMethod };
    const response = await sendV1({ method, parameters, ...options });
    expect(response).toMatchObject({ TotalCount: 0, VpcSet: [] });
  });

  it('refuses a wrong key, a wrong host and an unknown method', async () => {
    const code = (response: Reply) => (response['Error'] as WireError).Code;
    expect(code(await sendV1({ method: 'GET', secretKey: 'x' }))).toBe('AuthFailure.SignatureFailure');
    expect(code(await sendV1({ method: 'GET', signedHost: 'other' }))).toBe('AuthFailure.SignatureFailure');
    const md5 = await sendV1({ method: 'GET', parameters: { SignatureMethod: 'HmacMD5' } });
    expect(code(md5)).toBe('InvalidParameterValue');
  });

  it('answers in the language of the request, also when it is not signed', async () => {
    const reply = await api.app.inject({ method: 'GET', url: '/?Action=DescribeVpcs&Language=zh-CN' });
    const { Response: response } = JSON.parse(reply.body) as { Response: { Error: WireError } };
    expect(response.Error).toMatchObject({ Code: 'AuthFailure.InvalidAuthorization' });
    expect(response.Error.Message).toMatch(/签名/);
  });
});

describe('the envelope', () => {
  it('echoes X-TC-TraceId', async () => {
    const { headers } = await send({ headers: { 'x-tc-traceid': 'trace-1' } });
    expect(headers['x-tc-traceid']).toBe('trace-1');
  });

  it.each([
    ['GET', '/elsewhere'],
    ['PUT', '/'],
    ['DELETE', '/x'],
    ['GET', '/%zz'],
  ] as const)('answers %s %s with status 200 and InvalidRequest', async (method, url) => {
    const reply = await api.app.inject({ method, url });
    expect(reply.statusCode).toBe(200);
    expect(reply.headers['content-type']).toBe('application/json');
    expect(reply.json()).toMatchObject({ Response: { Error: { Code: 'InvalidRequest' } } });
  });

  it('answers a request without anything', async () => {
    const reply = await api.app.inject({ method: 'GET', url: '/' });
    expect(reply.json()).toMatchObject({ Response: { Error: { Code: 'MissingParameter' } } });
  });

  it('takes a body of 1 MiB, and no more', async () => {
    expect(await codeOf({ body: `{${' '.repeat(1024 * 1024 - 2)}}` })).toBeUndefined();
    expect(await codeOf({ body: `{${' '.repeat(1024 * 1024 - 1)}}` })).toBe('RequestSizeLimitExceeded');
  });

  it('speaks Chinese when asked to', async () => {
    const { response } = await send({ action: 'DescribeMoon', headers: { 'x-tc-language': 'zh-CN' } });
    expect((response['Error'] as WireError).Message).toContain('不存在');
  });
});

describe('the rate limit', () => {
  it('counts by account and action, and recovers within a second', async () => {
    const own = new StandingClock();
    const slow = await startHarness({ clock: own, rateLimit: 3 });
    try {
      for (let call = 0; call < 3; call++) await slow.succeed('DescribeVpcs');
      expect(await slow.fail('DescribeVpcs')).toMatchObject({ Code: 'RequestLimitExceeded' });
      await slow.succeed('DescribeSubnets');
      own.advance(400);
      await slow.succeed('DescribeVpcs');
      expect(await slow.fail('DescribeVpcs')).toMatchObject({ Code: 'RequestLimitExceeded' });
      own.advance(10_000);
      for (let call = 0; call < 3; call++) await slow.succeed('DescribeVpcs');
      expect(await slow.fail('DescribeVpcs')).toMatchObject({ Code: 'RequestLimitExceeded' });
    } finally {
      await slow.close();
    }
  });
});
