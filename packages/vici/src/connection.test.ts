import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import { ViciConnection } from './connection.ts';
import {
  ViciBusyError,
  ViciClosedError,
  ViciCommandError,
  ViciDecodeError,
  ViciOverflowError,
  ViciProtocolError,
  ViciUnknownCommandError,
  ViciUnknownEventError,
} from './errors.ts';
import { viciMessage } from './message.ts';
import type { ViciMessage } from './message.ts';
import { encodePacket } from './packet.ts';
import { event, ScriptedPeer, scriptedConnection } from '../testing/scripted-peer.ts';

/** Lets everything that is ready happen. */
async function settle(): Promise<void> {
  for (let round = 0; round < 5; round += 1) await new Promise((resolve) => setImmediate(resolve));
}

async function readAll<T>(items: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of items) all.push(item);
  return all;
}

const numbers = (messages: readonly ViciMessage[]) => messages.map((message) => message.get('n'));

describe('requests', () => {
  test('give the response', async () => {
    const { connection, peer } = scriptedConnection();
    const answer = connection.request('version', viciMessage({ a: 'b' }));
    expect(await peer.receive()).toEqual({ kind: 'cmd-request', name: 'version', message: viciMessage({ a: 'b' }) });
    peer.respond({ version: '5.9.8' });
    expect((await answer).get('version')).toBe('5.9.8');
  });

  test('success=no is a ViciCommandError with the reason', async () => {
    const { connection, peer } = scriptedConnection();
    const answer = connection.request('load-conn');
    peer.respond({ success: 'no', errmsg: 'invalid value for: version' });
    await expect(answer).rejects.toEqual(
      expect.objectContaining({ name: 'ViciCommandError', command: 'load-conn', reason: 'invalid value for: version' }),
    );
    const other = connection.request('load-conn');
    peer.respond({ success: 'no' });
    await expect(other).rejects.toThrow(ViciCommandError);
  });

  test('an unknown command is its own error, and the connection lives on', async () => {
    const { connection, peer } = scriptedConnection();
    const answer = connection.request('make-coffee');
    peer.send({ kind: 'cmd-unknown' });
    await expect(answer).rejects.toThrow(ViciUnknownCommandError);
    const next = connection.request('version');
    peer.respond();
    await expect(next).resolves.toEqual(new Map());
  });

  test('go out one at a time, in order', async () => {
    const { connection, peer } = scriptedConnection();
    const answers = ['one', 'two', 'three'].map((command) => connection.request(command));
    for (const command of ['one', 'two', 'three']) {
      await peer.expect(`cmd-request ${command}`);
      await settle();
      expect(peer.pending).toEqual([]);
      peer.respond({ to: command });
    }
    expect((await Promise.all(answers)).map((answer) => answer.get('to'))).toEqual(['one', 'two', 'three']);
  });

  test('the queue is bounded', async () => {
    const { connection, peer } = scriptedConnection({ maxWaitingCommands: 1 });
    const running = connection.request('one');
    const waiting = connection.request('two');
    await expect(connection.request('three')).rejects.toThrow(ViciBusyError);
    await peer.expect('cmd-request one');
    peer.respond();
    await peer.expect('cmd-request two');
    peer.respond();
    await Promise.all([running, waiting]);
  });

  test('half frames are put together', async () => {
    const { connection, peer } = scriptedConnection();
    const answer = connection.request('version');
    for (const byte of encodePacket({ kind: 'cmd-response', message: viciMessage({ a: 'b' }) })) {
      peer.sendBytes(Buffer.of(byte));
      await settle();
    }
    expect((await answer).get('a')).toBe('b');
  });
});

