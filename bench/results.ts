import type { Summary } from './statistics.ts';
import type { PathResult } from './throughput-rounds.ts';

export interface BenchResults {
  readonly at: string;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly kernel: string; readonly node: string };
  readonly dataPlane: string;
  readonly mtu: number;
  readonly notes: readonly string[];
  readonly paths: readonly PathResult[];
  /** Milliseconds from CreateVpnConnection to the first answered ping. */
  readonly firstPing: Summary;
  /** MiB after the throughput rounds. */
  readonly residentMib: Readonly<Record<string, number | undefined>>;
}

/** The results for people: throughput, round-trip time and memory, with the ratio to each other path. Pure. */
export function resultsTable({ paths, firstPing, residentMib }: BenchResults): string {
  const ours = paths.find(({ name }) => name === 'landbridge');
  const rows = paths.map((path) => [
    path.name,
    megabits(path.tcpOneStream),
    ratio(ours?.tcpOneStream, path.tcpOneStream),
    megabits(path.tcpFourStreams),
    ratio(ours?.tcpFourStreams, path.tcpFourStreams),
    path.pingMs.median.toFixed(3),
    ratio(path.pingMs, ours?.pingMs),
  ]);
  const header = ['path', 'TCP 1 Mbit/s', 'landbridge', 'TCP 4 Mbit/s', 'landbridge', 'ping ms', 'landbridge'];
  return [
    aligned([header, ...rows]),
    '(× 2 under landbridge: twice as fast as the path of that line)',
    '',
    `first answered ping after CreateVpnConnection: median ${firstPing.median.toFixed(0)} ms, longest ${firstPing.highest.toFixed(0)} ms (${firstPing.samples.length} times)`,
    `resident memory, MiB: ${Object.entries(residentMib)
      .map(([name, mib]) => `${name} ${mib ?? '-'}`)
      .join(', ')}`,
  ].join('\n');
}

function megabits({ median, lowest, highest }: Summary): string {
  return `${median.toFixed(0)} (${lowest.toFixed(0)}–${highest.toFixed(0)})`;
}

function ratio(better: Summary | undefined, other: Summary | undefined): string {
  if (better === undefined || other === undefined || better === other) return '';
  return `× ${(better.median / other.median).toFixed(2)}`;
}

function aligned(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? [];
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    )
    .join('\n');
}
