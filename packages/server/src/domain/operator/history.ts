import type { VpnConnectionId, VpnGatewayId } from '../resource-id.ts';

/** How long the steps of the history are, seconds, and how long each length is kept. */
export const historySteps = [
  { seconds: 10, keptSeconds: 3 * 3600 },
  { seconds: 60, keptSeconds: 24 * 3600 },
  { seconds: 300, keptSeconds: 7 * 24 * 3600 },
] as const;

export type StepSeconds = (typeof historySteps)[number]['seconds'];

/** The longest series there is: seven days of the longest steps. */
export const mostPoints = 2016;
/** Series of one question. */
export const mostSeries = 10;

/**
 * What passed a tunnel or a gateway in a time, and how it was. Each number is a sum, so that times and tunnels can be put together by
 * adding up.
 */
export interface Tally {
  /** How long it was counted what passes, milliseconds; 0: not at all. Of several tunnels the longest. */
  readonly countedMs: number;
  /** Of what was inside of ESP. */
  readonly inBytes: number;
  readonly inPackets: number;
  readonly outBytes: number;
  readonly outPackets: number;
  /** Probes of the minute before each look; 0: there were none. */
  readonly probesSent: number;
  readonly probesLost: number;
  /** Of all that were answered together, milliseconds. */
  readonly delayMs: number;
  /** How long charon was asked for its SAs, and of that, how long the tunnel had all of its CHILD_SAs. */
  readonly watchedMs: number;
  readonly connectedMs: number;
}

export const tallyFields = [
  'countedMs',
  'inBytes',
  'inPackets',
  'outBytes',
  'outPackets',
  'probesSent',
  'probesLost',
  'delayMs',
  'watchedMs',
  'connectedMs',
] as const satisfies readonly (keyof Tally)[];

export const emptyTally: Tally = {
  countedMs: 0,
  inBytes: 0,
  inPackets: 0,
  outBytes: 0,
  outPackets: 0,
  probesSent: 0,
  probesLost: 0,
  delayMs: 0,
  watchedMs: 0,
  connectedMs: 0,
};

/** Of one time after another. */
export function sumOverTime(one: Tally, other: Tally): Tally {
  return sum(one, other, one.countedMs + other.countedMs);
}

/** Of tunnels beside each other. */
export function sumOverTunnels(one: Tally, other: Tally): Tally {
  return sum(one, other, Math.max(one.countedMs, other.countedMs));
}

function sum(one: Tally, other: Tally, countedMs: number): Tally {
  return {
    countedMs,
    inBytes: one.inBytes + other.inBytes,
    inPackets: one.inPackets + other.inPackets,
    outBytes: one.outBytes + other.outBytes,
    outPackets: one.outPackets + other.outPackets,
    probesSent: one.probesSent + other.probesSent,
    probesLost: one.probesLost + other.probesLost,
    delayMs: one.delayMs + other.delayMs,
    watchedMs: one.watchedMs + other.watchedMs,
    connectedMs: one.connectedMs + other.connectedMs,
  };
}

/** What a series is of: a tunnel; without one, all tunnels of the gateway together, those that are gone included. */
export interface SeriesName {
  readonly gateway: VpnGatewayId;
  readonly tunnel: VpnConnectionId | null;
}

export interface HistoryQuestion {
  readonly series: readonly SeriesName[];
  /** Milliseconds since the epoch; steps that begin from then on, */
  readonly from: number;
  /** and before then. */
  readonly to: number;
  readonly seconds: StepSeconds;
}

export interface HistoryPoint {
  /** When the step began, milliseconds since the epoch, a multiple of its length. */
  readonly at: number;
  readonly tally: Tally;
}

/** One series for each that was asked for, the oldest point first; steps of which nothing is known have none. */
export type HistorySeries = readonly HistoryPoint[];

/** A series as it is handed on: of each point when its step began, and the fields of its tally in the order of `tallyFields`. */
export type PackedSeries = Float64Array<ArrayBuffer>;

const packedNumbers = tallyFields.length + 1;

export function packSeries(series: HistorySeries): PackedSeries {
  const packed = new Float64Array(series.length * packedNumbers);
  for (const [index, { at, tally }] of series.entries()) {
    packed[index * packedNumbers] = at;
    for (const [field, name] of tallyFields.entries()) packed[index * packedNumbers + field + 1] = tally[name];
  }
  return packed;
}

/** Point by point. */
export function packedPoints(packed: PackedSeries): number[][] {
  const points = packed.length / packedNumbers;
  return Array.from({ length: points }, (_, index) => [
    ...packed.subarray(index * packedNumbers, (index + 1) * packedNumbers),
  ]);
}

/** Who knows what was. */
export interface HistorySource {
  /** Null: whoever knows cannot be asked now. */
  ask(question: HistoryQuestion): Promise<readonly HistorySeries[] | null>;
}

export function meanDelayMs({ probesSent, probesLost, delayMs }: Tally): number | null {
  const answered = probesSent - probesLost;
  return answered > 0 ? delayMs / answered : null;
}
