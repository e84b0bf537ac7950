import type { NewEvent } from '../domain/operator/event.ts';
import type { NetnsPlan } from '../plan/plan.ts';

interface Route {
  readonly table: number;
  readonly destination: string;
  readonly metric: number;
  readonly nextHops: readonly { readonly device: string }[];
}

/** Destinations whose best route leads elsewhere now: the devices before and after. */
export interface Move {
  /** At least one. */
  readonly destinations: readonly string[];
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** What changed in this route table, a destination a move. Pure. */
export function movesOf(before: readonly Route[], after: readonly Route[], table: number): Move[] {
  const [old, now] = [bestHops(before, table), bestHops(after, table)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((destination) => ({
      destinations: [destination],
      from: old.get(destination) ?? [],
      to: now.get(destination) ?? [],
    }))
    .filter(({ from, to }) => from.join() !== to.join());
}

/** What moved from the same devices to the same others is one move. */
export function together(moves: readonly Move[]): Move[] {
  const groups = Map.groupBy(moves, ({ from, to }) => `${from.join()} ${to.join()}`);
  return [...groups.values()].flatMap((same) => {
    const [first] = same;
    return first === undefined ? [] : [{ ...first, destinations: same.flatMap(({ destinations }) => destinations) }];
  });
}

/** `10.1.0.0/24: from a to b`, `10.1.0.0/24 and 299 others: from a to b`. */
export function describeMove({ destinations, from, to }: Move): string {
  return `${describeDestinations(destinations)}: from ${describeHops(from)} to ${describeHops(to)}`;
}

function describeDestinations([first = '', ...others]: readonly string[]): string {
  if (others.length === 0) return first;
  return others.length === 1 ? `${first} and ${others.join()}` : `${first} and ${others.length} others`;
}

type Told = Pick<NetnsPlan, 'key' | 'links' | 'switching'>;

/** How a move is told, and to whom. */
export function eventsOf(plan: Told, move: Move): Omit<NewEvent, 'at'>[] {
  const { switching } = plan;
  if (switching === undefined) return [];
  if (switching.tells === 'ranges') return rangeEvents(plan, move);
  return [{ resourceId: switching.resourceId, kind: 'route-switched', message: describeMove(move) }];
}

/** What a move in a CCN means for the VPN gateways that announce the destination. */
function rangeEvents({ key, links }: Told, move: Move): Omit<NewEvent, 'at'>[] {
  const { from, to } = move;
  const message = `${describeMove(move)}, in ${key}.`;
  return links.flatMap(({ name, adjacent }): Omit<NewEvent, 'at'>[] => {
    if (adjacent?.kind !== 'vpn-gateway' || from.includes(name) === to.includes(name)) return [];
    return [{ resourceId: adjacent.key, kind: to.includes(name) ? 'range-announced' : 'range-withdrawn', message }];
  });
}

function bestHops(routes: readonly Route[], number: number): Map<string, string[]> {
  const own = routes.filter(({ table }) => table === number);
  return new Map(
    [...Map.groupBy(own, ({ destination }) => destination)].map(([destination, choices]) => {
      const best = Math.min(...choices.map(({ metric }) => metric));
      const hops = choices.filter(({ metric }) => metric === best).flatMap(({ nextHops }) => nextHops);
      return [destination, hops.map(({ device }) => device).sort()];
    }),
  );
}

function describeHops(devices: readonly string[]): string {
  return devices.length === 0 ? 'none' : devices.join(' and ');
}
