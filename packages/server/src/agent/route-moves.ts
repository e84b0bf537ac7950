import type { NewEvent } from '../domain/operator/event.ts';
import { isResourceId, type CcnId } from '../domain/resource-id.ts';
import { tables } from '../planner/layout.ts';

interface Route {
  readonly table: number;
  readonly destination: string;
  readonly metric: number;
  readonly nextHops: readonly { readonly device: string }[];
}

/** A destination whose best route leads elsewhere now: the devices before and after. */
export interface Move {
  readonly destination: string;
  readonly from: readonly string[];
  readonly to: readonly string[];
}

/** What changed in the route table of a gateway or a CCN. Pure. */
export function movesOf(before: readonly Route[], after: readonly Route[]): Move[] {
  const [old, now] = [bestHops(before), bestHops(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .map((destination) => ({ destination, from: old.get(destination) ?? [], to: now.get(destination) ?? [] }))
    .filter(({ from, to }) => from.join() !== to.join());
}

export function describeMove({ destination, from, to }: Move): string {
  return `${destination}: from ${describeHops(from)} to ${describeHops(to)}`;
}

/** What a move in a CCN means for the VPN gateways that announce the destination. */
export function rangeEvents(ccnId: CcnId, move: Move): Omit<NewEvent, 'at'>[] {
  const { from, to } = move;
  const message = `${describeMove(move)}, in ${ccnId}.`;
  const gateways = [...new Set([...from, ...to])].filter((device) => isResourceId('vpngw', device));
  return gateways
    .filter((id) => from.includes(id) !== to.includes(id))
    .map((id) => ({ resourceId: id, kind: to.includes(id) ? 'range-announced' : 'range-withdrawn', message }));
}

/** The gateways' table has the number of the CCNs'. */
const routeTables: readonly number[] = [tables.gateway, tables.ccn];

function bestHops(routes: readonly Route[]): Map<string, string[]> {
  const own = routes.filter(({ table }) => routeTables.includes(table));
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