describe('aborts', () => {
  const reason = new Error('enough');

  test('before the call: nothing is sent', async () => {
    const { connection, peer } = scriptedConnection();
    const signal = AbortSignal.abort(reason);
    await expect(connection.request('version', undefined, { signal })).rejects.toBe(reason);
    await expect(connection.subscribe('log', () => undefined, { signal })).rejects.toBe(reason);
    await expect(connection.stream('list-sas', 'list-sa', undefined, { signal }).next()).rejects.toBe(reason);
    await settle();
    expect(peer.pending).toEqual([]);
  });

  test('while waiting for the turn: the command is never sent', async () => {
    const { connection, peer } = scriptedConnection();
    const abort = new AbortController();
    const first = connection.request('one');
    const second = connection.request('two', undefined, { signal: abort.signal });
    const third = connection.request('three');
    abort.abort(reason);
    await expect(second).rejects.toBe(reason);
    await peer.expect('cmd-request one');
    peer.respond();
    await peer.expect('cmd-request three');
    peer.respond();
    await Promise.all([first, third]);
  });

  test('during the command: the late answer is not given to the next caller', async () => {
    const { connection, peer } = scriptedConnection();
    const abort = new AbortController();
    const abandoned = connection.request('slow', undefined, { signal: abort.signal });
    await peer.expect('cmd-request slow');
    abort.abort(reason);
    await expect(abandoned).rejects.toBe(reason);
    const next = connection.request('quick');
    await settle();
    expect(peer.pending).toEqual([]); // The turn is still the slow command's.
    peer.respond({ to: 'slow', success: 'no' });
    await peer.expect('cmd-request quick');
    peer.respond({ to: 'quick' });
    expect((await next).get('to')).toBe('quick');
  });

  test('a silent peer holds nobody who has a signal', async () => {
    const { connection } = scriptedConnection();
    const stuck = connection.request('one', undefined, { signal: AbortSignal.timeout(5) });
    const behind = connection.request('two', undefined, { signal: AbortSignal.timeout(10) });
    await expect(stuck).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }));
    await expect(behind).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }));
  });

  test('during a subscription: it is taken back in the same turn', async () => {
    const { connection, peer } = scriptedConnection();
    const abort = new AbortController();
    const subscription = connection.subscribe('log', () => undefined, { signal: abort.signal });
    await peer.expect('event-register log');
    abort.abort(reason);
    await expect(subscription).rejects.toBe(reason);
    const next = connection.request('version');
    peer.send({ kind: 'event-confirm' });
    await peer.expect('event-unregister log');
    peer.send({ kind: 'event-confirm' });
    await peer.expect('cmd-request version');
    peer.respond();
    await next;
  });

  test('of a reason that is no Error', async () => {
    const { connection } = scriptedConnection();
    await expect(connection.request('one', undefined, { signal: AbortSignal.abort('text') })).rejects.toThrow(
      expect.objectContaining({ cause: 'text' }),
    );
  });
});

describe('streams', () => {
  async function openStream(peer: ScriptedPeer): Promise<void> {
    await peer.expect('event-register list-sa');
    peer.send({ kind: 'event-confirm' });
    await peer.expect('cmd-request list-sas');
  }

  async function endStream(peer: ScriptedPeer): Promise<void> {
    peer.respond();
    await peer.expect('event-unregister list-sa');
    peer.send({ kind: 'event-confirm' });
  }

  test('give all events between request and response', async () => {
    const { connection, peer } = scriptedConnection();
    const all = readAll(connection.stream('list-sas', 'list-sa', viciMessage({ ike: 'x' })));
    await openStream(peer);
    peer.send(event('list-sa', { n: '1' }), event('other', { n: '-' }), event('list-sa', { n: '2' }));
    await endStream(peer);
    expect(numbers(await all)).toEqual(['1', '2']);
  });

  test('stopping early drops the rest and leaves the connection in step', async () => {
    const { connection, peer } = scriptedConnection();
    const firstOnly = (async () => {
      for await (const message of connection.stream('list-sas', 'list-sa')) return message.get('n');
      return undefined;
    })();
    await openStream(peer);
    peer.send(event('list-sa', { n: '1' }));
    expect(await firstOnly).toBe('1');
    const next = connection.request('version');
    peer.send(event('list-sa', { n: '2' }));
    await endStream(peer);
    await peer.expect('cmd-request version');
    peer.respond({ to: 'version' });
    expect((await next).get('to')).toBe('version');
  });

  test('an abort releases the reader at once', async () => {
    const { connection, peer } = scriptedConnection();
    const abort = new AbortController();
    const all = readAll(connection.stream('list-sas', 'list-sa', undefined, { signal: abort.signal }));
    await openStream(peer);
    abort.abort(new Error('enough'));
    await expect(all).rejects.toThrow('enough');
    const next = connection.request('version');
    await endStream(peer);
    await peer.expect('cmd-request version');
    peer.respond();
    await next;
  });

  test('the end of the peer in the middle is an error, not a short list', async () => {
    const { connection, peer } = scriptedConnection();
    const all = readAll(connection.stream('list-sas', 'list-sa'));
    await openStream(peer);
    peer.send(event('list-sa', { n: '1' }));
    peer.end();
    await expect(all).rejects.toThrow(ViciClosedError);
  });

  test('an unknown event or command is an error, and the event is unregistered', async () => {
    const { connection, peer } = scriptedConnection();
    const noEvent = connection.stream('list-sas', 'list-sa').next();
    peer.send({ kind: 'event-unknown' });
    await expect(noEvent).rejects.toThrow(ViciUnknownEventError);
    await peer.expect('event-register list-sa');
    const noCommand = connection.stream('list-sas', 'list-sa').next();
    await openStream(peer);
    peer.send({ kind: 'cmd-unknown' });
    await peer.expect('event-unregister list-sa');
    peer.send({ kind: 'event-confirm' });
    await expect(noCommand).rejects.toThrow(ViciUnknownCommandError);
  });

  test('a flood beyond the buffer is an error, never a loss', async () => {
    const { connection, peer } = scriptedConnection({ maxQueuedEvents: 10 });
    const stream = connection.stream('list-sas', 'list-sa');
    const first = stream.next();
    await openStream(peer);
    peer.send(event('list-sa', { n: '0' }));
    expect((await first).done).toBe(false);
    peer.send(...Array.from({ length: 11 }, (_, index) => event('list-sa', { n: index.toString() })));
    await settle();
    await expect(stream.next()).rejects.toThrow(ViciOverflowError);
    await endStream(peer);
    const next = connection.request('version');
    await peer.expect('cmd-request version');
    peer.respond();
    await next;
  });
});

