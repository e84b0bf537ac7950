import type { Reply } from '../calls/call.ts';
import { kindOf, type StateKind, type TunnelState } from '../tunnels/tunnel.ts';
import type { Network } from './networks.ts';

export type Trace = Reply<'TracePath'>;
export type Direction = Trace['Forward'];
export type Way = Direction['Ways'][number];
export type WayEnd = Way['End'];

/** Whether one network reaches another. */
export interface Verdict {
  /** good: by every way; waiting: by some; bad: by none; unknown: it could not be asked. */
  readonly kind: StateKind;
  /** Where it ends, of a way that does not arrive where it should; null: all do. */
  readonly end: WayEnd | null;
  /** Why it could not be asked. */
  readonly problem: string;
}

export function verdictOf({ Ways }: Direction, to: Network): Verdict {
  const lost = Ways.filter(({ End }) => !arrives(End, to));
  const kind = lost.length === 0 ? 'good' : lost.length < Ways.length ? 'waiting' : 'bad';
  return { kind, end: lost[0] === undefined ? null : namedEnd(lost[0]), problem: '' };
}

/** Who drops a packet has its name where it is a hop. */
export function namedEnd({ Hops, End }: Way): WayEnd {
  const Name = End.Name || Hops.find(({ ResourceId }) => ResourceId === End.ResourceId)?.Name;
  return Name === undefined ? End : { ...End, Name };
}

/** Through a tunnel nothing arrives while it does not work. */
export function arrives({ Kind, ResourceId, State }: WayEnd, { places }: Pick<Network, 'places'>): boolean {
  if (!places.includes(ResourceId)) return false;
  if (Kind === 'tunnel') return kindOf({ State: State as TunnelState }) === 'good';
  return Kind === 'subnet' || Kind === 'line';
}

export function pairOf(from: Network, to: Network): string {
  return `${from.id}\n${to.id}`;
}

/** A trace tells of the cell, and of the one across the diagonal where the answer begins in the network that was meant. */
export function verdictsOf(trace: Trace, from: Network, to: Network): ReadonlyMap<string, Verdict> {
  const found = new Map([[pairOf(from, to), verdictOf(trace.Forward, to)]]);
  const back = trace.Return;
  if (back !== null && to.places.includes(back.FromId)) found.set(pairOf(to, from), verdictOf(back, from));
  return found;
}

/** Ids of all that a trace names; tunnels and objects alike. */
export function idsOnPath({ Forward, Return }: Pick<Trace, 'Forward' | 'Return'>): ReadonlySet<string> {
  const directions = [Forward, ...(Return === null ? [] : [Return])];
  const ids = directions.flatMap(({ FromId, Ways }) => [
    FromId,
    ...Ways.flatMap(({ Hops, End }) => [
      ...Hops.map(({ ResourceId }) => ResourceId),
      ...[End.ResourceId, End.CustomerGatewayId],
    ]),
  ]);
  return new Set(ids.filter((id) => id !== ''));
}
