import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { UxfrmClosedError, UxfrmCommandError, UxfrmControl } from './uxfrm-control.ts';

/** Answers as packages/uxfrm/src/control_commands.cpp does. */
function answer(line: string, tuns: Map<string, { if_id: number; mtu: number }>): object {
  const request = JSON.parse(line) as { command: string; name: string; if_id: number; mtu: number };
  switch (request.command) {
    case 'ping':
      return { ok: true };
    case 'tun-add':
      if (tuns.has(request.name)) return { ok: false, error: 'name: exists' };
      tuns.set(request.name, { if_id: request.if_id, mtu: request.mtu });
      return { ok: true };
    case 'tun-remove':
      return tuns.delete(request.name) ? { ok: true } : { ok: false, error: 'name: not known' };
    case 'tun-list':
      return { ok: true, tuns: [...tuns].map(([name, tun]) => ({ name, ...tun })) };
    default:
      return { ok: false, error: 'command: not known' };
  }
}

describe('UxfrmControl', () => {
  let folder: string;
  let path: string;
  let server: Server;
  let sockets: Socket[];
  let respond: (socket: Socket, line: string) => void;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'uxfrm-control-'));
    path = join(folder, 'uxfrm.sock');
    sockets = [];
    const tuns = new Map<string, { if_id: number; mtu: number }>();
    respond = (socket, line) => socket.write(`${JSON.stringify(answer(line, tuns))}\n`);
    server = createServer((socket) => {
      sockets.push(socket);
      let text = '';
      socket.on('data', (chunk) => {
        const lines = (text + chunk.toString()).split('\n');
        text = lines.pop() ?? '';
        for (const line of lines) respond(socket, line);
      });
    });
    await new Promise<void>((resolve) => server.listen(path, resolve));
  });

  afterEach(async () => {
    for (const socket of sockets) socket.destroy();
    server.close();
    await rm(folder, { recursive: true });
  });

  it('adds, lists and removes devices', async () => {
    const control = await UxfrmControl.connect(path);
    await control.ping();
    await control.addTun({ name: 'vpnx-00000001', ifId: 17, mtu: 1434 });
    expect(await control.listTuns()).toEqual([{ name: 'vpnx-00000001', ifId: 17, mtu: 1434 }]);
    await expect(control.addTun({ name: 'vpnx-00000001', ifId: 17, mtu: 1434 })).rejects.toThrow(
      new UxfrmCommandError('tun-add', 'name: exists'),
    );
    await control.removeTun('vpnx-00000001');
    expect(await control.listTuns()).toEqual([]);
    control.close();
  });

  it('reads keys of SAs', async () => {
    const aead = { name: 'rfc4106(gcm(aes))', key: 'ab', icv_bits: 128 };
    const sa = { spi: 'c1234567', source: '192.0.2.1', destination: '192.0.2.2', if_id: 17, esn: true, aead };
    const sas = [{ ...sa, cipher: null, integrity: null }];
    respond = (socket) => socket.write(`${JSON.stringify({ ok: true, sas })}\n`);
    const control = await UxfrmControl.connect(path);
    expect(await control.listSaKeys()).toEqual([
      {
        ...{ spi: 'c1234567', source: '192.0.2.1', destination: '192.0.2.2', ifId: 17 },
        ...{ aead: { name: 'rfc4106(gcm(aes))', key: 'ab', icvBits: 128 }, cipher: null, integrity: null },
      },
    ]);
    control.close();
  });

  it('gives answers to their commands, however they are cut', async () => {
    const held: string[] = [];
    respond = (socket, line) => {
      held.push(line);
      if (held.length < 3) return;
      const text = held.map((_, index) => JSON.stringify({ ok: false, error: `answer ${index}` })).join('\n') + '\n';
      socket.write(text.slice(0, 20));
      setTimeout(() => socket.write(text.slice(20)), 5);
    };
    const control = await UxfrmControl.connect(path);
    const results = await Promise.allSettled([control.ping(), control.ping(), control.ping()]);
    expect(results.map((result) => (result.status === 'rejected' ? (result.reason as Error).message : ''))).toEqual([
      'uxfrm refused ping: answer 0',
      'uxfrm refused ping: answer 1',
      'uxfrm refused ping: answer 2',
    ]);
    control.close();
  });

  it('tells at once that uxfrm is gone', async () => {
    respond = (socket) => socket.destroy();
    const control = await UxfrmControl.connect(path);
    await expect(control.ping()).rejects.toThrow(UxfrmClosedError);
    await control.closed;
    expect(control.isClosed).toBe(true);
    await expect(control.ping()).rejects.toThrow(UxfrmClosedError);
  });

  it('ends the connection over an answer that is no JSON', async () => {
    respond = (socket) => socket.write('what?\n');
    const control = await UxfrmControl.connect(path);
    await expect(control.ping()).rejects.toThrow(UxfrmClosedError);
  });

  it('lets a caller leave early without mixing up the answers', async () => {
    const held: (() => void)[] = [];
    respond = (socket, line) =>
      held.push(() => socket.write(line.includes('ping') ? '{"ok":true}\n' : '{"ok":true,"tuns":[]}\n'));
    const control = await UxfrmControl.connect(path);
    const impatient = new AbortController();
    const ping = control.ping(impatient.signal);
    impatient.abort(new Error('too slow'));
    await expect(ping).rejects.toThrow('too slow');
    const list = control.listTuns();
    await vi.waitFor(() => expect(held).toHaveLength(2));
    held.forEach((send) => send());
    expect(await list).toEqual([]);
    control.close();
  });

  it('says what it could not connect to', async () => {
    await expect(UxfrmControl.connect(join(folder, 'nobody'))).rejects.toThrow(/cannot connect to .*nobody/);
  });
});
