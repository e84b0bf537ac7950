import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const module = new URL('./service-readiness.ts', import.meta.url).href;
const call = `(await import(${JSON.stringify(module)})).tellReady()`;
/** A datagram's text, from a unix socket: Node has none of these. */
const hear = `use Socket; socket(my $s, PF_UNIX, SOCK_DGRAM, 0); bind($s, pack_sockaddr_un($ARGV[0])) or die;
  $| = 1; print "bound\\n"; recv($s, my $said, 1000, 0); print $said`;

describe.skipIf(!existsSync('/usr/bin/systemd-notify'))('tellReady', () => {
  let folder = '';
  let listener: ChildProcess | null = null;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'landbridge-ready-'));
  });

  afterEach(() => {
    listener?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  it('says READY=1 to the socket that systemd names', async () => {
    const socket = join(folder, 'notify');
    const perl = spawn('perl', ['-e', hear, socket], { stdio: ['ignore', 'pipe', 'inherit'] });
    listener = perl;
    const said = text(perl.stdout);
    await promisify(execFile)('sh', ['-c', 'until [ -S "$1" ]; do :; done', 'sh', socket], { timeout: 10_000 });
    const teller = spawn(process.execPath, ['--input-type=module', '-e', call], {
      env: { ...process.env, NOTIFY_SOCKET: socket },
      stdio: 'ignore',
    });
    await once(teller, 'exit');
    expect(await said).toMatch(/^bound\nREADY=1$/m);
  });

  it('starts nothing where nobody waits', async () => {
    const env = { PATH: folder };
    const { stdout, stderr } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', call], {
      env,
    });
    expect([stdout, stderr]).toEqual(['', '']);
  });
});
