import { aligned } from './aligned.ts';
import type { FloodedFailover } from './flooded-failover.ts';
import type { GatewayScale } from './many-gateways.ts';
import type { ScaleResult, TunnelScale } from './scale-process.ts';
import { totalOf, type ServiceCpu } from './service-cpu.ts';
import type { Summary } from './statistics.ts';

/** Everything of the part `scale`, a column for each number of tunnels or gateways. Pure. */
export function scaleText({ tunnels, gateways, failover }: ScaleResult): string {
  return [
    ...(tunnels.length === 0 ? [] : [tunnelsTable(tunnels)]),
    ...(gateways.length === 0 ? [] : [gatewaysTable(gateways)]),
    ...(failover === undefined ? [] : [failoverText(failover)]),
  ].join('\n\n');
}

function tunnelsTable(results: readonly TunnelScale[]): string {
  const row = (name: string, goal: string, cell: (result: TunnelScale) => string): string[] => [
    ...[name, goal, ...results.map(cell)],
  ];
  const changes = results[0]?.changes.map(({ name }) => name) ?? [];
  const ofBare = (seconds: number, { bareSeconds }: TunnelScale): string =>
    `${tenths(seconds)} = ${(seconds / bareSeconds).toFixed(1)} ×`;
  return aligned([
    ['tunnels of one gateway', 'goal', ...results.map(({ tunnels }) => String(tunnels))],
    row('load before', '', ({ loadBefore }) => tenths(loadBefore)),
    row('two bare charons, s', '', ({ bareSeconds }) => bareSeconds.toFixed(2)),
    row('from nothing: SAs, s', '<= 1.5 ×', (result) => ofBare(result.creation.sasSeconds, result)),
    row('  and all known, s', '', (result) => ofBare(result.creation.knownSeconds, result)),
    row('  CPU of the service, s', '', ({ creation }) => sides(creation.serviceCpu, 1, 's')),
    ...changes.flatMap((name, place) => [
      row(`${name}, s`, changeGoals[name] ?? '', ({ changes }) => middle(changes[place]?.seconds)),
      row('  CPU, ms', '<= 20', ({ changes }) => middle(changes[place]?.cpuMs, 0)),
      row('  controller, agent, helpers', '', ({ changes }) => sides(changes[place]?.sides, 1000, 'ms')),
    ]),
    row('uxfrm killed: SAs, s', '<= 1.5 ×', (result) => ofBare(result.deadDataPlane.sasSeconds, result)),
    row('  and all known, s', '', ({ deadDataPlane }) => tenths(deadDataPlane.knownSeconds)),
    row('all lines cut: charon gave up, s', '', ({ cut }) => tenths(cut.charonSeconds)),
    row('  known down after that, s', '<= 1.5', ({ cut }) => tenths(cut.knownSeconds - cut.charonSeconds)),
    row('lines back: SAs, s', '', ({ linesBack }) => tenths(linesBack.sasSeconds)),
    row('  routes after that, s', '<= 1', ({ linesBack: { routesSeconds, sasSeconds } }) =>
      tenths(routesSeconds - sasSeconds),
    ),
    row('server killed: all known, s', '<= 2', ({ restart }) => tenths(restart.knownSeconds)),
    row('  packets lost', '0', ({ restart }) => String(restart.lostPackets)),
    row('probes of 100 ms: reach each a second', '10', ({ probes }) => rates(probes.quiet)),
    row('  beside changes', '10', ({ probes }) => rates(probes.besideChanges)),
    row('  prober and agent, % of a core', '<= 10', ({ probes }) => percents(probes.proberCores, probes.agentCores)),
    row('  false alarms (in seconds)', '0', ({ probes }) => `${probes.falseAlarms} (${probes.seconds.toFixed(0)})`),
  ]);
}

const changeGoals: Readonly<Record<string, string>> = {
  'tunnel created': '< 0.25',
  'tunnel changed': '< 0.3',
  'tunnel deleted': '< 0.15',
  'route created': '< 0.05',
  'route deleted': '< 0.05',
};

function gatewaysTable(results: readonly GatewayScale[]): string {
  const row = (name: string, goal: string, cell: (result: GatewayScale) => string): string[] => [
    ...[name, goal, ...results.map(cell)],
  ];
  return aligned([
    ['gateways with a VPC each', 'goal', ...results.map(({ gateways }) => String(gateways))],
    row('all AVAILABLE, s', '20 for 100', ({ availableSeconds }) => tenths(availableSeconds)),
    row('  CPU of the service, s', '', ({ serviceCpu }) => sides(serviceCpu, 1, 's')),
    row('short-lived processes of each', '<= 6', ({ shortLivedProcesses }) => tenths(shortLivedProcesses)),
    row('idle, % of a core', '<= 2', ({ idleCores }) => percents(...Object.values(idleCores).map(Number))),
    row('server killed: all known, s', '<= 2', ({ restartSeconds }) => tenths(restartSeconds)),
    row('  daemons that are others then', '0', ({ restartedGateways }) => String(restartedGateways)),
  ]);
}

function failoverText({ quietMs, floodedMs }: FloodedFailover): string {
  const figures = ({ median, p99, samples }: Summary): string =>
    `p50 ${median.toFixed(0)} ms, p99 ${p99.toFixed(0)} ms (${samples.length} times)`;
  return `a silent peer of a pair, probes of 100 ms × 3: ${figures(quietMs)}; API flooded: ${figures(floodedMs)}; goal: p99 < 500 ms`;
}

function tenths(value: number): string {
  return value.toFixed(1);
}

function middle(summary: Summary | undefined, digits = 2): string {
  return summary === undefined
    ? ''
    : `${summary.median.toFixed(digits)} (${summary.lowest.toFixed(digits)}–${summary.highest.toFixed(digits)})`;
}

function sides(cpu: ServiceCpu | undefined, factor: number, unit: 's' | 'ms'): string {
  if (cpu === undefined) return '';
  const digits = unit === 's' ? 1 : 0;
  const text = (value: number): string => (value * factor).toFixed(digits);
  const parts = [cpu.controller, cpu.agent, cpu.helpers].map(text).join(' + ');
  return unit === 's' ? `${text(totalOf(cpu))} = ${parts}` : parts;
}

function rates({ lowest, median }: { readonly lowest: number; readonly median: number }): string {
  return `${lowest.toFixed(2)} (${median.toFixed(2)})`;
}

function percents(...cores: readonly number[]): string {
  const all = cores.reduce((sum, one) => sum + one, 0);
  return `${(all * 100).toFixed(1)} = ${cores.map((one) => (one * 100).toFixed(1)).join(' + ')}`;
}
