import { allActions } from '@landbridge/catalogue/services';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness, type Reply, type WireError } from '../../testing/api-harness.ts';

let api: ApiHarness;
beforeAll(async () => {
  api = await startHarness();
});
afterAll(() => api.close());

function expectCallersFault(response: Reply, what: string): void {
  const error = response['Error'] as WireError | undefined;
  if (error?.Code.startsWith('InternalError') === true) {
    throw new Error(`${what}: ${error.Code}\n${api.logLines.slice(-2).join('\n')}`);
  }
  expect(Object.prototype).not.toHaveProperty('polluted');
}

const bodies: Readonly<Record<string, string>> = {
  'deep arrays': `{"Filters":${'['.repeat(100_000)}${']'.repeat(100_000)}}`,
  'deep objects': `${'{"Filters":'.repeat(50_000)}1${'}'.repeat(50_000)}`,
  'deep, not closed': '['.repeat(200_000),
  'a long array of nothing': `{"Filters":[${'{},'.repeat(100_000)}{}]}`,
  'a long array of numbers': `{"VpcIds":[${'1,'.repeat(300_000)}1]}`,
  'many unknown members': `{${Array.from({ length: 50_000 }, (_, index) => `"k${index}":1`).join(',')}}`,
  'a long name': `{"${'x'.repeat(1_000_000)}":1}`,
  'a long text': `{"VpcName":"${'x'.repeat(1_000_000)}"}`,
  __proto__: '{"__proto__":{"polluted":true}}',
  'constructor.prototype': '{"constructor":{"prototype":{"polluted":true}}}',
  'nested __proto__': '{"Filters":[{"__proto__":{"polluted":true},"Name":"vpc-id","Values":["a"]}]}',
  'inherited names': '{"toString":1,"hasOwnProperty":2,"valueOf":3}',
  'a number': '7',
  null: 'null',
  'a text': '"x"',
  'huge numbers': '{"Limit":1e400,"Offset":99999999999999999999999999}',
  'invalid UTF-8 as replacement': '{"VpcName":"\ufffd"}',
  'a lone surrogate': '{"VpcName":"\\ud800","CidrBlock":"10.0.0.0/16"}',
};

describe('hostile bodies', () => {
  it.each(Object.entries(bodies))('%s', { timeout: 60_000 }, async (name, body) => {
    for (const action of ['DescribeVpcs', 'CreateVpc', 'CreateVpnConnection', 'CreateRoutes']) {
      const startedAt = performance.now();
      const response = await api.call(action, {}, { body });
      expectCallersFault(response, `${action} with ${name}`);
      expect(performance.now() - startedAt).toBeLessThan(5000);
    }
  });

  const notUtf8 = Buffer.from([0xff, 0xfe]);
  const errorOf = (body: string) => (JSON.parse(body) as { Response: { Error: WireError } }).Response.Error;
  const refused = (what: string) => ({ Code: 'InvalidRequest', Message: `The request cannot be read: ${what}.` });

  it('bytes that are not UTF-8 are refused in a form', async () => {
    const reply = await api.app.inject({
      method: 'POST',
      url: '/',
      headers: { 'content-type': 'application/x-www-form-urlencoded' },
      payload: Buffer.concat([Buffer.from('Action=DescribeVpcs&A='), notUtf8]),
    });
    expect(errorOf(reply.body)).toEqual(refused('the form is not UTF-8'));
  });

  it('bytes that are not UTF-8 are refused in a query', async () => {
    const query = (value: string) => api.app.inject({ method: 'GET', url: `/?Action=DescribeVpcs&A=${value}` });
    expect(errorOf((await query('%ff%fe')).body)).toEqual(refused('a parameter is not percent-encoded UTF-8'));
  });

  it('bytes that are not UTF-8 are refused in JSON, under a genuine signature', async () => {
    const body = Buffer.concat([Buffer.from('{"VpcName":"'), notUtf8, Buffer.from('","CidrBlock":"10.0.0.0/16"}')]);
    const { TotalCount } = await api.succeed('DescribeVpcs');
    const error = await api.fail('CreateVpc', {}, { body });
    expect(error).toEqual(refused('the body is not UTF-8'));
    expect((await api.succeed('DescribeVpcs')).TotalCount).toBe(TotalCount);
  });
});

/** Values of every type where another is expected. */
const anything = fc.oneof(
  { maxDepth: 3 },
  fc.constantFrom(
    null,
    true,
    false,
    '',
    '0',
    '-1',
    'vpc-00000000',
    '10.0.0.0/8',
    0,
    -1,
    1.5,
    2 ** 60,
    [],
    {},
    [[]],
    [{}],
  ),
  fc.string({ maxLength: 20, unit: 'binary' }),
  fc.array(fc.constantFrom(null, 1, 'a', {}), { maxLength: 3 }),
  fc.dictionary(
    fc.constantFrom('Name', 'Values', 'Key', 'Value', '__proto__', 'RouteId'),
    fc.jsonValue({ maxDepth: 2 }),
  ),
);

describe('every Action', () => {
  it.each(allActions.map((action) => [action.name, action] as const))(
    '%s answers wrong types with the caller’s fault',
    { timeout: 60_000 },
    async (name, { service, definition }) => {
      const names = Object.keys(definition.request.properties);
      const parameters = fc.record(Object.fromEntries(names.map((member) => [member, anything])), { requiredKeys: [] });
      await fc.assert(
        fc.asyncProperty(parameters, async (value) => {
          expectCallersFault(await api.call(name, value, { service }), `${name} ${JSON.stringify(value)}`);
        }),
        { numRuns: 25 },
      );
    },
  );
});

describe('hostile queries', () => {
  it('of any shape are answered', async () => {
    const word = fc.constantFrom(
      'Filters',
      '0',
      '1',
      '__proto__',
      'constructor',
      'Values',
      'Limit',
      '',
      '-1',
      '9999999999',
    );
    const name = fc.array(word, { minLength: 1, maxLength: 6 }).map((steps) => steps.join('.'));
    const pair = fc
      .tuple(name, fc.constantFrom('', '1', '%', '%ff', '%00', 'a+b'))
      .map(([key, value]) => `${key}=${value}`);
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { maxLength: 6 }), async (pairs) => {
        const url = `/?Action=DescribeVpcs&Version=2017-03-12&Signature=x&SecretId=AKID00000000&Timestamp=1&${pairs.join('&')}`;
        const reply = await api.app.inject({ method: 'GET', url });
        expect(reply.statusCode).toBe(200);
        expectCallersFault((JSON.parse(reply.body) as { Response: Reply }).Response, url);
      }),
      { numRuns: 200 },
    );
  });
});
