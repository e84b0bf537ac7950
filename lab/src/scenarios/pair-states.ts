import type { Host } from '../host.ts';
import { gatewayPath } from '../gateway-path.ts';
import type { IdcPair } from '../idc-pair.ts';
import { PacketStream, type StreamReport } from '../packet-stream.ts';
import { hold, patience } from '@landbridge/testbed/poll';
import { cutOff, measureMatrix, type Cell, type ExpectedMatrix } from '../reachability-matrix.ts';
import type { Tenant } from '../tenant.ts';
import { hasPath, idcLan, waitForLanPath, waitForPath, waitUntilHealthy, type TwoDevices } from './two-devices.ts';

/** A state of docs/spec/scenarios.md section 5: how it comes about, which tunnel then carries, how it ends. */
interface PairState {
  readonly name: string;
  readonly path: readonly [] | readonly [1 | 2];
  enter(built: TwoDevices): Promise<void>;
  /** Absent where nothing has to be undone. */
  leave?(pair: IdcPair): Promise<void>;
}

const healthy = (name: string): PairState => ({ name, path: [1], enter: () => Promise.resolve() });

const firstKilled: PairState = {
  name: 'device 1 killed',
  path: [2],
  enter: ({ pair }) => pair.first.kill(),
  leave: ({ first }) => first.revive(),
};

const secondKilled: PairState = {
  name: 'device 2 alone killed',
  path: [1],
  enter: ({ pair }) => pair.second.kill(),
  leave: ({ second }) => second.revive(),
};

const bothDead: PairState = {
  name: 'both dead',
  path: [],
  enter: async ({ pair }) => {
    await pair.first.cutLine();
    await pair.second.cutLine();
  },
  leave: async ({ first, second }) => {
    await first.mendLine();
    await second.mendLine();
  },
};

const everythingDropped = (what: string, directions: readonly ('in' | 'out')[]): PairState => ({
  name: `everything ${what} dropped`,
  path: [2],
  enter: ({ pair }) => pair.first.drop(directions),
  leave: ({ first }) => first.dropNothing(),
});

/** The rows of the table in docs/spec/scenarios.md section 5. */
export const mainStates: readonly PairState[] = [
  healthy('both healthy'),
  firstKilled,
  healthy('device 1 recovered'),
  secondKilled,
  bothDead,
  healthy('recovered'),
];

/** The same, with each way in which device 1 can fail. */
export const everyState: readonly PairState[] = [
  healthy('both healthy'),
  firstKilled,
  {
    name: "device 1's line cut",
    path: [2],
    enter: ({ pair }) => pair.first.cutLine(),
    leave: ({ first }) => first.mendLine(),
  },
  everythingDropped('at device 1', ['in', 'out']),
  everythingDropped('to device 1', ['in']),
  everythingDropped('from device 1', ['out']),
  {
    name: 'SAs deleted by device 1',
    path: [2],
    enter: ({ pair }) => pair.first.deleteSas(),
    leave: ({ first }) => first.acceptSas(),
  },
  {
    name: 'probe target of device 1 removed',
    path: [2],
    enter: ({ pair }) => pair.first.removeProbeTarget(),
    leave: ({ first }) => first.restoreProbeTarget(),
  },
  { name: 'device 1 flaps', path: [2], enter: flap, leave: ({ first }) => first.dropNothing() },
  secondKilled,
  bothDead,
  healthy('recovered'),
];

/** Half a second dead, a little longer well but shorter than the hold-down, again and again: after the first switch the packets stay where they are. */
async function flap(built: TwoDevices): Promise<void> {
  const { side, pair } = built;
  const readPath = async (): Promise<string> => (await gatewayPath(side.gateway.gatewayId, idcLan)).join();
  const second = pair.second.tunnel.connectionId;
  await pair.first.drop(['in', 'out']);
  await waitForPath(built, [2]);
  for (let round = 0; round < 4; round++) {
    await pair.first.dropNothing();
    await hold('packets stay on tunnel 2', readPath, (path) => path === second, { during: 700 });
    await pair.first.drop(['in', 'out']);
    await hold('packets stay on tunnel 2', readPath, (path) => path === second, { during: 500 });
  }
}

