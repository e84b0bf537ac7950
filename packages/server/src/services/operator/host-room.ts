import { carriedWords, describeEnd } from '../../domain/operator/capacity-words.ts';
import { freshCapacity, type CarriedKind } from '../../domain/operator/host-capacity.ts';
import type { ObservedState } from '../../domain/operator/observed-state.ts';
import { hostRoom, type HostRoom } from '../../domain/operator/room-on-host.ts';
import { refuse } from '../../domain/refusal.ts';
import type { Rows } from '../../image/rows.ts';
import type { Clock } from '../../platform/clock.ts';

interface Asked {
  readonly observed: Pick<ObservedState, 'capacity'>;
  readonly clock: Pick<Clock, 'now'>;
}

type CarriedRows = { readonly [Kind in CarriedKind]: Pick<Rows[Kind], 'size'> };

/** By what the acting side saw last and what is wanted by now. Null where it has not looked, or does not look any more. */
export function readHostRoom({ observed, clock }: Asked, rows: CarriedRows): HostRoom | null {
  const capacity = freshCapacity(observed.capacity(), clock.now());
  const load = { vpnGateways: rows.vpnGateways.size(), vpnConnections: rows.vpnConnections.size() };
  return capacity === null ? null : hostRoom(capacity, load);
}

/** Refuses one more where the host would not carry it beside all that is wanted already. What is there is never held back. */
export function checkHostRoom(asked: Asked, rows: CarriedRows, kind: CarriedKind): void {
  const room = readHostRoom(asked, rows)?.[kind] ?? null;
  if (room !== null && room.more < 1)
    refuse('host-full', { things: carriedWords[kind], problem: describeEnd(kind, room) });
}
