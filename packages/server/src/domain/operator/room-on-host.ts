import type { CarriedKind, HostCapacity, Load, ResourceUse } from './host-capacity.ts';

/** How many more there may be, and what ends first. */
export interface Room {
  readonly more: number;
  readonly endedBy: ResourceUse;
}

/** Null: nothing ends that is known. */
export interface HostRoom extends Readonly<Record<CarriedKind, Room | null>> {
  /** What is wanted by now. */
  readonly load: Load;
  /** With what all of that will use, not only what was there at the last look. */
  readonly uses: readonly ResourceUse[];
}

export function hostRoom({ resources, measured }: HostCapacity, load: Load): HostRoom {
  const uses = resources.map((use) => withLoad(use, measured, load));
  return { load, uses, vpnGateways: roomFor('vpnGateways', uses), vpnConnections: roomFor('vpnConnections', uses) };
}

/** What was made since the last look will take its part, and what was deleted gives it back. */
function withLoad(use: ResourceUse, measured: Load, load: Load): ResourceUse {
  const { used, each } = use;
  const gateways = (load.vpnGateways - measured.vpnGateways) * each.vpnGateways;
  const connections = (load.vpnConnections - measured.vpnConnections) * each.vpnConnections;
  return { ...use, used: Math.max(0, used + gateways + connections) };
}

function roomFor(kind: CarriedKind, uses: readonly ResourceUse[]): Room | null {
  const rooms = uses.filter(({ each }) => each[kind] > 0).map((endedBy) => ({ more: moreOf(endedBy, kind), endedBy }));
  return rooms.reduce<Room | null>((least, room) => (least === null || room.more < least.more ? room : least), null);
}

function moreOf({ limit, kept, used, each }: ResourceUse, kind: CarriedKind): number {
  return Math.max(0, Math.floor((limit - kept - used) / each[kind]));
}