/** Shorter than the default, so that each state does not cost ten seconds. */
export const shortHoldDown = { holdDown: { checkedMs: 2000 * patience, uncheckedMs: 500 * patience } };

/** An emulated machine is busy with a fifth of it, which the streams make a fifth of it once more. */
const packetsPerSecond = 1000 / patience;

/** Streams run through each change and back, both ways; what they lost is printed, and the table measured in between. */
export async function measurePairStates(
  tenant: Tenant,
  built: TwoDevices,
  { states, expected }: { readonly states: readonly PairState[]; readonly expected: ExpectedMatrix },
): Promise<Cell[]> {
  const cells: Cell[] = [];
  await settle(tenant, built);
  for (const state of states) {
    tenant.progress(`${state.name}: ${packetsPerSecond / patience} packets a second in both directions`);
    report(tenant, '', await streamThrough(built, () => state.enter(built), state.path));
    const table = state.path.length > 0 ? expected : cutOff(expected, built.pair.host.name);
    const measured = await measureMatrix(built.hosts, table, { within: 20_000 });
    cells.push(...[...measured, ...(await pathCells(state, built))].map((cell) => ({ ...cell, state: state.name })));
    await leaveState(tenant, built, state);
  }
  return cells;
}

async function leaveState(tenant: Tenant, built: TwoDevices, state: PairState): Promise<void> {
  if (state.leave === undefined) return;
  const change = async (): Promise<void> => {
    await state.leave?.(built.pair);
    await settle(tenant, built);
  };
  // A stream cannot start where nothing passes.
  if (state.path.length === 0) await change();
  else report(tenant, ', and back', await streamThrough(built, change, [1]));
}

/** Both tunnels work, and packets of both directions take tunnel 1. */
async function settle(tenant: Tenant, built: TwoDevices): Promise<void> {
  await waitUntilHealthy(tenant, built);
  await waitForPath(built, [1]);
  await waitForLanPath(built, 1);
}

/** By direction. */
type StreamReports = Readonly<Record<string, StreamReport>>;

async function streamThrough(
  built: TwoDevices,
  change: () => Promise<void>,
  path: PairState['path'],
): Promise<StreamReports> {
  const [cloudHost, idcHost] = [built.side.hosts[0], built.pair.host];
  const start = (from: Host, to: Host, port: number): Promise<PacketStream> =>
    PacketStream.start({ from, to, packetsPerSecond, port });
  await using there = await start(cloudHost, idcHost, 5000);
  await using back = await start(idcHost, cloudHost, 5001);
  await change();
  await waitForPath(built, path);
  if (path[0] !== undefined) {
    await waitForLanPath(built, path[0]);
    await Promise.all([there, back].map((stream) => stream.waitForMore(300, 30_000)));
  }
  const [toIdc, toCloud] = await Promise.all([there.stop(), back.stop()]);
  return { [`${cloudHost.name} → ${idcHost.name}`]: toIdc, [`${idcHost.name} → ${cloudHost.name}`]: toCloud };
}

function report(tenant: Tenant, suffix: string, reports: StreamReports): void {
  for (const [direction, { sent, lost, longestGapMs }] of Object.entries(reports)) {
    tenant.progress(`  ${direction}${suffix}: ${lost} of ${sent} packets lost, longest gap ${longestGapMs} ms`);
  }
}

/** More cells: the packets of both directions take the tunnel that they shall take. */
async function pathCells({ path }: PairState, built: TwoDevices): Promise<Cell[]> {
  const to = path[0] === undefined ? 'no tunnel' : `tunnel ${path[0]}`;
  const cell = (from: string, isAsExpected: boolean): Cell => ({
    ...{ from, to, expected: 'yes', measured: isAsExpected ? 'yes' : 'no' },
  });
  const ofGateway = cell('gateway', await hasPath(built, path));
  if (path[0] === undefined) return [ofGateway];
  return [ofGateway, cell(built.pair.host.name, await built.pair.isLanPath(path[0]))];
}
