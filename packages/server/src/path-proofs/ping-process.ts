import type { IpAddress } from '@landbridge/net';
import { spawn } from 'node:child_process';
import { proofBounds } from '../domain/operator/path-proof.ts';
import { withRawSocketAlone } from '../drivers/confine.ts';
import { baseEnvironment } from '../platform/commands.ts';
import { Later } from '../platform/later.ts';

export interface PingOrder {
  readonly destination: IpAddress;
  readonly packets: number;
  readonly spacingMs: number;
  /** How often a packet may be forwarded, and one more; null: as often as any. */
  readonly timeToLive: number | null;
}

/** Of each packet: whoever answers a thousand times is not read to the end. */
const mostBytesOfEach = 512;
/** Of head and end. */
const mostBytesBeside = 8192;
/** To start and to end, on a machine that is busy. */
const graceMs = 5000;

/** What ping(8) says, as nobody, with no right but to open its socket. @param inside makes an argument vector run where the host is. */
export function runPing(
  inside: (argv: readonly string[]) => string[],
  { destination, packets, spacingMs, timeToLive }: PingOrder,
): Promise<string> {
  const seconds = (ms: number) => String(ms / 1000);
  const ping = [
    ...['ping', '-n', '-c', String(packets), '-i', seconds(spacingMs)],
    ...['-W', seconds(proofBounds.answerMs), ...(timeToLive === null ? [] : ['-t', String(timeToLive)]), destination],
  ];
  const [program = '', ...args] = inside(withRawSocketAlone(ping));
  const child = spawn(program, args, { cwd: '/', env: { ...baseEnvironment }, stdio: ['ignore', 'pipe', 'pipe'] });
  const late = new Later(() => child.kill('SIGKILL'));
  late.in(packets * spacingMs + proofBounds.answerMs + graceMs);
  const mostBytes = mostBytesBeside + packets * mostBytesOfEach;
  let said = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      said = (said + text).slice(0, mostBytes);
      if (said.length === mostBytes) child.kill('SIGKILL');
    });
  }
  return new Promise((resolve, reject) => {
    child.once('error', (error) => {
      late.cancel();
      reject(error);
    });
    child.once('close', () => {
      late.cancel();
      resolve(said);
    });
  });
}
