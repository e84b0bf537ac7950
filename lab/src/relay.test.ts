import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { connect, createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { relay } from './relay.ts';

// As the demo has it: TCP, a Unix socket, TCP.

let folder: string;
const servers: Server[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'relay-'));
});
afterEach(async () => {
  for (const server of servers.splice(0)) server.close();
  await rm(folder, { recursive: true });
});

const portOf = (server: Server): number => (server.address() as AddressInfo).port;

/** Returns the socket of somebody who comes to its one end. */
async function comeTo(onArrival: (socket: Socket) => void): Promise<Socket> {
  const host = '127.0.0.1';
  const target = createServer({ allowHalfOpen: true }, onArrival);
  target.listen({ host, port: 0 });
  await once(target, 'listening');
  const path = join(folder, 'socket');
  const inner = await relay({ path }, { host, port: portOf(target) });
  const outer = await relay({ host, port: 0 }, { path });
  servers.push(target, inner, outer);
  return connect({ host, port: portOf(outer), allowHalfOpen: true });
}

it('passes on what either end says, also after the other has said all', async () => {
  const visitor = await comeTo((socket) => void text(socket).then((heard) => socket.end(`heard ${heard}`)));
  visitor.end('x'.repeat(300_000));
  expect(await text(visitor)).toBe(`heard ${'x'.repeat(300_000)}`);
});

it('tells one end that the other is gone', async () => {
  const arrived = Promise.withResolvers<Socket>();
  const visitor = await comeTo((socket) => arrived.resolve(socket));
  const socket = await arrived.promise;
  socket.on('error', () => undefined);
  visitor.resetAndDestroy();
  await once(socket.resume(), 'end');
  socket.end();
  await once(socket, 'close');
});

it('ends what nobody takes', async () => {
  const server = await relay({ host: '127.0.0.1', port: 0 }, { path: join(folder, 'nobody') });
  servers.push(server);
  const visitor = connect({ host: '127.0.0.1', port: portOf(server) });
  visitor.on('error', () => undefined);
  await once(visitor.resume(), 'close');
});
