import { aligned } from './aligned.ts';
import type { GrowthResult } from './api-growth.ts';
import type { ApiResult } from './api-process.ts';
import type { ConsoleResult, PageResult } from './console-process.ts';
import type { FailoverResult, Outage } from './failover-process.ts';
import type { KernelResult } from './kernel-process.ts';
import type { RoutesResult } from './routes-process.ts';
import type { ScaleResult } from './scale-process.ts';
import { scaleText } from './scale-table.ts';
import type { SpreadResult } from './spread-process.ts';
import type { Summary } from './statistics.ts';
import type { ThroughputResult } from './throughput-process.ts';
import type { PathResult } from './throughput-rounds.ts';
import type { TunnelsResult } from './tunnels-process.ts';
import type { WatchedResult } from './watched-process.ts';

/** A part of the bench: when and where it was measured, and how long that took. */
export interface PartResult<Measured> {
  readonly at: string;
  readonly seconds: number;
  readonly repetitions: number;
  readonly machine: { readonly cpu: string; readonly cores: number; readonly kernel: string; readonly node: string };
  readonly measured: Measured;
}

/** What results.json holds; a part that was never measured is absent. */
export interface BenchResults {
  readonly throughput?: PartResult<ThroughputResult>;
  readonly tunnels?: PartResult<TunnelsResult>;
  readonly kernel?: PartResult<KernelResult>;
  readonly failover?: PartResult<readonly FailoverResult[]>;
  readonly routes?: PartResult<RoutesResult>;
  readonly spread?: PartResult<SpreadResult>;
  readonly scale?: PartResult<ScaleResult>;
  readonly watched?: PartResult<WatchedResult>;
  readonly api?: PartResult<ApiResult>;
  readonly console?: PartResult<ConsoleResult>;
}

type ThroughputKind = Exclude<keyof PathResult, 'name'>;

/** The results for people. Pure. */
export function resultsTable(results: BenchResults): string {
  const { throughput, tunnels, kernel, failover, routes, spread, scale, watched, api, console } = results;
  return [
    ...(throughput === undefined
      ? []
      : [`${heading('Throughput', throughput)}\n${throughputTable(throughput.measured)}`]),
    ...(tunnels === undefined ? [] : [`${heading('Tunnels', tunnels)}\n${tunnelsTable(tunnels.measured)}`]),
    ...(kernel === undefined ? [] : [`${heading('Kernel', kernel)}\n${kernelTable(kernel.measured)}`]),
    ...(failover === undefined ? [] : [`${heading('Failover', failover)}\n${failoverTable(failover.measured)}`]),
    ...(routes === undefined ? [] : [`${heading('Routes', routes)}\n${routesTable(routes.measured)}`]),
    ...(spread === undefined ? [] : [`${heading('Spread', spread)}\n${spreadText(spread.measured)}`]),
    ...(scale === undefined ? [] : [`${heading('Scale', scale)}\n${scaleText(scale.measured)}`]),
    ...(watched === undefined ? [] : [`${heading('Watched', watched)}\n${watchedTable(watched.measured)}`]),
    ...(api === undefined ? [] : [`${heading('API', api)}\n${apiTable(api.measured)}`]),
    ...(console === undefined ? [] : [`${heading('Console', console)}\n${consoleTable(console.measured)}`]),
  ].join('\n\n');
}

function heading(name: string, { at, seconds, machine, repetitions }: PartResult<unknown>): string {
  const where = `${machine.cores} cores, ${machine.cpu}, Linux ${machine.kernel}`;
  return `${name}: ${at}, ${repetitions} repetitions, ${seconds} s; ${where}`;
}

function throughputTable({ paths, firstPing, residentMib, notes }: ThroughputResult): string {
  const ours = paths.find(({ name }) => name === 'landbridge');
  const more = (path: PathResult, kind: ThroughputKind): string[] => [
    spread(path[kind]),
    ratio(ours?.[kind], path[kind]),
  ];
  const less = (path: PathResult, kind: ThroughputKind): string[] => [
    path[kind].median.toFixed(3),
    ratio(path[kind], ours?.[kind]),
  ];
  const streams = paths.map((path) => [
    ...[path.name, ...more(path, 'tcpOneStream'), ...more(path, 'tcpFourStreams'), ...less(path, 'cpuSecondsPerGbit')],
  ]);
  const packets = paths.map((path) => [
    ...[path.name, ...more(path, 'smallPackets'), ...more(path, 'udpMbps')],
    ...[...less(path, 'pingMs'), ...less(path, 'pingUnderLoadMs')],
  ]);
  const memory = Object.entries(residentMib).map(([name, mib]) => `${name} ${mib ?? '-'}`);
  const us = 'landbridge';
  return [
    aligned([['path', 'TCP 1 Mbit/s', us, 'TCP 4 Mbit/s', us, 'CPU s/Gbit', us], ...streams]),
    aligned([['path', '64 B packets/s', us, 'UDP 1300 B Mbit/s', us, 'ping ms', us, 'beside TCP 1', us], ...packets]),
    '(× 2 under landbridge: twice as good as the path of that line)',
    `first answered ping after CreateVpnConnection: ${percentiles(firstPing, 'ms')}`,
    `resident memory, MiB: ${memory.join(', ')}`,
    ...notes,
  ].join('\n');
}

