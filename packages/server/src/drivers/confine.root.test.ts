import { spawn, type ChildProcess } from 'node:child_process';
import {
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { confined, type Confinement } from './confine.ts';

/* Root only: mount namespaces. The program is a shell that does what its standard input says. */
let folder: string;
let secret: string;
let shared: string;
const children: ChildProcess[] = [];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'landbridge-confine-'));
  secret = join(folder, 'secret.key');
  shared = join(folder, 'shared');
  writeFileSync(secret, 'canary-of-the-key-file');
  mkdirSync(shared);
});
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

const asCharon = (): Confinement => ({
  ...{ capabilities: ['net_admin', 'net_bind_service'], strongswanConf: null, preload: null },
  sharedDirectory: shared,
});

/** Starts a shell and returns once it runs confined. */
async function start(confinement: Confinement): Promise<ChildProcess & { readonly pid: number }> {
  const argv = ['--mount', '--net', '--ipc', '--uts', '--', ...confined(['sh'], confinement)];
  const child = spawn('unshare', argv, { stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  expect(await say(child as ChildProcess & { pid: number }, 'echo ready')).toBe('ready');
  return child as ChildProcess & { pid: number };
}

/** Standard output of one line of shell inside, errors included. */
function say(child: ChildProcess, line: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const read = (chunk: Buffer) => {
      text += chunk.toString();
      if (!text.includes('<end>')) return;
      child.stdout?.off('data', read);
      resolve(text.replace(/\s*<end>\s*$/, ''));
    };
    child.stdout?.on('data', read);
    child.once('exit', (code) => reject(new Error(`ended with ${code}: ${text}`)));
    child.stdin?.write(`{ ${line}; } 2>&1; echo '<end>'\n`);
  });
}

const statusOf = (pid: number) =>
  Object.fromEntries(
    readFileSync(`/proc/${pid}/status`, 'utf8')
      .split('\n')
      .map((line) => line.split(/:\s+/) as [string, string]),
  );
const bit = (capability: number) => (1n << BigInt(capability)).toString(16).padStart(16, '0');
const netAdmin = 12;
const netBindService = 10;

describe.runIf(process.getuid?.() === 0)('a confined program', () => {
  it('sees its own directory, and nothing else of the host but system files that it cannot change', async () => {
    const child = await start(asCharon());
    expect(await say(child, `echo mine > ${shared}/file && cat ${shared}/file`)).toBe('mine');
    expect(readFileSync(join(shared, 'file'), 'utf8')).toBe('mine\n');
    expect(await say(child, `cat ${secret}`)).toMatch(/No such file/);
    expect(await say(child, `ls ${folder}`)).toBe('shared');
    expect(await say(child, 'ls / /etc /run /proc')).not.toMatch(/home|root|var\/lib|passwd|shadow|self/);
    expect(await say(child, 'ls /proc')).toBe('');
    expect(await say(child, 'touch /usr/bin/evil')).toMatch(/Read-only file system/);
    // Given away, it is the host's alone to change.
    chownSync(shared, 65534, 65534);
    expect(await say(child, `cat ${shared}/file`)).toBe('mine');
    expect(await say(child, `ln -s ${secret} ${shared}/other`)).toMatch(/Permission denied/);
    expect(await say(child, `mv ${shared}/file ${shared}/other`)).toMatch(/Permission denied/);
    expect(await say(child, `rm ${shared}/file`)).toMatch(/Permission denied/);
    expect(await say(child, `chown 0 ${shared}`)).toMatch(/not permitted/);
    expect(readlinkSync(`/proc/${child.pid}/root`)).toBe('/');
    expect(statSync(`/proc/${child.pid}/root/`).ino).not.toBe(statSync('/').ino);
  });

  it('cannot get out or get more', async () => {
    const child = await start(asCharon());
    const ways = ['umount /usr', 'mount -t tmpfs x /etc', 'mount -t proc x /proc', 'chroot /', 'unshare --mount true'];
    for (const way of ways) expect(await say(child, `${way} && echo done`)).not.toContain('done');
    expect(await say(child, 'mknod /dev/disk b 254 0 && echo done')).not.toContain('done');
    expect(await say(child, `nsenter --mount=/proc/1/ns/mnt true && echo done`)).not.toContain('done');
  });

  it('keeps the named capabilities only, for good', async () => {
    const status = statusOf((await start(asCharon())).pid);
    const both = ((1n << BigInt(netAdmin)) | (1n << BigInt(netBindService))).toString(16).padStart(16, '0');
    expect(status).toMatchObject({ CapEff: both, CapPrm: both, CapBnd: both, CapInh: bit(63).replace('8', '0') });
    expect(status).toMatchObject({ NoNewPrivs: '1' });
  });
});
