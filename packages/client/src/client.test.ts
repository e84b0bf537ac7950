import { createServer, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, expectTypeOf, it } from 'vitest';
import { Client, serviceOf } from './client.ts';

const calls: { readonly headers: IncomingMessage['headers']; readonly body: unknown }[] = [];
const server = createServer((request, response) => {
  void text(request).then((body) => {
    calls.push({ headers: request.headers, body: JSON.parse(body) as unknown });
    response.end(JSON.stringify({ Response: { RequestId: 'r-1', TotalCount: 0, VpcSet: [] } }));
  });
});

beforeEach(() => new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve)));
afterEach(() => new Promise<void>((resolve) => server.close(() => resolve())));

it('calls the service that has the Action, in its version, with what the endpoint says', async () => {
  const { port } = server.address() as AddressInfo;
  const credential = { secretId: 'id', secretKey: 'key', token: 'temporary' };
  const client = new Client({ url: `http://127.0.0.1:${port}`, credential, region: 'north', language: 'zh-CN' });
  const reply = await client.call('DescribeVpcs', { Limit: 5 });
  expectTypeOf<(typeof reply)['VpcSet'][number]['VpcId']>().toEqualTypeOf<`vpc-${string}`>();
  expect(reply).toEqual({ RequestId: 'r-1', TotalCount: 0, VpcSet: [] });
  await client.call('DescribeSystemStatus', {});
  await client.call('GetCallerIdentity', {});
  const told = calls.map(({ headers, body }) => [
    ...[headers['x-tc-action'], headers['x-tc-version'], headers['x-tc-region'], headers['x-tc-language']],
    ...[headers['x-tc-token'], body],
  ]);
  expect(told).toEqual([
    ['DescribeVpcs', '2017-03-12', 'north', 'zh-CN', 'temporary', { Limit: 5 }],
    ['DescribeSystemStatus', '2026-11-01', 'north', 'zh-CN', 'temporary', {}],
    ['GetCallerIdentity', '2018-08-13', 'north', 'zh-CN', 'temporary', {}],
  ]);
});

it('knows no service of an Action that there is not', () => {
  expect(serviceOf('DescribeSystemStatus')).toBe('landbridge');
  expect(() => serviceOf('DeleteEverything')).toThrow('DeleteEverything is no Action');
});

it('takes what the catalogue says, and nothing else', () => {
  const unused = (client: Client) => [
    client.call('CreateVpc', { VpcName: 'a', CidrBlock: '10.0.0.0/16' }),
    // @ts-expect-error a request without its range
    client.call('CreateVpc', { VpcName: 'a' }),
    // @ts-expect-error an id of another kind
    client.call('DeleteVpc', { VpcId: 'subnet-00000001' }),
    // @ts-expect-error an Action that there is not
    client.call('DeleteEverything', {}),
  ];
  expect(unused).toBeTypeOf('function');
});
