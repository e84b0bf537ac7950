import { spawn } from 'node:child_process';
import type { Host } from './host.ts';
import { poll } from './poll.ts';

export interface ThroughputOptions {
  readonly from: Host;
  readonly to: Host;
  readonly seconds: number;
  readonly streams?: number;
  /** Of the receiver; measurements to one host at the same time need different ones. */
  readonly port?: number;
}

/** TCP goodput in Mbit/s as the receiver counted it (iperf3). */
export async function measureTcp({ from, to, seconds, streams = 1, port = 5201 }: ThroughputOptions): Promise<number> {
  const [file = '', ...argv] = to.namespace.enter([
    'iperf3',
    '--server',
    '--one-off',
    '--bind',
    to.address,
    '--forceflush',
    ...['--port', String(port)],
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
    const where = ['--client', to.address, '--port', String(port)];
    const client = await from.namespace.runChecked(
      ['iperf3', '--json', ...where, '--time', String(seconds), '--parallel', String(streams)],
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