describe('subscriptions', () => {
  test('hear events at any time, the ones right behind the confirmation too', async () => {
    const { connection, peer } = scriptedConnection();
    const heard: unknown[] = [];
    const subscription = connection.subscribe('log', (message) => heard.push(message.get('n')));
    await peer.expect('event-register log');
    peer.send({ kind: 'event-confirm' }, event('log', { n: '1' }));
    const unsubscribe = await subscription;
    const answer = connection.request('version');
    await peer.expect('cmd-request version');
    peer.send(event('log', { n: '2' }), { kind: 'cmd-response', message: new Map() }, event('log', { n: '3' }));
    await answer;
    const gone = unsubscribe();
    await peer.expect('event-unregister log');
    peer.send({ kind: 'event-confirm' });
    await gone;
    peer.send(event('log', { n: 'nobody listens' }));
    await unsubscribe();
    expect(heard).toEqual(['1', '2', '3']);
    expect(peer.pending).toEqual([]);
  });

  test('several on one event register it once', async () => {
    const { connection, peer } = scriptedConnection();
    const heard: string[] = [];
    const first = connection.subscribe('log', () => heard.push('first'));
    const second = connection.subscribe('log', () => heard.push('second'));
    await peer.expect('event-register log');
    peer.send({ kind: 'event-confirm' });
    const undo = await Promise.all([first, second]);
    peer.send(event('log', {}));
    await settle();
    expect(heard).toEqual(['first', 'second']);
    await undo[0]();
    expect(peer.pending).toEqual([]);
    const gone = undo[1]();
    await peer.expect('event-unregister log');
    peer.send({ kind: 'event-confirm' });
    await gone;
  });

  test('an unknown event is refused and can be tried again', async () => {
    const { connection, peer } = scriptedConnection();
    for (let round = 0; round < 2; round += 1) {
      const subscription = connection.subscribe('alert', () => undefined);
      await peer.expect('event-register alert');
      peer.send({ kind: 'event-unknown' });
      await expect(subscription).rejects.toThrow(ViciUnknownEventError);
    }
  });

  test('a handler that throws closes the connection with its error', async () => {
    const { connection, peer } = scriptedConnection();
    const bug = new Error('bug in the handler');
    const subscription = connection.subscribe('log', () => {
      throw bug;
    });
    peer.send({ kind: 'event-confirm' }, event('log', {}));
    await subscription;
    expect(await connection.closed).toBe(bug);
  });
});

