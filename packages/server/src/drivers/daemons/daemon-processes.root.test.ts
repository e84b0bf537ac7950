import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, truncateSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../platform/clock.ts';
import { systemCommands } from '../../platform/commands.ts';
import { DaemonProcesses, type DaemonSpec } from './daemon-processes.ts';
import { systemKernel } from '../kernel.ts';
import { rotatedBytes } from '../log-file.ts';

/* Root only: process and mount namespaces. The daemon is a shell that never stops to talk. */
let runDirectory: string;
let spec: DaemonSpec;
let processes: DaemonProcesses;
const kernel = {
  ...systemKernel(),
  commands: {
    run: () => Promise.reject(new Error('nothing is run here')),
    /** Without the network namespace. */
    start: (argv: readonly string[], options: Parameters<typeof systemCommands.start>[1]) =>
      systemCommands.start(argv.slice(argv.indexOf('--') + 1), options),
  },
};

beforeEach(() => {
  runDirectory = mkdtempSync(join(tmpdir(), 'landbridge-daemon-'));
  const line = 'unable to parse what anybody on the internet sends '.repeat(20);
  const argv = ['sh', '-c', `while :; do echo "${line}"; done`];
  processes = new DaemonProcesses();
  spec = { name: 'charon', netns: 'none', runDirectory, argv, env: {}, confinement: null };
});
afterEach(async () => {
  await processes.stop(spec, systemClock, 0);
  rmSync(runDirectory, { recursive: true, force: true });
});

const inARoot = {
  ...{ capabilities: ['net_admin'], sharedDirectory: null, strongswanConf: null, preload: null },
};
const limit = 2 * rotatedBytes;
const patient = { timeout: 60_000, interval: 20 };

describe.runIf(process.getuid?.() === 0)('a daemon', () => {
  it.each([
    ['by itself', null],
    ['in a root of its own', inARoot],
  ])(
    '%s: fills its log up to a bound, lives on, and goes on when there is room',
    async (_place, confinement) => {
      spec = { ...spec, confinement };
      await processes.start(kernel, spec);
      const log = join(runDirectory, 'charon.log');
      const size = () => statSync(log).size;
      await vi.waitFor(() => expect(size()).toBe(limit), patient);
      const pid = await processes.find(spec);
      expect(pid).not.toBeNull();
      truncateSync(log);
      await vi.waitFor(() => expect(size()).toBeGreaterThan(limit / 2), patient);
      await vi.waitFor(() => expect(size()).toBe(limit), patient);
      expect(await processes.find(spec)).toBe(pid);
      expect(readFileSync(join(runDirectory, 'charon.pid'), 'utf8').trim()).toBe(String(pid));
      await processes.stop(spec, systemClock, 0);
      expect(await processes.find(spec)).toBeNull();
      expect(existsSync(join(runDirectory, 'charon.pid'))).toBe(false);
    },
    120_000,
  );
});
