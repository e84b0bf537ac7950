import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

const module = new URL('./sd-notify.ts', import.meta.url).href;
const readyCall = `(await import(${JSON.stringify(module)})).tellReady()`;
/** Until it is ended. */
const aliveCall = `const { whileAlive, tellAlive } = await import(${JSON.stringify(module)});
  whileAlive(tellAlive); setInterval(() => undefined, 1000)`;
/** The text of so many datagrams, from a unix socket: Node has none of these. What comes with a file descriptor (a barrier) has no text. */
const hear = `use Socket; socket(my $s, PF_UNIX, SOCK_DGRAM, 0); bind($s, pack_sockaddr_un($ARGV[0])) or die;
  $| = 1; print "bound\\n"; for (my $left = $ARGV[1]; $left > 0;) {
    recv($s, my $said, 1000, 0); next if $said =~ /BARRIER/; print "$said\\n"; $left-- }`;

describe.skipIf(!existsSync('/usr/bin/systemd-notify'))('what systemd is told', () => {
  let folder = '';
  let listener: ChildProcess | null = null;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'landbridge-ready-'));
  });

  afterEach(() => {
    listener?.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  });

  /** What a process that does this says, the first so many times. */
  async function heard(call: string, times: number, env: NodeJS.ProcessEnv = {}): Promise<string> {
    const socket = join(folder, 'notify');
    const perl = spawn('perl', ['-e', hear, socket, String(times)], { stdio: ['ignore', 'pipe', 'inherit'] });
    listener = perl;
    const said = text(perl.stdout);
    await promisify(execFile)('sh', ['-c', 'until [ -S "$1" ]; do :; done', 'sh', socket], { timeout: 10_000 });
    const teller = spawn(process.execPath, ['--input-type=module', '-e', call], {
      env: { ...process.env, ...env, NOTIFY_SOCKET: socket },
      stdio: 'ignore',
    });
    try {
      return await said;
    } finally {
      teller.kill('SIGKILL');
    }
  }

  it('says READY=1 to the socket that systemd names', async () => {
    expect(await heard(readyCall, 1)).toMatch(/^bound\nREADY=1$/m);
  });

  it('says at once, and again and again, that it is alive, three times in the time that systemd waits', async () => {
    const before = performance.now();
    expect((await heard(aliveCall, 4, { WATCHDOG_USEC: '600000' })).match(/^WATCHDOG=1$/gm)).toHaveLength(4);
    expect(performance.now() - before).toBeGreaterThan(600);
  });

  it('starts nothing where nobody waits', async () => {
    const env = { PATH: folder };
    const argv = ['--input-type=module', '-e', readyCall];
    const { stdout, stderr } = await promisify(execFile)(process.execPath, argv, { env });
    expect([stdout, stderr]).toEqual(['', '']);
  });
});
