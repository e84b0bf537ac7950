import type { Host } from './host.ts';
import { ping } from './ping.ts';
import { poll } from '@landbridge/testbed/poll';

/** `partly`: some requests were answered and some were not, which no scenario expects. */
export type Reachability = 'yes' | 'no' | 'partly';

export interface Cell {
  readonly from: string;
  readonly to: string;
  readonly expected: 'yes' | 'no';
  readonly measured: Reachability;
  /** In which state of the network; absent where there is only one. */
  readonly state?: string;
}

/** From → to → expectation, as in the tables of docs/spec/scenarios.md; a pair left out is not measured. */
export type ExpectedMatrix = Readonly<Record<string, Readonly<Record<string, 'yes' | 'no'>>>>;

/** Everybody reaches everybody. */
export function fullMesh(names: readonly string[]): ExpectedMatrix {
  const rowOf = (from: string): ExpectedMatrix[string] =>
    Object.fromEntries(names.filter((to) => to !== from).map((to) => [to, 'yes']));
  return Object.fromEntries(names.map((from) => [from, rowOf(from)]));
}

/** The same matrix when nobody reaches `name`, nor it anybody. */
export function cutOff(matrix: ExpectedMatrix, name: string): ExpectedMatrix {
  const cell = (from: string, to: string, value: 'yes' | 'no'): 'yes' | 'no' =>
    from === name || to === name ? 'no' : value;
  return Object.fromEntries(
    Object.entries(matrix).map(([from, row]) => [
      from,
      Object.fromEntries(Object.entries(row).map(([to, value]) => [to, cell(from, to, value)])),
    ]),
  );
}

export interface MeasureOptions {
  /** Milliseconds that positive cells get to come up; 30 s unless told otherwise. */
  readonly within?: number;
  readonly signal?: AbortSignal | undefined;
}

interface Pair {
  readonly from: Host;
  readonly to: Host;
  readonly expected: 'yes' | 'no';
}

/**
 * Pings every pair. The pairs that shall work are awaited first; then all are measured at the same time, so that each `no` is
 * taken while its neighbours are proven to work.
 */
export async function measureMatrix(
  hosts: readonly Host[],
  expected: ExpectedMatrix,
  options: MeasureOptions = {},
): Promise<Cell[]> {
  const pairs = pairsOf(hosts, expected);
  await Promise.all(pairs.filter((pair) => pair.expected === 'yes').map((pair) => awaitReply(pair, options)));
  return Promise.all(pairs.map(measure));
}

/** The cells that are not as expected. */
export function mismatches(cells: readonly Cell[]): Cell[] {
  return cells.filter(({ expected, measured }) => expected !== measured);
}

function pairsOf(hosts: readonly Host[], expected: ExpectedMatrix): Pair[] {
  const byName = new Map(hosts.map((host) => [host.name, host]));
  return Object.entries(expected).flatMap(([from, row]) =>
    Object.entries(row).map(([to, value]) => ({ from: named(byName, from), to: named(byName, to), expected: value })),
  );
}

function named(hosts: ReadonlyMap<string, Host>, name: string): Host {
  const host = hosts.get(name);
  if (host === undefined) throw new Error(`the matrix names ${name}, which is no host of this lab`);
  return host;
}

/** Silence is no error here: the measurement afterwards shows it. */
async function awaitReply({ from, to }: Pair, { within = 30_000, signal }: MeasureOptions): Promise<void> {
  const hop = `${from.name} reaches ${to.name}`;
  await poll(
    hop,
    () => ping(from, to.address),
    ({ received }) => received > 0,
    { within, signal },
  ).catch((error: unknown) => {
    signal?.throwIfAborted();
    return error;
  });
}

/**
 * On a busy machine the devices' own ESP may lose a datagram, and ping waits two round trips for the last answer only: what
 * shall work and did so partly is measured again. What shall not work is measured once.
 */
async function measure(pair: Pair): Promise<Cell> {
  let measured = await measureOnce(pair);
  for (let again = 0; again < 2 && pair.expected === 'yes' && measured === 'partly'; again++) {
    measured = await measureOnce(pair);
  }
  return { from: pair.from.name, to: pair.to.name, expected: pair.expected, measured };
}

async function measureOnce({ from, to }: Pair): Promise<Reachability> {
  const { sent, received } = await ping(from, to.address, { count: 5, intervalSeconds: 0.3 });
  return received === 0 ? 'no' : received === sent ? 'yes' : 'partly';
}
