import { once } from 'node:events';
import { connect, type AddressInfo, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { startHarness, type ApiHarness, type WireError } from '../../../testing/api-harness.ts';
import { boundConnections } from '../../http/connection-bound.ts';
import { IncomingBody } from './incoming-body.ts';
import {
  deepestNesting,
  mostDroppedBytes,
  mostFormBytes,
  mostHeaderBytes,
  mostQueryBytes,
  mostValues,
  requestTimes,
  sliceParts,
  unprovenBodies,
} from './request-bounds.ts';
import { UnprovenBytes } from './unproven-bytes.ts';

/** Over real sockets: when something is answered matters as much as what. */
let api: ApiHarness;
let port: number;
const sockets: Socket[] = [];
beforeEach(async () => {
  api = await startHarness();
  await api.app.listen({ host: '127.0.0.1', port: 0 });
  ({ port } = api.app.server.address() as AddressInfo);
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await api.close();
});

interface Exchange {
  readonly socket: Socket;
  /** The error of the first answer. */
  readonly error: Promise<WireError>;
  readonly received: () => string;
}

function send(...parts: (string | Buffer)[]): Exchange {
  const socket = connect(port, '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  let text = '';
  const error = new Promise<WireError>((resolve, reject) => {
    socket.on('data', (data: Buffer) => {
      text += data.toString('latin1');
      const answer = /"Response":{"Error":({.*?}),"RequestId":/.exec(text)?.[1];
      if (answer !== undefined) resolve(JSON.parse(answer) as WireError);
    });
    socket.on('close', () => reject(new Error(`closed after "${text.slice(0, 200)}"`)));
  });
  error.catch(() => undefined);
  for (const part of parts) socket.write(part);
  return { socket, error, received: () => text };
}

const authorization = (secretId: string) =>
  `TC3-HMAC-SHA256 Credential=${secretId}/2026-11-22/vpc/tc3_request, SignedHeaders=content-type;host, Signature=${'0'.repeat(64)}`;

/** Headers of a JSON call with a wrong signature; the body is the test's. */
function jsonHeaders(length: string, more: { action?: string; secretId?: string; contentType?: string } = {}): string {
  const { action = 'DescribeVpcs', secretId = api.admin.secretId, contentType = 'application/json' } = more;
  return [
    'POST / HTTP/1.1',
    'Host: localhost',
    `Content-Type: ${contentType}`,
    `X-TC-Action: ${action}`,
    'X-TC-Version: 2017-03-12',
    `X-TC-Timestamp: ${Math.floor(api.clock.now() / 1000)}`,
    `Authorization: ${authorization(secretId)}`,
    length,
    '\r\n',
  ].join('\r\n');
}

const formHeaders = (length: string) =>
  `POST / HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/x-www-form-urlencoded\r\n${length}\r\n\r\n`;
const chunk = (data: Buffer) =>
  Buffer.concat([Buffer.from(`${data.length.toString(16)}\r\n`), data, Buffer.from('\r\n')]);
const codeOf = async ({ error }: Exchange) => (await error).Code;

describe('sizes', () => {
  const mebibyte = 1024 * 1024;

  it('are refused by what the headers say, before the body comes', async () => {
    expect(await codeOf(send(jsonHeaders(`Content-Length: ${mebibyte + 1}`)))).toBe('RequestSizeLimitExceeded');
    expect(await codeOf(send(formHeaders(`Content-Length: ${mostFormBytes + 1}`)))).toBe('RequestSizeLimitExceeded');
  });

  it('are counted where no header says them, and the connection is closed', async () => {
    for (const headers of [jsonHeaders('Transfer-Encoding: chunked'), formHeaders('Transfer-Encoding: chunked')]) {
      const exchange = send(headers, chunk(Buffer.alloc(mebibyte, 0x20)), chunk(Buffer.from('  ')));
      expect(await codeOf(exchange)).toBe('RequestSizeLimitExceeded');
      if (!exchange.socket.closed) await once(exchange.socket, 'close');
    }
    const whole = [chunk(Buffer.alloc(mebibyte - 2, 0x20)), chunk(Buffer.from('{}')), '0\r\n\r\n'];
    const exchange = send(jsonHeaders('Transfer-Encoding: chunked'), ...whole);
    expect(await codeOf(exchange)).toBe('AuthFailure.SignatureFailure');
  });

  it('are taken up to the bound', async () => {
    const json = Buffer.alloc(mebibyte, 0x20);
    expect(await codeOf(send(jsonHeaders(`Content-Length: ${json.length}`), json))).toBe(
      'AuthFailure.SignatureFailure',
    );
    const form = Buffer.from(`Action=DescribeVpcs&Version=2017-03-12`.padEnd(mostFormBytes, '&A'));
    expect((await send(formHeaders(`Content-Length: ${form.length}`), form).error).Code).toBe('InvalidRequest');
  });

  it('of a query are bounded, and so are headers', async () => {
    const query = (length: number) => `GET /?${'x'.repeat(length)} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
    expect(await codeOf(send(query(mostQueryBytes)))).not.toBe('RequestSizeLimitExceeded');
    expect(await codeOf(send(query(mostQueryBytes + 1)))).toBe('RequestSizeLimitExceeded');
    const { socket } = send(`GET / HTTP/1.1\r\nHost: localhost\r\nX: ${'x'.repeat(mostHeaderBytes)}\r\n\r\n`);
    if (!socket.closed) await once(socket, 'close');
  });

  it('of JSON are a setting', async () => {
    const small = await startHarness({ mostJsonBytes: 100 });
    try {
      expect(await small.fail('DescribeVpcs', {}, { body: ' '.repeat(101) })).toMatchObject({
        Code: 'RequestSizeLimitExceeded',
        Message: 'The request is larger than 100 bytes.',
      });
      await small.succeed('DescribeVpcs', {}, { body: `{}${' '.repeat(98)}` });
    } finally {
      await small.close();
    }
  });

  it('leave the connection to the next call when what is left of a body is small', async () => {
    const body = Buffer.alloc(2 * mebibyte, 0x20);
    const { socket, error, received } = send(formHeaders(`Content-Length: ${body.length}`));
    expect((await error).Code).toBe('RequestSizeLimitExceeded');
    socket.write(body);
    socket.write('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    await expect.poll(received).toContain('MissingParameter');
    const { socket: greedy } = send(formHeaders(`Content-Length: ${mostDroppedBytes + 1}`));
    if (!greedy.closed) await once(greedy, 'close');
  });
});

describe('a body', () => {
  it.each([
    ['of a key that does not exist', 'AuthFailure.SecretIdNotFound', { secretId: 'AKID0000000000000000' }],
    ['of a key that is none', 'AuthFailure.InvalidSecretId', { secretId: 'someone' }],
    ['for an Action that does not exist', 'InvalidAction', { action: 'DescribeMoon' }],
    ['that is no JSON', 'InvalidRequest', { contentType: 'text/plain' }],
  ])('%s is not waited for', async (_name, code, more) => {
    expect(await codeOf(send(jsonHeaders('Content-Length: 1000', more)))).toBe(code);
  });

  it('is counted as it comes: what is too much is refused before its end', async () => {
    const open = (text: string) => codeOf(send(jsonHeaders('Content-Length: 1000000'), text));
    expect(await open('['.repeat(deepestNesting + 1))).toBe('InvalidRequest');
    expect(await open(`[${'1,'.repeat(mostValues)}`)).toBe('InvalidRequest');
    expect(await open(`{${'"a":1,'.repeat(mostValues)}`)).toBe('InvalidRequest');
  });

  it('of so many values and so deep is still taken', async () => {
    const values = (count: number) => `{"VpcIds":[${'1,'.repeat(count - 3)}1]}`;
    const tooMany = await api.fail('DescribeVpcs', {}, { body: values(mostValues + 1) });
    expect(tooMany).toMatchObject({
      Code: 'InvalidRequest',
      Message: expect.stringContaining(`${mostValues} values`) as string,
    });
    expect((await api.fail('DescribeVpcs', {}, { body: values(mostValues) })).Code).not.toBe('InvalidRequest');
    const nested = (depth: number) => `{"Filters":${'['.repeat(depth - 1)}${']'.repeat(depth - 1)}}`;
    const tooDeep = await api.fail('DescribeVpcs', {}, { body: nested(deepestNesting + 1) });
    expect(tooDeep).toMatchObject({
      Code: 'InvalidRequest',
      Message: expect.stringContaining('deeper than 12') as string,
    });
    expect((await api.fail('DescribeVpcs', {}, { body: nested(deepestNesting) })).Code).not.toBe('InvalidRequest');
  });

  it('in single bytes is read in slices, and is one text again', { timeout: 30_000 }, async () => {
    const text = `Action=DescribeVpcs&Signature=x&${'n'.repeat(200)}=${'v'.repeat(20_000)}`;
    let turns = 0;
    let isRead = false;
    let received = '';
    api.app.server.removeAllListeners('request');
    api.app.server.on('request', (message, response) => {
      const count = () => {
        turns += 1;
        if (!isRead) setImmediate(count);
      };
      setImmediate(count);
      const body = new IncomingBody(message);
      const reading = body.read({ limit: text.length, unproven: new UnprovenBytes(text.length) });
      const end = (bytes: Buffer) => {
        isRead = true;
        received = bytes.toString();
        response.end();
      };
      void reading.then(end, () => end(Buffer.alloc(0)));
    });
    const chunks = Buffer.concat(Array.from(Buffer.from(text), (byte) => chunk(Buffer.of(byte))));
    send(formHeaders('Transfer-Encoding: chunked'), chunks, '0\r\n\r\n');
    await expect.poll(() => received.length, { timeout: 20_000 }).toBe(text.length);
    expect(received === text).toBe(true);
    expect(turns).toBeGreaterThanOrEqual(Math.floor(text.length / sliceParts));
  });

  it('that breaks off is over, and counts no more', async () => {
    const unproven = new UnprovenBytes(1000);
    let ended: Promise<unknown> | undefined;
    api.app.server.removeAllListeners('request');
    api.app.server.on('request', (message) => {
      const body = new IncomingBody(message);
      ended = body.read({ limit: 1000, unproven }).catch((error: unknown) => {
        body.release();
        return error;
      });
    });
    const { socket } = send(formHeaders('Content-Length: 100'), 'A=1');
    await expect.poll(() => unproven.total).toBe(3);
    socket.destroy();
    await expect.poll(() => unproven.total).toBe(0);
    expect(await ended).toMatchObject({ reason: 'request-malformed' });
  });
});

describe('bodies of strangers', () => {
  it('that are too many at once give way, the first one first, and nobody else is held up', async () => {
    const part = Buffer.concat([Buffer.from('A='), Buffer.alloc(mostFormBytes - 3, 0x61)]);
    const slow: Exchange[] = [];
    for (let index = 0; index < unprovenBodies + 2; index++) {
      const exchange = send(formHeaders(`Content-Length: ${mostFormBytes}`), part);
      slow.push(exchange);
      // One after the other, so that it is known who came first.
      await once(exchange.socket, 'connect');
      if (exchange.socket.writableLength > 0) await once(exchange.socket, 'drain');
    }
    expect(await codeOf(slow[0]!)).toBe('RequestLimitExceeded');
    expect(await codeOf(slow[1]!)).toBe('RequestLimitExceeded');
    expect(await codeOf(send(formHeaders('Content-Length: 8'), 'Action=A'))).toBe('AuthFailure.InvalidAuthorization');
    expect(await codeOf(send(jsonHeaders('Content-Length: 2'), '{}'))).toBe('AuthFailure.SignatureFailure');
    await api.succeed('DescribeVpcs');
  });
});

describe('connections', () => {
  it('that say nothing are closed', () => {
    const { headersTimeout, requestTimeout, keepAliveTimeout } = api.app.server;
    expect({ headersTimeout, requestTimeout, keepAliveTimeout }).toEqual({
      headersTimeout: requestTimes.headersMs,
      requestTimeout: requestTimes.wholeMs,
      keepAliveTimeout: requestTimes.idleMs,
    });
  });

  it('that are too many make the oldest one go', async () => {
    boundConnections(api.app.server, 3);
    const first = send();
    await once(first.socket, 'connect');
    const others = [send(), send()];
    for (const { socket } of others) await once(socket, 'connect');
    const last = send('GET / HTTP/1.1\r\nHost: localhost\r\n\r\n');
    expect(await codeOf(last)).toBe('MissingParameter');
    await expect(first.error).rejects.toThrow('closed');
    expect(others.map(({ socket }) => socket.closed)).toEqual([false, false]);
  });
});
