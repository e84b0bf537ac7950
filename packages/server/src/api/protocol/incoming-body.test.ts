import { once } from 'node:events';
import { createServer, type IncomingMessage } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { expect, it } from 'vitest';
import { IncomingBody } from './incoming-body.ts';
import { UnprovenBytes } from './unproven-bytes.ts';

it('a body whose sender is gone before it is read is refused, and nobody waits for it', async () => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    const sender = connect((server.address() as AddressInfo).port, '127.0.0.1');
    sender.write('POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf');
    const [message] = (await once(server, 'request')) as [IncomingMessage];
    const body = new IncomingBody(message);
    const closed = once(message, 'close').catch(() => undefined);
    message.on('error', () => undefined);
    sender.destroy();
    await closed;
    const unproven = new UnprovenBytes(1000);
    await expect(body.read({ limit: 1000, unproven })).rejects.toThrow('request-malformed');
    body.release();
    expect(unproven.total).toBe(0);
  } finally {
    server.close();
  }
}, 2000);
