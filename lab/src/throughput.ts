import { spawn } from 'node:child_process';
import type { Host } from './host.ts';
import { poll } from '@landbridge/testbed/poll';

export interface ThroughputOptions {
  readonly from: Host;
  readonly to: Host;
  readonly seconds: number;
  readonly streams?: number;
  /** Of the receiver; measurements to one host at the same time need different ones. */
  readonly port?: number;
}

/** What iperf3 --json says, as far as it is read here. */
interface IperfReport {
  readonly end?: { readonly sum_received?: { readonly bits_per_second?: number } };
}

/** TCP goodput in Mbit/s as the receiver counted it (iperf3). */
export async function measureTcp(options: ThroughputOptions): Promise<number> {
  const { from, to, seconds, streams = 1, port = 5201 } = options;
  const [file = '', ...argv] = to.namespace.enter([
    ...['iperf3', '--server', '--one-off', '--bind', to.address, '--forceflush', '--port', String(port)],
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
    const how = ['--time', String(seconds), '--parallel', String(streams)];
    const report = await from.namespace.runChecked(['iperf3', '--json', ...where, ...how], {
      within: (seconds + 30) * 1000,
    });
    const received = (JSON.parse(report) as IperfReport).end?.sum_received?.bits_per_second;
    if (received === undefined) throw new Error(`iperf3 did not count: ${report.slice(0, 300)}`);
    return received / 1e6;
  } finally {
    server.kill('SIGKILL');
  }
}
