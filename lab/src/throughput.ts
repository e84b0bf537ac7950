import { spawn } from 'node:child_process';
import type { Host } from './host.ts';
import { poll } from './poll.ts';

export interface ThroughputOptions {
  readonly from: Host;
  readonly to: Host;
  readonly seconds: number;
  readonly streams?: number;
}

/** TCP goodput in Mbit/s as the receiver counted it (iperf3). */
export async function measureTcp({ from, to, seconds, streams = 1 }: ThroughputOptions): Promise<number> {
  const [file = '', ...argv] = to.namespace.enter([
    'iperf3',
    '--server',
    '--one-off',
    '--bind',
    to.address,
    '--forceflush',
  ]);
  const server = spawn(file, argv, { stdio: ['ignore', 'pipe', 'ignore'] });
  try {
    let words = '';
    server.stdout.setEncoding('utf8').on('data', (text: string) => (words += text));
    await poll(
      `iperf3 listens at ${to.name}`,
      () => words,
      (text) => text.includes('Server listening'),
      { within: 10_000 },
    );
    const client = await from.namespace.runChecked(
      ['iperf3', '--json', '--client', to.address, '--time', String(seconds), '--parallel', String(streams)],
      { within: (seconds + 30) * 1000 },
    );
    return bitsPerSecond(client) / 1e6;
  } finally {
    server.kill('SIGKILL');
  }
}

function bitsPerSecond(report: string): number {
  const { end } = JSON.parse(report) as {
    readonly end?: { readonly sum_received?: { readonly bits_per_second?: number } };
  };
  const bits = end?.sum_received?.bits_per_second;
  if (bits === undefined) throw new Error(`iperf3 reported no goodput: ${report.slice(0, 300)}`);
  return bits;
}
