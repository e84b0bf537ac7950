import { call } from '../calls/call.ts';
import { CallError } from '../calls/call-error.ts';
import { GentleCalls } from '../calls/gentle-calls.ts';
import type { Network } from './networks.ts';
import { pairOf, verdictsOf, type Verdict } from './reach.ts';

const sideBySide = 4;

export interface PairsAsked {
  readonly networks: readonly Network[];
  readonly signal: AbortSignal;
  readonly isBackground: boolean;
  /** As much as is known, each time when it is more. */
  readonly onVerdicts: (verdicts: ReadonlyMap<string, Verdict>) => void;
}

/** Who of them reaches whom, by as few calls as tell it. */
export async function tracePairs({ networks, signal, isBackground, onVerdicts }: PairsAsked) {
  const verdicts = new Map<string, Verdict>();
  const pairs = networks.flatMap((from) => networks.filter((to) => to !== from).map((to) => ({ from, to })));
  const underWay = new Set<string>();
  const calls = new GentleCalls(call);
  /** The one across the diagonal tells of this one perhaps: it comes last. */
  const next = () => {
    const left = pairs.filter(({ from, to }) => {
      const pair = pairOf(from, to);
      return !verdicts.has(pair) && !underWay.has(pair);
    });
    return left.find(({ from, to }) => !underWay.has(pairOf(to, from)));
  };
  const work = async () => {
    for (let pair = next(); pair !== undefined; pair = next()) {
      const { from, to } = pair;
      underWay.add(pairOf(from, to));
      for (const [id, verdict] of await ask(from, to)) verdicts.set(id, verdict);
      underWay.delete(pairOf(from, to));
      onVerdicts(new Map(verdicts));
    }
  };
  const ask = async (from: Network, to: Network): Promise<ReadonlyMap<string, Verdict>> => {
    try {
      return verdictsOf(await trace(calls, from, to, { signal, isBackground }), from, to);
    } catch (error) {
      if (!(error instanceof CallError)) throw error;
      const problem = `${error.message} ${error.requestId}`.trim();
      return new Map([[pairOf(from, to), { kind: 'unknown', end: null, problem }]]);
    }
  };
  // Those that waited for one across the diagonal are asked for once all others are.
  while (next() !== undefined) await Promise.all(Array.from({ length: sideBySide }, work));
  return verdicts;
}

function trace(calls: GentleCalls, from: Network, to: Network, options: Pick<PairsAsked, 'signal' | 'isBackground'>) {
  const [SourceId, DestinationId] = [from.places[0], to.places[0]];
  const asked = { SourceAddress: from.host, DestinationAddress: to.host };
  const places = { ...(SourceId && { SourceId }), ...(DestinationId && { DestinationId }) };
  return calls.call('TracePath', { ...asked, ...places }, options);
}
