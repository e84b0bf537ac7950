import { once } from 'node:events';
import { connect } from 'node:net';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startHarness, type ApiHarness } from '../../testing/api-harness.ts';
import { mostHeaderBytes } from '../api/protocol/request-bounds.ts';

let api: ApiHarness;
let port: number;
beforeAll(async () => {
  api = await startHarness();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = api.app.server.address() as AddressInfo);
});
afterAll(() => api.close());

/** Everything that is answered until the connection is closed. */
async function exchange(text: string): Promise<string> {
  const socket = connect(port, '127.0.0.1');
  let answer = '';
  socket.on('data', (part: Buffer) => (answer += part.toString()));
  socket.on('error', () => undefined);
  socket.write(text);
  await once(socket, 'close');
  return answer;
}

test.each([
  ['400 Bad Request', 'hello\r\n\r\n', 'not HTTP'],
  [
    '400 Bad Request',
    'POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n',
    'not HTTP',
  ],
  [
    '431 Request Header Fields Too Large',
    `GET / HTTP/1.1\r\nHost: x\r\nX-Long: ${'x'.repeat(mostHeaderBytes)}\r\n\r\n`,
    'too large',
  ],
  ['417 Expectation Failed', 'POST / HTTP/1.1\r\nHost: x\r\nExpect: a-miracle\r\nContent-Length: 2\r\n\r\n', 'Expect'],
  [
    '417 Expectation Failed',
    'POST / HTTP/1.1\r\nHost: x\r\nX-TC-Language: zh-CN\r\nExpect: a-miracle\r\nContent-Length: 2\r\n\r\n',
    '不支持其他',
  ],
])('%s has the envelope of the API', async (status, request, mention) => {
  const answer = await exchange(request);
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`);
  expect(head).toMatch(/\r\ncontent-type: application\/json(\r|$)/i);
  const { Response } = JSON.parse(body) as {
    Response: { Error: { Code: string; Message: string }; RequestId: string };
  };
  expect(Response.Error).toEqual({ Code: 'InvalidRequest', Message: expect.stringContaining(mention) as string });
  expect(Response.RequestId).toMatch(/^[0-9a-f-]{36}$/);
});
