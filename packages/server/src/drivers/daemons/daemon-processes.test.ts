import { execFile } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemKernel } from '../kernel.ts';
import { DaemonProcesses, type DaemonSpec } from './daemon-processes.ts';

let folder: string;
/** Of the host's processes, by mark; and how often all were read. */
let marked: Map<string, number>;
let readings: number;
let refusal: Error | null;
let processes: DaemonProcesses;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-processes-'));
  [marked, readings, refusal] = [new Map<string, number>(), 0, null];
  processes = new DaemonProcesses(async () => {
    readings++;
    if (refusal !== null) throw refusal;
    return Promise.resolve(new Map(marked));
  });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function specOf(gateway: string): DaemonSpec {
  const runDirectory = join(folder, gateway);
  mkdirSync(runDirectory, { recursive: true });
  return { name: 'charon', netns: 'none', runDirectory, argv: ['charon'], env: {}, confinement: null };
}

const kernel = { ...systemKernel(), commands: { run: () => Promise.resolve(''), start: () => Promise.resolve(1) } };

describe('daemons among the processes of the host', () => {
  it('are looked for among all of them once, however many gateways are new', async () => {
    marked.set(join(folder, 'vpngw-0', 'charon'), 100);
    for (let n = 1; n <= 50; n++) expect(await processes.find(specOf(`vpngw-${n}`))).toBeNull();
    expect(readings).toBe(1);
  });

  it('are found without their file: one that ran before us, and one that we started', async () => {
    marked.set(join(folder, 'vpngw-1', 'charon'), 100);
    expect(await processes.find(specOf('vpngw-1'))).toBe(100);
    const started = specOf('vpngw-2');
    await processes.start(kernel, started);
    marked.set(join(folder, 'vpngw-2', 'charon'), 101);
    expect(await processes.find(started)).toBe(101);
    expect(await processes.find({ ...started, name: 'uxfrm' })).toBeNull();
  });

  it('are not those of another gateway, nor what a recycled process id names', async () => {
    marked.set(join(folder, 'vpngw-1', 'charon'), 100);
    const other = specOf('vpngw-2');
    writeFileSync(join(other.runDirectory, 'charon.pid'), `${process.pid}\n`);
    expect(await processes.find(other)).toBeNull();
  });

  it('are not said to be gone when the processes cannot be read, and are looked for again', async () => {
    marked.set(join(folder, 'vpngw-1', 'charon'), 100);
    refusal = new Error('too many open files');
    await expect(processes.find(specOf('vpngw-1'))).rejects.toThrow('too many open files');
    refusal = null;
    expect(await processes.find(specOf('vpngw-1'))).toBe(100);
  });

  it('are not said to be gone when no more files can be opened', async () => {
    const script = `
      import { openSync } from 'node:fs';
      import { DaemonProcesses } from '${new URL('daemon-processes.ts', import.meta.url).href}';
      const place = { name: 'charon', runDirectory: '${specOf('vpngw-1').runDirectory}' };
      const processes = new DaemonProcesses();
      const before = await processes.find(place);
      try { for (;;) openSync('/dev/null'); } catch {}
      console.log(before, await processes.find(place).catch(({ code }) => code));`;
    const limited = 'ulimit -n 60; exec "$0" --input-type=module -e "$1"';
    const { stdout } = await promisify(execFile)('sh', ['-c', limited, process.execPath, script]);
    expect(stdout).toBe('null EMFILE\n');
  });
});
