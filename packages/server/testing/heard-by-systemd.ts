import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { promisify } from 'node:util';

// For tests only: what a service says to systemd.

export const hasSystemdNotify = existsSync('/usr/bin/systemd-notify');

/** The text of so many datagrams, from a unix socket: Node has none of these. What comes with a file descriptor (a barrier) has no text. */
const hear = `use Socket; socket(my $s, PF_UNIX, SOCK_DGRAM, 0); bind($s, pack_sockaddr_un($ARGV[0])) or die;
  $| = 1; for (my $left = $ARGV[1]; $left > 0;) {
    recv($s, my $said, 1000, 0); next if $said =~ /BARRIER/; print "$said\n"; $left-- }`;

/** What this program says, the first so many times; then it is ended. */
export async function heardBySystemd(
  argv: readonly string[],
  times: number,
  env: NodeJS.ProcessEnv = {},
): Promise<readonly string[]> {
  const folder = mkdtempSync(join(tmpdir(), 'landbridge-notify-'));
  const socket = join(folder, 'notify');
  const listener = spawn('perl', ['-e', hear, socket, String(times)], { stdio: ['ignore', 'pipe', 'inherit'] });
  try {
    const said = text(listener.stdout);
    await promisify(execFile)('sh', ['-c', 'until [ -S "$1" ]; do :; done', 'sh', socket], { timeout: 10_000 });
    const [program = '', ...rest] = argv;
    const teller = spawn(program, rest, { env: { ...process.env, ...env, NOTIFY_SOCKET: socket }, stdio: 'ignore' });
    const ended = once(teller, 'exit');
    // Nobody says anything any more; what it has started last may be on its way.
    teller.once('exit', () => setTimeout(() => listener.kill('SIGKILL'), 3000).unref());
    try {
      return (await said).trim().split('\n');
    } finally {
      teller.kill('SIGKILL');
      await ended;
    }
  } finally {
    listener.kill('SIGKILL');
    rmSync(folder, { recursive: true });
  }
}
