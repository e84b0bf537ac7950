import { createServer, type IncomingMessage, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import { expect, it } from 'vitest';
import { guardedPost } from './post.ts';

const anywhere = { allows: () => true };
const nowhere = { allows: () => false };
const never = new AbortController().signal;

async function withServer(
  answer: RequestListener,
  use: (url: string, heard: IncomingMessage[]) => Promise<void>,
): Promise<void> {
  const heard: IncomingMessage[] = [];
  const server = createServer((request, response) => {
    heard.push(request);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  try {
    await use(`http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`, heard);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}

it('sends body and headers once, and is content with 2xx alone', async () => {
  const bodies: Promise<string>[] = [];
  await withServer(
    (request, response) => {
      bodies.push(text(request));
      response.writeHead(request.url === '/hook' ? 204 : 500).end();
    },
    async (url, heard) => {
      const post = { url, body: '{"a":1}', headers: { 'Content-Type': 'application/json', 'X-A': 'b' } };
      await guardedPost(anywhere)(post, never);
      expect(await bodies[0]).toBe('{"a":1}');
      expect(heard[0]?.headers).toMatchObject({ 'x-a': 'b', 'content-length': '7' });
      await expect(guardedPost(anywhere)({ ...post, url: `${url}/other` }, never)).rejects.toThrow('it answered 500');
    },
  );
});

it('follows no redirect', async () => {
  await withServer(
    (_, response) => response.writeHead(302, { Location: '/elsewhere' }).end(),
    async (url, heard) => {
      await expect(guardedPost(anywhere)({ url, body: '', headers: {} }, never)).rejects.toThrow('it answered 302');
      expect(heard).toHaveLength(1);
    },
  );
});

it('calls no address that may not be told, written as it is or behind a name', async () => {
  await withServer(
    (_, response) => response.writeHead(200).end(),
    async (url, heard) => {
      const send = guardedPost(nowhere);
      await expect(send({ url, body: '', headers: {} }, never)).rejects.toThrow('127.0.0.1 is an address of the host');
      const named = url.replace('127.0.0.1', 'localhost');
      await expect(send({ url: named, body: '', headers: {} }, never)).rejects.toThrow('is an address of the host');
      expect(heard).toHaveLength(0);
      // The name itself leads there.
      await guardedPost({ allows: (address) => address === '127.0.0.1' || address === '::1' })(
        { url: named, body: '', headers: {} },
        never,
      );
      expect(heard).toHaveLength(1);
    },
  );
});

it('ends when the service does', async () => {
  await withServer(
    () => undefined,
    async (url, heard) => {
      const ends = new AbortController();
      const sent = guardedPost(anywhere)({ url, body: '', headers: {} }, ends.signal);
      while (heard.length === 0) await new Promise((resolve) => setImmediate(resolve));
      ends.abort(new Error('over'));
      await expect(sent).rejects.toThrow('over');
    },
  );
});
