import { spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { claimDataDir } from './claim-data-dir.ts';

let root: string;
let dataDir: string;
const processes: ChildProcess[] = [];
beforeEach(() => {
  root = realpathSync(mkdtempSync(join(tmpdir(), 'landbridge-claim-')));
  dataDir = join(root, 'data');
});
afterEach(() => {
  for (const child of processes.splice(0)) child.kill('SIGKILL');
  rmSync(root, { recursive: true, force: true });
});

/** A process that claims the directory and stays: resolves with what it said. */
function claimElsewhere(path: string, prefix: readonly string[] = []): Promise<string> {
  const module = JSON.stringify(new URL('claim-data-dir.ts', import.meta.url).href);
  const script = `
    const { claimDataDir } = await import(${module});
    try { globalThis.claim = claimDataDir(process.env.CLAIMED); console.log('claimed'); }
    catch (error) { console.log(error.message); process.exit(); }
    setInterval(() => undefined, 1000);`;
  const [program = '', ...args]: readonly string[] = [
    ...prefix,
    process.execPath,
    '--input-type=module',
    '--eval',
    script,
  ];
  const child = spawn(program, args, { env: { ...process.env, CLAIMED: path }, stdio: ['ignore', 'pipe', 'pipe'] });
  processes.push(child);
  return new Promise((resolve, reject) => {
    let errors = '';
    child.stderr.on('data', (text: Buffer) => (errors += text.toString()));
    child.stdout.once('data', (text: Buffer) => resolve(text.toString().trim()));
    child.once('exit', () => reject(new Error(errors)));
  });
}

const isRoot = process.getuid?.() === 0;
const refused = /another landbridge serves/;

describe('a claimed data directory', () => {
  it('cannot be claimed again by another process, and can once it was given up', async () => {
    const claim = claimDataDir(dataDir);
    expect(await claimElsewhere(dataDir)).toMatch(refused);
    claim[Symbol.dispose]();
    expect(await claimElsewhere(dataDir)).toBe('claimed');
  });

  it('cannot be claimed through a symbolic link', async () => {
    using claims = new DisposableStack();
    claims.use(claimDataDir(dataDir));
    const link = join(root, 'link');
    symlinkSync(dataDir, link);
    expect(await claimElsewhere(link)).toMatch(refused);
  });

  it('cannot be claimed by a lock that is a link: what it points to stays as it is', () => {
    mkdirSync(dataDir);
    const elsewhere = join(root, 'elsewhere');
    symlinkSync(elsewhere, join(dataDir, 'landbridge.lock'));
    expect(() => claimDataDir(dataDir)).toThrow(`${join(dataDir, 'landbridge.lock')} must not be a link`);
    expect(existsSync(elsewhere)).toBe(false);
  });

  it.runIf(isRoot)('cannot be claimed from other network and process namespaces', async () => {
    using claims = new DisposableStack();
    claims.use(claimDataDir(dataDir));
    expect(await claimElsewhere(dataDir, ['unshare', '--net', '--ipc', '--pid', '--fork'])).toMatch(refused);
  });

  it.runIf(isRoot)('cannot be claimed where another mount namespace has it bound to', async () => {
    using claims = new DisposableStack();
    claims.use(claimDataDir(dataDir));
    const other = join(root, 'other');
    mkdirSync(other);
    const bind = 'mount --bind "$1" "$2" && shift 2 && exec "$@"';
    const prefix = ['unshare', '--mount', 'sh', '-c', bind, 'sh', dataDir, other];
    expect(await claimElsewhere(other, prefix)).toMatch(refused);
  });

  it('is free at once when its process is killed', async () => {
    expect(await claimElsewhere(dataDir)).toBe('claimed');
    const [owner] = processes;
    const ended = new Promise((resolve) => owner?.once('exit', resolve));
    expect(() => claimDataDir(dataDir)).toThrow(refused);
    owner?.kill('SIGKILL');
    await ended;
    claimDataDir(dataDir)[Symbol.dispose]();
  });

  it('stays claimed when this process tries once more', async () => {
    using claims = new DisposableStack();
    claims.use(claimDataDir(dataDir));
    expect(() => claimDataDir(dataDir)).toThrow(refused);
    expect(await claimElsewhere(dataDir)).toMatch(refused);
  });
});
