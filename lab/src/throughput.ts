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

export interface DatagramOptions extends Omit<ThroughputOptions, 'streams'> {
  /** Of the whole IPv4 packet. */
  readonly packetBytes: number;
  readonly packetsPerSecond: number;
}

export interface DatagramCounts {
  readonly sent: number;
  readonly lost: number;
  /** Less than asked for when the sender cannot. */
  readonly sentPerSecond: number;
}

const ipv4UdpHeaders = 28;

/** TCP goodput in Mbit/s as the receiver counted it (iperf3). */
export async function measureTcp({ streams = 1, ...options }: ThroughputOptions): Promise<number> {
  const { end } = await runIperf(options, ['--parallel', String(streams)]);
  return found(end?.sum_received?.bits_per_second, end) / 1e6;
}

/** UDP at a constant rate, counted by the receiver (iperf3). */
export async function measureUdp({
  packetBytes,
  packetsPerSecond,
  ...options
}: DatagramOptions): Promise<DatagramCounts> {
  const payload = packetBytes - ipv4UdpHeaders;
  const rate = ['--bitrate', String(packetsPerSecond * payload * 8), '--length', String(payload)];
  const { end } = await runIperf(options, ['--udp', ...rate]);
  const sent = found(end?.sum?.packets, end);
  return { sent, lost: found(end?.sum?.lost_packets, end), sentPerSecond: sent / found(end?.sum?.seconds, end) };
}

/** What iperf3 --json says, as far as it is read here. */
interface IperfReport {
  readonly end?: {
    readonly sum_received?: { readonly bits_per_second?: number };
    readonly sum?: { readonly packets?: number; readonly lost_packets?: number; readonly seconds?: number };
  };
}

async function runIperf(
  { from, to, seconds, port = 5201 }: Omit<ThroughputOptions, 'streams'>,
  more: readonly string[],
): Promise<IperfReport> {
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
    const client = await from.namespace.runChecked(['iperf3', '--json', ...where, '--time', String(seconds), ...more], {
      within: (seconds + 30) * 1000,
    });
    return JSON.parse(client) as IperfReport;
  } finally {
    server.kill('SIGKILL');
  }
}

function found(value: number | undefined, report: unknown): number {
  if (value === undefined) throw new Error(`iperf3 did not count: ${JSON.stringify(report).slice(0, 300)}`);
  return value;
}