describe('the end', () => {
  test('of the peer is an error of running, waiting and later calls at once', async () => {
    const { connection, peer } = scriptedConnection();
    const running = connection.request('one');
    const waiting = connection.request('two');
    const subscribing = connection.subscribe('log', () => undefined);
    await peer.expect('cmd-request one');
    peer.end();
    for (const call of [running, waiting, subscribing]) await expect(call).rejects.toThrow(ViciClosedError);
    await expect(connection.request('three')).rejects.toThrow(ViciClosedError);
    await expect(connection.stream('list-sas', 'list-sa').next()).rejects.toThrow(ViciClosedError);
    expect(await connection.closed).toBeInstanceOf(ViciClosedError);
  });

  test('by a socket error keeps the cause', async () => {
    const { connection, peer } = scriptedConnection();
    const answer = connection.request('one');
    peer.fail(new Error('reset'));
    await expect(answer).rejects.toThrow(ViciClosedError);
    expect(await connection.closed).toBeInstanceOf(Error);
  });

  test('by close() is no error for `closed`, but for the calls', async () => {
    const { connection } = scriptedConnection();
    const answer = connection.request('one');
    connection.close();
    await expect(answer).rejects.toThrow(ViciClosedError);
    expect(await connection.closed).toBeUndefined();
  });

  test('unsubscribing after it is quiet', async () => {
    const { connection, peer } = scriptedConnection();
    const subscription = connection.subscribe('log', () => undefined);
    peer.send({ kind: 'event-confirm' });
    const unsubscribe = await subscription;
    peer.end();
    await connection.closed;
    await unsubscribe();
  });

  test.each([
    ['an oversized frame', Buffer.from([0, 8, 0, 1]), ViciProtocolError],
    ['an HTTP server', Buffer.from('HTTP/1.1 400 Bad Request\r\n\r\n'), ViciProtocolError],
    ['an unknown packet type', Buffer.from([0, 0, 0, 1, 99]), ViciProtocolError],
    ['a garbled message', Buffer.from([0, 0, 0, 2, 1, 9]), ViciDecodeError],
    ['a request from the peer', encodePacket({ kind: 'event-register', name: 'x' }), ViciProtocolError],
    ['an answer of the wrong kind', encodePacket({ kind: 'event-confirm' }), ViciProtocolError],
  ])('by %s is seen by the caller', async (_, bytes, errorClass) => {
    const { connection, peer } = scriptedConnection();
    const answer = connection.request('one');
    await peer.expect('cmd-request one');
    peer.sendBytes(bytes);
    await expect(answer).rejects.toThrow(Error);
    expect(await connection.closed).toBeInstanceOf(errorClass);
    const later = await connection.request('two').catch((error: unknown) => error as Error);
    expect(later).toBeInstanceOf(ViciClosedError);
    expect((later as Error).cause).toBeInstanceOf(errorClass);
  });

  test('by an answer nobody asked for', async () => {
    const { connection, peer } = scriptedConnection();
    peer.respond();
    expect(await connection.closed).toBeInstanceOf(ViciProtocolError);
  });
});

describe('unix sockets', () => {
  test('a missing socket is a ViciClosedError with the cause', async () => {
    const missing = await ViciConnection.open('/nonexistent/charon.vici').catch((error: unknown) => error as Error);
    expect(missing).toBeInstanceOf(ViciClosedError);
    expect((missing as Error).cause).toHaveProperty('code', 'ENOENT');
    const reason = new Error('enough');
    await expect(ViciConnection.open('/nonexistent', { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
  });

  test('open, ask, close', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'vici-'));
    const socketPath = join(folder, 'v');
    const server = createServer((socket) => {
      const peer = new ScriptedPeer(socket);
      void peer.receive().then(() => peer.respond({ version: 'x' }));
    });
    try {
      await new Promise<void>((resolve) => server.listen(socketPath, resolve));
      const connection = await ViciConnection.open(socketPath);
      expect((await connection.request('version')).get('version')).toBe('x');
      connection.close();
    } finally {
      server.close();
      rmSync(folder, { recursive: true });
    }
  });
});

test('neither the connection nor its errors show what was sent', async () => {
  const secret = 'correct horse battery staple';
  const { connection, peer } = scriptedConnection();
  const refused = connection.request('load-shared', viciMessage({ data: secret }));
  peer.respond({ success: 'no', errmsg: 'no' });
  const running = connection.request('load-shared', viciMessage({ data: secret }));
  const waiting = connection.request('load-shared', viciMessage({ data: secret }));
  const shown = [inspect(connection, { depth: Infinity, showHidden: true })];
  const collect = (error: unknown) => shown.push(inspect(error, { depth: Infinity, showHidden: true }));
  await refused.catch(collect);
  peer.sendBytes(Buffer.from('garbage'));
  await Promise.all([running.catch(collect), waiting.catch(collect)]);
  await connection.request('load-shared', viciMessage({ data: secret.repeat(10_000) })).catch(collect);
  expect(shown).toHaveLength(5);
  for (const text of shown) {
    expect(text).not.toContain(secret);
    expect(text).not.toContain(Buffer.from(secret).toString('hex').slice(0, 20));
  }
});
