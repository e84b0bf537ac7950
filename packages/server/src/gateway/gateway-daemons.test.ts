import { encodeMessage, viciMessage } from '@landbridge/vici';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { createServer, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { systemClock as clock } from '../platform/clock.ts';
import { DaemonProcesses } from '../drivers/daemons/daemon-processes.ts';
import { GatewayDaemons } from './gateway-daemons.ts';
import { gatewayPaths } from '../drivers/gateway-paths.ts';
import { systemKernel } from '../drivers/kernel.ts';

it('replaces a charon of a former version, whose socket is elsewhere, without waiting, and without a goodbye to its peers', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'landbridge-daemons-'));
  const paths = gatewayPaths(dataDir, 'vpngw-gateway1');
  const { runDirectory } = paths;
  mkdirSync(runDirectory, { recursive: true });
  const goodbye = join(dataDir, 'goodbye');
  const script = `
    const { writeFileSync } = require('node:fs');
    process.on('SIGTERM', () => writeFileSync('${goodbye}', ''));
    setInterval(() => undefined, 60_000);
    writeFileSync('${goodbye}.ready', '');`;
  const mark = { LANDBRIDGE_DAEMON: `${runDirectory}/charon` };
  const former = spawn(process.execPath, ['-e', script], { env: mark, stdio: 'ignore' });
  const deaths: string[] = [];
  const nothing = () => Promise.resolve('');
  const processes = new DaemonProcesses();
  const daemons = new GatewayDaemons({
    ...{ processes, paths, clock, dataPlane: 'kernel', pathMtu: 1500, netns: 'lb-vpngw-gateway1' },
    kernel: {
      ...systemKernel(),
      commands: { run: nothing, start: () => Promise.reject(new Error('a charon is started')) },
    },
    binaries: { charon: 'charon', uxfrm: 'uxfrm', uxfrmShim: '/lib/shim.so' },
    logger: pino({ level: 'silent' }),
    onDeath: (name) => deaths.push(name),
    onDisconnect: () => undefined,
  });
  try {
    await expect.poll(() => existsSync(`${goodbye}.ready`), { timeout: 10_000 }).toBe(true);
    expect(await processes.find({ name: 'charon', runDirectory })).toBe(former.pid);
    const started = clock.elapsed();
    await expect(daemons.ensure(new AbortController().signal)).rejects.toThrow('a charon is started');
    expect(clock.elapsed() - started).toBeLessThan(2500);
    expect(await processes.find({ name: 'charon', runDirectory })).toBeNull();
    expect(deaths).toEqual(['charon']);
    expect(existsSync(goodbye)).toBe(false);
  } finally {
    former.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 30_000);

it('finds a daemon that was started by another path of its directory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'landbridge-daemons-'));
  const [runDirectory, link] = [join(folder, 'data', 'vpngw-1'), join(folder, 'link')];
  mkdirSync(runDirectory, { recursive: true });
  symlinkSync(join(folder, 'data'), link);
  const processes = new DaemonProcesses();
  const daemon = spawn('sleep', ['60'], { env: { LANDBRIDGE_DAEMON: `${link}/vpngw-1/uxfrm` }, stdio: 'ignore' });
  try {
    await expect.poll(() => processes.find({ name: 'uxfrm', runDirectory })).toBe(daemon.pid);
    expect(await processes.find({ name: 'charon', runDirectory })).toBeNull();
    await processes.stop({ name: 'uxfrm', runDirectory }, clock, 0);
    expect(await processes.find({ name: 'uxfrm', runDirectory })).toBeNull();
  } finally {
    daemon.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}, 15_000);

/** Answers everything on a socket with the same bytes, until the connections are dropped. */
async function answerAlways(path: string, answer: Buffer): Promise<{ drop(): void; close(): void }> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    socket.on('data', () => socket.write(answer));
  });
  await once(server.listen(path), 'listening');
  const drop = () => sockets.forEach((socket) => socket.destroy());
  return { drop, close: () => void (drop(), server.close()) };
}

/** What charon answers to `version`: a packet of type 1 behind its length. */
function versionAnswer(): Buffer {
  const words = { daemon: 'charon', version: '5.9.8', sysname: 'Linux', release: '6.1.0', machine: 'x86_64' };
  const message = encodeMessage(viciMessage(words));
  const length = Buffer.alloc(4);
  length.writeUInt32BE(message.length + 1);
  return Buffer.concat([length, Buffer.of(1), message]);
}

it.each([
  ['charon', 'runs on', 'its connection is lost'],
  ['uxfrm', 'runs on', 'its connection is lost'],
  ['charon', 'has no process any more', 'it is dead'],
  ['uxfrm', 'has no process any more', 'it is dead'],
  ['charon', 'cannot be looked for', 'its connection is lost'],
] as const)(
  'says of a %s that closes its socket and %s that %s',
  async (name, process, verdict) => {
    const dataDir = mkdtempSync(join(tmpdir(), 'landbridge-daemons-'));
    const paths = gatewayPaths(dataDir, 'vpngw-gateway1');
    mkdirSync(paths.charonDirectory, { recursive: true });
    const start = (daemon: string) =>
      spawn('sleep', ['60'], { env: { LANDBRIDGE_DAEMON: `${paths.runDirectory}/${daemon}` }, stdio: 'ignore' });
    const running = { charon: start('charon'), uxfrm: start('uxfrm') };
    let isRefused = false;
    const reading = (): Promise<ReadonlyMap<string, number>> => {
      if (isRefused) return Promise.reject(new Error('too many open files'));
      const marks = Object.entries(running).map(
        ([daemon, { pid = 0 }]) => [`${paths.runDirectory}/${daemon}`, pid] as const,
      );
      return Promise.resolve(new Map(marks));
    };
    const processes = new DaemonProcesses(process === 'cannot be looked for' ? reading : undefined);
    const servers = {
      charon: await answerAlways(paths.viciSocket, versionAnswer()),
      uxfrm: await answerAlways(paths.uxfrmSocket, Buffer.from('{"ok":true}\n')),
    };
    const told: string[] = [];
    const refuse = () => Promise.reject(new Error('nothing is run here'));
    const daemons = new GatewayDaemons({
      ...{ processes, paths, clock, dataPlane: 'uxfrm', pathMtu: 1500, netns: 'lb-vpngw-gateway1' },
      kernel: { ...systemKernel(), commands: { run: refuse, start: refuse } },
      binaries: { charon: 'charon', uxfrm: 'uxfrm', uxfrmShim: '/lib/shim.so' },
      logger: pino({ level: 'silent' }),
      onDeath: (daemon) => told.push(`${daemon}: it is dead`),
      onDisconnect: (daemon) => told.push(`${daemon}: its connection is lost`),
    });
    try {
      for (const daemon of ['charon', 'uxfrm'] as const)
        await expect.poll(() => processes.find({ name: daemon, runDirectory: paths.runDirectory })).not.toBeNull();
      expect((await daemons.ensure(AbortSignal.timeout(10_000))).charonVersion).toBe('5.9.8');
      isRefused = true;
      if (process === 'has no process any more') {
        running[name].kill('SIGKILL');
        await once(running[name], 'exit');
      }
      servers[name].drop();
      await vi.waitFor(() => expect(told).toEqual([`${name}: ${verdict}`]));
    } finally {
      daemons.disconnect();
      for (const server of Object.values(servers)) server.close();
      for (const one of Object.values(running)) one.kill('SIGKILL');
      rmSync(dataDir, { recursive: true, force: true });
    }
  },
  15_000,
);
