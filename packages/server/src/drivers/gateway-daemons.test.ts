import { spawn } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pino } from 'pino';
import { expect, it } from 'vitest';
import { systemClock as clock } from '../platform/clock.ts';
import { findDaemon, stopDaemon } from './daemon-process.ts';
import { GatewayDaemons } from './gateway-daemons.ts';
import { gatewayPaths } from './gateway-paths.ts';
import { systemKernel } from './kernel.ts';

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
  const daemons = new GatewayDaemons({
    ...{ paths, clock, dataPlane: 'kernel', pathMtu: 1500, netns: 'lb-vpngw-gateway1' },
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
    expect(await findDaemon({ name: 'charon', runDirectory })).toBe(former.pid);
    const started = clock.elapsed();
    await expect(daemons.ensure(new AbortController().signal)).rejects.toThrow('a charon is started');
    expect(clock.elapsed() - started).toBeLessThan(2500);
    expect(await findDaemon({ name: 'charon', runDirectory })).toBeNull();
    expect(deaths).toEqual(['charon']);
    expect(existsSync(goodbye)).toBe(false);
  } finally {
    former.kill('SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  }
}, 30_000);

it('finds a daemon that was started by another path of its directory', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'landbridge-daemons-'));
  const [runDirectory, link] = [join(folder, 'real'), join(folder, 'link')];
  mkdirSync(runDirectory);
  symlinkSync(runDirectory, link);
  const daemon = spawn('sleep', ['60'], { env: { LANDBRIDGE_DAEMON: `${link}/uxfrm` }, stdio: 'ignore' });
  try {
    await expect.poll(() => findDaemon({ name: 'uxfrm', runDirectory })).toBe(daemon.pid);
    expect(await findDaemon({ name: 'charon', runDirectory })).toBeNull();
    await stopDaemon({ name: 'uxfrm', runDirectory }, clock, 0);
    expect(await findDaemon({ name: 'uxfrm', runDirectory })).toBeNull();
  } finally {
    daemon.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  }
}, 15_000);
