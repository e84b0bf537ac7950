/** The typed layer against a scripted peer on a unix socket; what a real charon says is in charon.real.test.ts. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import type { Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inspect } from 'node:util';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { decodeCharonEvent } from './charon-event.ts';
import { connectCharon } from './charon.ts';
import type { Charon } from './charon.ts';
import { ViciClosedError, ViciDecodeError, ViciEncodeError, ViciOverflowError } from './errors.ts';
import { viciMessage } from './message.ts';
import type { ViciElement, ViciMessage } from './message.ts';
import { event, ScriptedPeer } from '../testing/scripted-peer.ts';

const ikeSaFields = {
  uniqueid: '7',
  version: '2',
  state: 'ESTABLISHED',
  'local-host': '192.0.2.1',
  'local-port': '4500',
  'local-id': 'a.example.org',
  'remote-host': '2001:db8::2',
  'remote-port': '500',
  'remote-id': 'b.example.org',
  'initiator-spi': '5fad6fca36ac968b',
  'responder-spi': '1a56951a0f2d7975',
};
const childSaFields = { name: 'net', uniqueid: '3', reqid: '1', state: 'INSTALLING', mode: 'TUNNEL' };
const ikeSa = (fields: Record<string, ViciElement> = {}) => viciMessage({ ...ikeSaFields, ...fields });

describe('events', () => {
  test('log', () => {
    const message = viciMessage({ group: 'IKE', level: '1', thread: '9', msg: 'hello' });
    expect(decodeCharonEvent('log', message)).toEqual({
      kind: 'log',
      group: 'IKE',
      level: 1,
      thread: 9,
      ikeSaName: undefined,
      ikeSaUniqueId: undefined,
      text: 'hello',
    });
  });

  test('a log text that is no UTF-8 is read as Latin-1', () => {
    const message = viciMessage({ group: 'IKE', level: '1', thread: '9', msg: Buffer.from([0x63, 0xe9]) });
    expect(decodeCharonEvent('log', message)).toMatchObject({ text: 'cé' });
  });

  test('ike-update has both the new and the old endpoints', () => {
    const message = viciMessage({
      'local-host': '192.0.2.9',
      'local-port': '4500',
      'remote-host': '192.0.2.8',
      'remote-port': '4501',
      conn: ikeSa(),
    });
    expect(decodeCharonEvent('ike-update', message)).toMatchObject({
      localHost: '192.0.2.9',
      remotePort: 4501,
      ikeSa: { name: 'conn', localHost: '192.0.2.1', role: 'responder', isNatAny: false },
    });
  });

  test('a CHILD_SA that is not installed yet has no SPIs, and new states do not blind us', () => {
    const children = viciMessage({ 'net-3': viciMessage({ ...childSaFields, state: 'PONDERING' }) });
    const message = viciMessage({ up: 'yes', conn: ikeSa({ 'child-sas': children, state: 'DREAMING' }) });
    expect(decodeCharonEvent('child-updown', message)).toMatchObject({
      isUp: true,
      ikeSa: { state: 'UNKNOWN' },
      childSa: { state: 'UNKNOWN', installed: undefined, localTs: [] },
    });
  });

  test.each<[string, ViciMessage, string]>([
    ['no section', viciMessage({ up: 'yes' }), 'exactly one section'],
    ['two sections', viciMessage({ a: ikeSa(), b: ikeSa() }), 'exactly one section'],
    ['missing field', viciMessage({ conn: viciMessage({ uniqueid: '1' }) }), '"version" is missing'],
    ['not a number', viciMessage({ conn: ikeSa({ uniqueid: '0x7' }) }), '"uniqueid" is not a decimal integer'],
    ['a list for a value', viciMessage({ conn: ikeSa({ 'local-host': ['x'] }) }), '"local-host" is not a value'],
    ['a value for a list', viciMessage({ conn: ikeSa({ 'local-vips': 'x' }) }), '"local-vips" is not a list'],
    ['a value for a section', viciMessage({ conn: ikeSa({ 'child-sas': 'x' }) }), '"child-sas" is not a section'],
    ['not hexadecimal', viciMessage({ conn: ikeSa({ 'if-id-in': '123456789' }) }), '"if-id-in" is not a hexadecimal'],
  ])('refuses %s', (_, message, reason) => {
    expect(() => decodeCharonEvent('ike-updown', message)).toThrow(ViciDecodeError);
    expect(() => decodeCharonEvent('ike-updown', message)).toThrow(reason);
  });
});

describe('over a socket', () => {
  let folder: string;
  let server: Server;
  let charon: Charon;
  /** In order of connection: commands, events, then one for each waiting command. */
  let peers: ScriptedPeer[];
  let onPeer: () => void;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'vici-'));
    peers = [];
    onPeer = () => undefined;
    server = createServer((socket) => {
      peers.push(new ScriptedPeer(socket));
      onPeer();
    });
    await new Promise<void>((resolve) => server.listen(join(folder, 'v'), resolve));
    charon = await connectCharon(join(folder, 'v'), { maxQueuedEvents: 4 });
    await peer(1);
  });
  afterEach(() => {
    charon.close();
    server.close();
    rmSync(folder, { recursive: true });
  });

  async function peer(index: number): Promise<ScriptedPeer> {
    for (;;) {
      const found = peers[index];
      if (found) return found;
      await new Promise<void>((resolve) => (onPeer = resolve));
    }
  }

  async function openEvents(maxQueuedEvents?: number) {
    const opening = charon.events(['ike-updown', 'log'], { maxQueuedEvents });
    const source = await peer(1);
    for (const name of ['ike-updown', 'log']) {
      await source.expect(`event-register ${name}`);
      source.send({ kind: 'event-confirm' });
    }
    return { source, events: await opening };
  }

  async function closeEvents(source: ScriptedPeer): Promise<void> {
    for (const name of ['ike-updown', 'log']) {
      await source.expect(`event-unregister ${name}`);
      source.send({ kind: 'event-confirm' });
    }
  }

  test('events come in order, and leaving the loop unregisters them', async () => {
    const { source, events } = await openEvents();
    source.send(event('ike-updown', { conn: ikeSa() }), event('log', { group: 'X', level: '0', thread: '0', msg: '' }));
    const closing = closeEvents(source);
    const kinds: string[] = [];
    for await (const { kind } of events) {
      kinds.push(kind);
      if (kinds.length === 2) break;
    }
    await closing;
    expect(kinds).toEqual(['ike-updown', 'log']);
  });

  test('a garbled event is an error of its reader alone', async () => {
    const { source, events } = await openEvents();
    source.send(event('ike-updown', { conn: viciMessage({}) }));
    const closing = closeEvents(source);
    await expect(events[Symbol.asyncIterator]().next()).rejects.toThrow(ViciDecodeError);
    await closing;
    const version = charon.version().catch((error: unknown) => error);
    (await peer(0)).respond();
    expect(await version).toBeInstanceOf(ViciDecodeError);
  });

  test('more events than the buffer holds are an error', async () => {
    const { source, events } = await openEvents(2);
    source.send(...Array.from({ length: 3 }, () => event('ike-updown', { conn: ikeSa() })));
    // One exchange later all three have arrived.
    const more = charon.on(['ike-rekey'], () => undefined);
    await source.expect('event-register ike-rekey');
    source.send({ kind: 'event-confirm' });
    await more;
    const closing = closeEvents(source);
    await expect(events[Symbol.asyncIterator]().next()).rejects.toThrow(ViciOverflowError);
    await closing;
  });

  test('a subscription that is refused halfway is taken back whole', async () => {
    const opening = charon.on(['ike-updown', 'log'], () => undefined);
    const source = await peer(1);
    await source.expect('event-register ike-updown');
    source.send({ kind: 'event-confirm' });
    await source.expect('event-register log');
    source.send({ kind: 'event-unknown' });
    await source.expect('event-unregister ike-updown');
    source.send({ kind: 'event-confirm' });
    await expect(opening).rejects.toThrow('log');
  });

  test('an error of a handler ends everything', async () => {
    const bug = new Error('bug in the handler');
    const opening = charon.on(['log'], () => {
      throw bug;
    });
    const source = await peer(1);
    await source.expect('event-register log');
    const line = event('log', { group: 'X', level: '0', thread: '0', msg: '' });
    source.send({ kind: 'event-confirm' }, line);
    await opening;
    expect(await charon.closed).toBe(bug);
    await expect(charon.version()).rejects.toThrow(ViciClosedError);
  });

  test('a command that waits has a connection of its own, closed by its end or its abort', async () => {
    const waiting = charon.initiate({ child: 'net', timeoutMs: 1000 });
    const line = await peer(2);
    expect(await line.expect('cmd-request initiate')).toMatchObject({
      message: viciMessage({ child: 'net', timeout: '1000' }),
    });
    line.respond({ success: 'yes' });
    await waiting;

    const abort = new AbortController();
    const aborted = charon.terminate({ ikeId: 7, timeoutMs: 0 }, { signal: abort.signal });
    await (await peer(3)).expect('cmd-request terminate');
    abort.abort(new Error('enough'));
    await expect(aborted).rejects.toThrow('enough');

    const quick = charon.initiate({ ike: 'conn', child: 'net' });
    const commands = await peer(0);
    expect(await commands.expect('cmd-request initiate')).toMatchObject({
      message: viciMessage({ ike: 'conn', child: 'net', timeout: '-1' }),
    });
    commands.respond({ success: 'yes' });
    await quick;
    await expect(charon.initiate({ child: 'net', timeoutMs: -2 })).rejects.toThrow(ViciEncodeError);
  });

  test('a list that is cut off by the end of charon is an error, not a short list', async () => {
    const listing = charon.listSas({ ike: 'conn', ikeId: 7 });
    const commands = await peer(0);
    await commands.expect('event-register list-sa');
    commands.send({ kind: 'event-confirm' });
    expect(await commands.expect('cmd-request list-sas')).toMatchObject({
      message: viciMessage({ ike: 'conn', 'ike-id': '7' }),
    });
    commands.send(event('list-sa', { conn: ikeSa() }));
    commands.end();
    await expect(listing).rejects.toThrow(ViciClosedError);
    expect(await charon.closed).toBeInstanceOf(ViciClosedError);
  });

  test('closing is no error for `closed`, but for readers of events', async () => {
    const { events } = await openEvents();
    const reading = events[Symbol.asyncIterator]().next();
    charon.close();
    await expect(reading).rejects.toThrow(ViciClosedError);
    expect(await charon.closed).toBeUndefined();
  });

  test('a key that cannot be sent is refused without showing it', async () => {
    const secret = 'correct horse battery staple';
    const key = { id: 'k', type: 'IKE', data: secret, owners: [] } as const;
    const errors = await Promise.all(
      [
        { ...key, data: secret.repeat(3000) },
        { ...key, data: `${secret}\ud800` },
        { ...key, owners: ['x'.repeat(256)] },
        { ...key, owners: ['é'] },
        { ...key, id: 'x\n' },
      ].map((bad) => charon.loadShared(bad).catch((error: unknown) => error)),
    );
    for (const error of errors) {
      expect(error).toBeInstanceOf(ViciEncodeError);
      expect(inspect(error, { depth: Infinity, showHidden: true })).not.toContain('battery');
    }
  });
});
