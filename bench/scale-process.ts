import { loadavg } from 'node:os';
import { measureBareCharons } from './bare-charons.ts';
import { prepareForProfiles, profileWhile } from './cpu-profile.ts';
import { measureFloodedFailover, type FloodedFailover } from './flooded-failover.ts';
import { measureManyGateways, type GatewayScale } from './many-gateways.ts';
import { measureManyProbes, type ProbesResult } from './many-probes.ts';
import { expectEnd } from './many-peers.ts';
import { reportPart, type PartRequest, type Say } from './part-process.ts';
import { measureSingleChanges, type SingleChange } from './single-changes.ts';
import { round } from './statistics.ts';
import {
  cutAllLines,
  measureCreation,
  measureDeadDataPlane,
  measureLinesBack,
  measureRestart,
  type Burst,
  type Cut,
  type Restart,
} from './tunnel-bursts.ts';
import { buildTunnelWorld, type TunnelWorld } from './tunnel-world.ts';

// A program of its own, started by main.ts in the lab's host namespace: what grows with the number of tunnels and of gateways.

export interface ScaleResult {
  readonly tunnels: readonly TunnelScale[];
  readonly gateways: readonly GatewayScale[];
  /** Absent where it was not asked for. */
  readonly failover?: FloodedFailover;
}

/** Of one gateway with so many tunnels. */
export interface TunnelScale {
  readonly tunnels: number;
  /** Processes that ran or wanted to, in the minute before. */
  readonly loadBefore: number;
  /** Seconds for the same tunnels between two charons with nothing else. */
  readonly bareSeconds: number;
  readonly creation: Burst;
  readonly changes: readonly SingleChange[];
  readonly deadDataPlane: Burst;
  readonly cut: Cut;
  readonly linesBack: Burst;
  readonly restart: Restart;
  readonly probes: ProbesResult;
}

async function measureScale({ scale, repetitions }: PartRequest, say: Say): Promise<ScaleResult> {
  prepareForProfiles();
  const tunnels: TunnelScale[] = [];
  for (const count of scale.tunnels) tunnels.push(await measureTunnelScale(count, say));
  const gateways: GatewayScale[] = [];
  for (const count of scale.gateways) gateways.push(await measureManyGateways(count, say));
  if (!scale.failover) return { tunnels, gateways };
  return { tunnels, gateways, failover: await measureFloodedFailover(repetitions, say) };
}

/** Of each change. */
const changeRepetitions = 5;

async function measureTunnelScale(count: number, say: Say): Promise<TunnelScale> {
  const [loadBefore = NaN] = loadavg();
  const bench = await buildTunnelWorld(count);
  const tell = <Result>(row: string, result: Result): Result => {
    say(`${count} tunnels, ${row}: ${JSON.stringify(result)}`);
    return result;
  };
  const bareSeconds = tell('bare', round(await measureBareCharons(bench.world.lab, bench.many, count)));
  const rows = await measureRows(bench, tell);
  const ended = performance.now();
  await bench.world.stop();
  say(`${count} tunnels taken down in ${round((performance.now() - ended) / 1000)} s`);
  return { tunnels: count, loadBefore, bareSeconds, ...rows };
}

async function measureRows(
  bench: TunnelWorld,
  tell: <Result>(row: string, result: Result) => Result,
): Promise<Omit<TunnelScale, 'tunnels' | 'loadBefore' | 'bareSeconds'>> {
  const { world, count, many, publicAddress } = bench;
  const profiled = <Result>(row: string, work: () => Promise<Result>): Promise<Result> =>
    profileWhile(world, `${count} ${row}`, work);
  await expectEnd(many, publicAddress);
  const [creation, connectionIds] = await profiled('created', () => measureCreation(bench));
  tell('created', creation);
  const changes = tell('changes', await measureSingleChanges(bench, changeRepetitions, String(count)));
  const deadDataPlane = tell('uxfrm killed', await profiled('killed', () => measureDeadDataPlane(bench)));
  const cut = tell('lines cut', await profiled('cut', () => cutAllLines(bench)));
  const linesBack = tell('lines back', await profiled('back', () => measureLinesBack(bench)));
  const restart = tell('server killed', await measureRestart(bench));
  const probes = tell('probes', await measureManyProbes(bench, connectionIds));
  return { creation, changes, deadDataPlane, cut, linesBack, restart, probes };
}

await reportPart(measureScale);