function tunnelsTable({ tunnels, hubs }: TunnelsResult): string {
  const rows = hubs.map(({ name, upSeconds, oneTunnel, allTunnels, smallPackets, residentMib }) => [
    ...[name, upSeconds.toFixed(1), spread(oneTunnel), spread(allTunnels), spread(smallPackets), whole(residentMib)],
  ]);
  const header = [
    'hub',
    `${tunnels} tunnels up, s`,
    'by one, Mbit/s',
    `by ${tunnels} at once`,
    '64 B packets/s by one',
    'MiB',
  ];
  return aligned([header, ...rows]);
}

function kernelTable({ paths }: KernelResult): string {
  const [reference] = paths.filter(({ name }) => name === 'kernel');
  const rows = paths.map(({ name, tcp, cpuSecondsPerGbit }) => [
    ...[name, ratio(tcp, reference?.tcp), ratio(cpuSecondsPerGbit, reference?.cpuSecondsPerGbit)],
  ]);
  return [
    aligned([['path', 'TCP of the kernel’s', 'CPU time a bit'], ...rows]),
    'measured where the kernel has ESP, which may be an emulated machine: ratios only',
  ].join('\n');
}

function watchedTable(result: WatchedResult): string {
  const { tunnels, agentCores, controllerCores, helperCores, throughput, pageMs } = result;
  const percent = (cores: number): string => `${(cores * 100).toFixed(1)} %`;
  return [
    aligned([
      ['service', 'TCP Mbit/s', 'CPU s/Gbit'],
      ['runs', spread(throughput.runs.mbps), throughput.runs.cpuSecondsPerGbit.median.toFixed(3)],
      ['is stopped', spread(throughput.stopped.mbps), throughput.stopped.cpuSecondsPerGbit.median.toFixed(3)],
    ]),
    `${tunnels} tunnels, probed each second, recorded, a page of metrics each 5 s (${whole(pageMs.median)} ms): agent ${percent(agentCores)} of a core, controller ${percent(controllerCores)}, prober and netnsd ${percent(helperCores)}`,
    'throughput of one tunnel among them, rounds in turns; the gateway goes on while its service is stopped (SIGSTOP)',
  ].join('\n');
}

function failoverTable(results: readonly FailoverResult[]): string {
  const cells = ({ lostPackets, outageMs }: Outage): string[] => [
    `${whole(lostPackets.median)} / ${whole(lostPackets.p99)}`,
    `${whole(outageMs.median)} / ${whole(outageMs.p99)} / ${whole(outageMs.highest)}`,
  ];
  const rows = results.map(({ setting, fault, toIdc, roundTrip, routeSwitchedMs }) => [
    setting,
    fault,
    ...cells(toIdc),
    ...cells(roundTrip),
    `${whole(routeSwitchedMs.median)} / ${whole(routeSwitchedMs.p99)}`,
  ]);
  const header = ['setting', 'fault', 'to IDC lost', 'ms', 'round trips lost', 'ms', 'route switched ms'];
  return [
    aligned([header, ...rows]),
    'p50 / p99 (/ longest) of 1,000 packets a second; p99 by nearest rank: with 20 repetitions the longest.',
    "Round trips wait for the IDC's own devices as well, which look after their tunnels by a check of their own (keepalived).",
  ].join('\n');
}

function routesTable({ routes, installation, changes, removalOfAllMs }: RoutesResult): string {
  const { routesPerSecond, seconds, afterLastAnswerMs, serverCpu } = installation;
  const cpu = `${serverCpu.own.toFixed(2)} s of CPU in the server, ${serverCpu.children.toFixed(2)} s in commands`;
  const rows = changes.map(({ name, toKernelMs, answerMs, serverCpuSecondsEach: each }) => [
    name,
    `${toKernelMs.median.toFixed(1)} / ${toKernelMs.p99.toFixed(1)}`,
    `${answerMs.median.toFixed(1)} / ${answerMs.p99.toFixed(1)}`,
    whole((each.own + each.children) * 1000),
  ]);
  return [
    `${routes} routes: ${routesPerSecond.toFixed(0)} installed a second (${seconds.toFixed(2)} s, the last one ${whole(afterLastAnswerMs)} ms after the last answer; ${cpu})`,
    aligned([[`one change with ${routes} present`, 'in the kernel, ms', 'answered, ms', 'CPU ms'], ...rows]),
    `p50 / p99; all deleted by one call: the last one gone after ${whole(removalOfAllMs)} ms`,
  ].join('\n');
}

