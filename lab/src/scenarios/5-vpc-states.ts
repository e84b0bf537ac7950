import { gatewayPath } from '../gateway-path.ts';
import { PacketStream, type StreamReport } from '../packet-stream.ts';
import type { IdcPair } from '../idc-pair.ts';
import { hold, patience } from '../poll.ts';
import { measureMatrix, type Cell, type ExpectedMatrix } from '../reachability-matrix.ts';
import type { World } from '../world.ts';
import { fiveVpcTable, idcLan, waitForPath, waitUntilHealthy, type FiveVpc } from './two-devices.ts';

/** A state of spec/scenarios.md section 5: how it comes about, which tunnel then carries, how it ends. */
interface PairState {
  readonly name: string;
  readonly path: readonly (1 | 2)[];
  enter(pair: IdcPair, built: FiveVpc): Promise<void>;
  leave(pair: IdcPair): Promise<void>;
}

const nothing = (): Promise<void> => Promise.resolve();

const states: readonly PairState[] = [
  { name: 'both healthy', path: [1], enter: nothing, leave: nothing },
  { name: 'device 1 killed', path: [2], enter: ({ first }) => first.kill(), leave: ({ first }) => first.revive() },
  {
    name: "device 1's line cut",
    path: [2],
    enter: ({ first }) => first.cutLine(),
    leave: ({ first }) => first.mendLine(),
  },
  {
    name: 'everything dropped at device 1',
    path: [2],
    enter: ({ first }) => first.drop(['in', 'out']),
    leave: ({ first }) => first.dropNothing(),
  },
  {
    name: 'everything to device 1 dropped',
    path: [2],
    enter: ({ first }) => first.drop(['in']),
    leave: ({ first }) => first.dropNothing(),
  },
  {
    name: 'everything from device 1 dropped',
    path: [2],
    enter: ({ first }) => first.drop(['out']),
    leave: ({ first }) => first.dropNothing(),
  },
  {
    name: 'SAs deleted by device 1',
    path: [2],
    enter: ({ first }) => first.deleteSas(),
    leave: ({ first }) => first.acceptSas(),
  },
  {
    name: 'probe target of device 1 removed',
    path: [2],
    enter: ({ first }) => first.removeProbeTarget(),
    leave: ({ first }) => first.restoreProbeTarget(),
  },
  { name: 'device 1 flaps', path: [2], enter: flap, leave: ({ first }) => first.dropNothing() },
  {
    name: 'device 2 alone killed',
    path: [1],
    enter: ({ second }) => second.kill(),
    leave: ({ second }) => second.revive(),
  },
  {
    name: 'both dead',
    path: [],
    enter: async ({ first, second }) => {
      await first.cutLine();
      await second.cutLine();
    },
    leave: async ({ first, second }) => {
      await first.mendLine();
      await second.mendLine();
    },
  },
  { name: 'recovered', path: [1], enter: nothing, leave: nothing },
];

/** Half a second dead, one second well, again and again: after the first switch the packets stay where they are. */
async function flap(pair: IdcPair, built: FiveVpc): Promise<void> {
  const { gatewayId } = built.vpc1.gateway;
  const readPath = async (): Promise<string> => (await gatewayPath(gatewayId, idcLan)).join();
  const second = pair.second.tunnel.connectionId;
  await pair.first.drop(['in', 'out']);
  await waitForPath(built, [2]);
  for (let round = 0; round < 4; round++) {
    await pair.first.dropNothing();
    await hold('packets stay on tunnel 2', readPath, (path) => path === second, { during: 1000 });
    await pair.first.drop(['in', 'out']);
    await hold('packets stay on tunnel 2', readPath, (path) => path === second, { during: 500 });
  }
}

const packetsPerSecond = 1000;

/** Streams run through each change, both ways; what they lost is printed, and the table measured after it. */
export async function measurePairStates(world: World, built: FiveVpc): Promise<Cell[]> {
  const cells: Cell[] = [];
  for (const state of states) {
    world.progress(`${state.name}: ${packetsPerSecond / patience} packets a second in both directions`);
    const lost = await passThrough(state, built);
    for (const line of lost) world.progress(`  ${line}`);
    const expected = state.path.length > 0 ? fiveVpcTable : nobody(fiveVpcTable);
    const measured = await measureMatrix(built.hosts, expected, { within: 20_000 });
    cells.push(...measured.map((cell) => ({ ...cell, state: state.name })), await pathCell(state, built));
    await state.leave(built.pair);
    await waitUntilHealthy(world, built);
    await waitForPath(built, [1]);
    await measureMatrix(built.hosts, fiveVpcTable, { within: 20_000 });
  }
  return cells;
}

async function passThrough(state: PairState, built: FiveVpc): Promise<string[]> {
  const { hostA } = built.vpc1;
  const { host } = built.pair;
  await using there = await PacketStream.start({ from: hostA, to: host, packetsPerSecond });
  await using back = await PacketStream.start({ from: host, to: hostA, packetsPerSecond, port: 5001 });
  await state.enter(built.pair, built);
  await waitForPath(built, state.path);
  if (state.path.length > 0) {
    await there.waitForMore(300, 30_000);
    await back.waitForMore(300, 30_000);
  }
  const [toIdc, toVpc] = [await there.stop(), await back.stop()];
  return [`VPC-1 A → IDC-1: ${describe(toIdc)}`, `IDC-1 → VPC-1 A: ${describe(toVpc)}`];
}

function describe({ sent, lost, longestGapMs }: StreamReport): string {
  return `${lost} of ${sent} packets lost, longest gap ${longestGapMs} ms`;
}

/** One more cell: the packets take the tunnel that they shall take. */
async function pathCell({ name, path }: PairState, built: FiveVpc): Promise<Cell> {
  const to = path.length === 0 ? 'no tunnel' : `tunnel ${path.join(' and ')}`;
  const isAsExpected = await waitForPath(built, path, 0).then(
    () => true,
    () => false,
  );
  return { state: name, from: 'gateway', to, expected: 'yes', measured: isAsExpected ? 'yes' : 'no' };
}

function nobody(matrix: ExpectedMatrix): ExpectedMatrix {
  return Object.fromEntries(
    Object.entries(matrix).map(([from, row]) => [from, Object.fromEntries(Object.keys(row).map((to) => [to, 'no']))]),
  );
}
