import type { Host } from '../lab/src/host.ts';
import { poll } from '@landbridge/testbed/poll';

// UDP at rates that iperf3 does not reach: iperf (version 2) sends, nftables counts and drops before the receiver's IP stack.

export interface Flood {
  readonly from: Host;
  readonly to: Host;
  /** Of the whole IPv4 packet. */
  readonly packetBytes: number;
  readonly packetsPerSecond: number;
  readonly seconds: number;
}

export interface FloodCounts {
  readonly sent: number;
  readonly arrived: number;
  /** Less than asked for when the sender cannot. */
  readonly sentPerSecond: number;
}

/** IPv4 and UDP. */
const headerBytes = 20 + 8;
const port = 9;
const countArrivals = `table inet flood {
  counter arrived { }
  chain arrivals {
    type filter hook prerouting priority raw; policy accept;
    udp dport ${port} counter name arrived drop
  }
}
`;

/** Sends and counts; returns when nothing more arrives. */
export async function floodWithDatagrams(flood: Flood): Promise<FloodCounts> {
  const { from, to, packetBytes, packetsPerSecond, seconds } = flood;
  await to.namespace.runChecked(['nft', '-f', '-'], { input: countArrivals });
  try {
    const where = ['--client', to.address, '--port', String(port)];
    const what = ['--udp', '--len', String(packetBytes - headerBytes), '--no-udp-fin'];
    const howFast = ['--bandwidth', `${Math.round(packetsPerSecond)}pps`, '--time', String(seconds)];
    const report = await from.namespace.runChecked(['iperf', ...where, ...what, ...howFast, '--enhanced'], {
      within: (seconds + 30) * 1000,
    });
    const sent = Number(found(/Sent (\d+) datagrams/, report));
    const took = Number(found(/0\.0+-([\d.]+) sec/, report));
    return { sent, arrived: await countWhenQuiet(flood), sentPerSecond: sent / took };
  } finally {
    await to.namespace.runChecked(['nft', 'delete', 'table', 'inet', 'flood']);
  }
}

function found(pattern: RegExp, report: string): string {
  const [, value] = pattern.exec(report) ?? [];
  if (value === undefined) throw new Error(`iperf did not say ${pattern.source}: ${report.slice(-300)}`);
  return value;
}

/** The count when it has not changed for a tenth of a second. */
async function countWhenQuiet(flood: Flood): Promise<number> {
  let before = -1;
  const isQuiet = (now: number): boolean => {
    const unchanged = now === before;
    before = now;
    return unchanged;
  };
  return poll('the last datagrams arrive', () => countArrived(flood), isQuiet, { within: 10_000, every: 100 });
}

/** A super-packet counts as one packet with one header in nftables; its datagrams are in its length. */
async function countArrived({ to, packetBytes }: Flood): Promise<number> {
  const text = await to.namespace.runChecked(['nft', '--json', 'list', 'counter', 'inet', 'flood', 'arrived']);
  const { nftables } = JSON.parse(text) as { nftables: { counter?: { packets: number; bytes: number } }[] };
  const counter = nftables.find((entry) => entry.counter !== undefined)?.counter;
  if (counter === undefined) throw new Error(`nft shows no counter: ${text.slice(0, 300)}`);
  return Math.round((counter.bytes - counter.packets * headerBytes) / (packetBytes - headerBytes));
}