function spreadText({ outageMs, addedMs, removedMs, cpuSeconds }: SpreadResult): string {
  return [
    '1,000 routes over 20 tunnels of one gateway',
    `a silent peer of a pair, probes of 100 ms × 3: ${percentiles(outageMs, 'ms')}`,
    `one more route, applied: ${percentiles(addedMs, 'ms')}; gone again: ${percentiles(removedMs, 'ms')}`,
    `CPU of both in the server and its commands: ${cpuSeconds.median.toFixed(2)} s`,
  ].join('\n');
}

function apiTable({ growth = [], kinds }: ApiResult): string {
  return [...(growth.length === 0 ? [] : [growthTable(growth)]), hostileCallsTable(kinds)].join('\n');
}

const growthKinds = [
  ['describeById', 'by id'],
  ['page', 'page of 100'],
  ['create', 'create'],
] as const;

function growthTable(growth: readonly GrowthResult[]): string {
  const rows = growth.map((result) => {
    const { tunnels, perGateway, residentMib, startSeconds, othersBusy } = result;
    const few = growth.find((other) => other.perGateway === perGateway);
    const costs = growthKinds.flatMap(([kind]) => {
      const { callsPerSecond, medianMs, p99Ms, cpuMs } = result[kind];
      const times = few === undefined || few === result ? '' : `× ${(cpuMs / few[kind].cpuMs).toFixed(2)}`;
      return [whole(callsPerSecond), `${medianMs.toFixed(1)} / ${p99Ms.toFixed(1)}`, cpuMs.toFixed(2), times];
    });
    const process = [whole(residentMib), startSeconds.toFixed(1), othersBusy.toFixed(1)];
    return [whole(tunnels), whole(perGateway), ...costs, ...process];
  });
  const costs = growthKinds.flatMap(([, name]) => [`${name}, a second`, 'p50 / p99 ms', 'CPU ms', 'growth']);
  return [
    aligned([['tunnels', 'on a gateway', ...costs, 'MiB', 'start, s', 'others busy'], ...rows]),
    'CPU ms: of the server’s core for one call, with the plans that follow from it; growth: that, times what it is with the fewest',
    'tunnels; others busy: cores that neither the server nor its callers used. 16 callers, of Create 8.',
  ].join('\n');
}

function hostileCallsTable(kinds: ApiResult['kinds']): string {
  const rows = kinds.map(({ name, answers, ...result }) => [
    ...[name, result.longestHoldCpuMs.toFixed(1), result.longestHoldMs.toFixed(1), result.longestAnswerMs.toFixed(1)],
    ...[whole(result.callsPerSecond), whole(result.residentMib), Object.keys(answers).join(' ')],
  ]);
  const header = ['hostile calls', 'longest hold, CPU ms', 'ms', 'other’s answer, ms', 'a second', 'MiB'];
  return aligned([[...header, 'answered'], ...rows]);
}

function consoleTable({ tunnels, routes }: ConsoleResult): string {
  const acts = [...new Set([...tunnels, ...routes].flatMap(({ actsMs }) => Object.keys(actsMs)))];
  const rowOf = (table: string, { rows, firstRowMs, allRowsMs, actsMs, longestTaskMs }: PageResult): string[] => [
    ...[table, whole(rows), midAndWorst(firstRowMs), midAndWorst(allRowsMs)],
    ...[...acts.map((act) => midAndWorst(actsMs[act])), whole(longestTaskMs)],
  ];
  return [
    aligned([
      ['table', 'rows', 'first row', 'all rows', ...acts, 'longest task'],
      ...tunnels.map((page) => rowOf('tunnels', page)),
      ...routes.map((page) => rowOf('routes', page)),
    ]),
    'ms in Chromium, median / worst: the first row after the last answer before it, all rows after the page was asked for and signed in to;',
    'everything else to the frame that shows it',
  ].join('\n');
}

function midAndWorst(ms: Summary | undefined): string {
  return ms === undefined ? '-' : `${whole(ms.median)} / ${whole(ms.highest)}`;
}

function whole(value: number): string {
  return value.toFixed(0);
}

function percentiles({ median, p99, highest, samples }: Summary, unit: string): string {
  return `p50 ${whole(median)} ${unit}, p99 ${whole(p99)} ${unit}, longest ${whole(highest)} ${unit} (${samples.length} times)`;
}

function spread({ median, lowest, highest }: Summary): string {
  return `${whole(median)} (${whole(lowest)}–${whole(highest)})`;
}

function ratio(better: Summary | undefined, other: Summary | undefined): string {
  if (better === undefined || other === undefined || better === other) return '';
  return `× ${(better.median / other.median).toFixed(2)}`;
}
