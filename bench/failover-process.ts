import type { PairedDevice } from '../lab/src/idc-pair.ts';
import { PacketStream } from '../lab/src/packet-stream.ts';
import { poll } from '@landbridge/testbed/poll';
import { buildFiveVpc, type FiveVpc } from '../lab/src/scenarios/5-vpc.ts';
import { idcLan, quickHealthCheck, waitForPath, waitUntilHealthy } from '../lab/src/scenarios/two-devices.ts';
import { World } from '../lab/src/world.ts';
import { settings, type Fault, type Setting } from './failover-faults.ts';
import { reportPart, type PartRequest, type Say } from './part-process.ts';
import { watchRoutes, type RouteWatch } from './route-watch.ts';
import { summarise, type Summary } from './statistics.ts';

// A program of its own, started by main.ts in the lab's host namespace: tunnel 1 of two fails, again and again.

/** Of a stream of 1,000 packets a second from the VPC to the IDC, which sends each back. */
export interface FailoverResult {
  readonly setting: string;
  readonly fault: string;
  readonly toIdc: Outage;
  /** There and back: the IDC's own devices have to switch their LAN as well. */
  readonly roundTrip: Outage;
  /** From the beginning of the fault to the kernel's word that the gateway's route has changed. */
  readonly routeSwitchedMs: Summary;
}

export interface Outage {
  readonly lostPackets: Summary;
  /** The longest time between two arrivals. */
  readonly outageMs: Summary;
}

const packetsPerSecond = 1000;
/** Longer than a tunnel is away by DPD. */
const longestOutageMs = 90_000;

interface Sample {
  readonly toIdc: { readonly lost: number; readonly longestGapMs: number };
  readonly roundTrips: { readonly lost: number; readonly longestGapMs: number };
  readonly routeSwitchedMs: number;
}

interface Bench {
  readonly world: World;
  readonly built: FiveVpc;
  readonly watch: RouteWatch;
}

async function measureOnce({ world, built, watch }: Bench, fault: Fault): Promise<Sample> {
  const { vpc1, pair } = built;
  await using stream = await PacketStream.start({ from: vpc1.hostA, to: pair.host, packetsPerSecond, echoes: true });
  await stream.waitForMoreEchoes(200);
  watch.forget();
  const began = performance.now();
  await fault.begin(pair.first);
  const switched = await watch.waitFor(({ kind, destination }) => kind === 'deleted' && destination === idcLan);
  await waitForPath(built, [2], longestOutageMs);
  await stream.waitForMore(200, longestOutageMs);
  await stream.waitForMoreEchoes(200, longestOutageMs);
  const { roundTrips, ...toIdc } = await stream.stop();
  await fault.end(pair.first);
  await recover(world, built);
  return { toIdc, roundTrips, routeSwitchedMs: switched - began };
}

/** Both directions are back on device 1. */
async function recover(world: World, built: FiveVpc): Promise<void> {
  await waitUntilHealthy(world, built);
  await waitForPath(built, [1]);
  const { first, second } = built.pair;
  await poll(
    "the LAN's gateway is device 1 alone",
    async () => [await hasVirtualAddress(first), await hasVirtualAddress(second)],
    ([one, two]) => one === true && two === false,
    { within: 30_000 },
  );
}

async function hasVirtualAddress({ idc }: PairedDevice): Promise<boolean> {
  const addresses = await idc.namespace.runChecked(['ip', '-4', 'address', 'show', 'dev', 'lan']);
  return addresses.includes('inet 192.168.1.1/24');
}

async function use({ world, built }: Bench, { parameters }: Setting): Promise<void> {
  const { gatewayId } = built.vpc1.gateway;
  for (const { tunnel } of [built.pair.first, built.pair.second]) {
    await world.cloud.modifyVpnConnection(tunnel.connectionId, parameters);
  }
  await world.cloud.waitUntilApplied(gatewayId);
  await recover(world, built);
}

function summariseSamples(setting: Setting, fault: Fault, samples: readonly Sample[]): FailoverResult {
  const outage = (of: (sample: Sample) => Sample['toIdc']): Outage => ({
    lostPackets: summarise(samples.map((sample) => of(sample).lost)),
    outageMs: summarise(samples.map((sample) => of(sample).longestGapMs)),
  });
  return {
    setting: setting.name,
    fault: fault.name,
    toIdc: outage(({ toIdc }) => toIdc),
    roundTrip: outage(({ roundTrips }) => roundTrips),
    routeSwitchedMs: summarise(samples.map(({ routeSwitchedMs }) => routeSwitchedMs)),
  };
}

async function measureFault(bench: Bench, setting: Setting, fault: Fault, repetitions: number, say: Say) {
  const samples: Sample[] = [];
  for (let repetition = 1; repetition <= repetitions; repetition++) {
    const sample = await measureOnce(bench, fault);
    samples.push(sample);
    const { toIdc, roundTrips } = sample;
    say(
      `${setting.name}: ${fault.name}, ${repetition}: to the IDC ${toIdc.lost} lost, ${toIdc.longestGapMs} ms; ` +
        `there and back ${roundTrips.lost} lost, ${roundTrips.longestGapMs} ms`,
    );
  }
  return summariseSamples(setting, fault, samples);
}

async function measureFailover({ repetitions }: PartRequest, say: Say): Promise<FailoverResult[]> {
  // A short hold-down: it says when packets return, which is not measured here, and each repetition waits for it.
  const world = await World.start({ settings: { holdDown: { checkedMs: 1000, uncheckedMs: 500 } } });
  const built = await buildFiveVpc(world, { priorities: [0, 100], healthCheck: quickHealthCheck });
  const results = await measureSettings(world, built, repetitions, say);
  await world.stop();
  return results;
}

async function measureSettings(world: World, built: FiveVpc, repetitions: number, say: Say): Promise<FailoverResult[]> {
  await using watch = await watchRoutes(built.vpc1.gateway.gatewayId);
  const bench = { world, built, watch };
  const results: FailoverResult[] = [];
  for (const setting of settings) {
    await use(bench, setting);
    for (const fault of setting.faults) results.push(await measureFault(bench, setting, fault, repetitions, say));
  }
  return results;
}

await reportPart(measureFailover);
