import { carriedWords, describeEnd } from '../domain/operator/capacity-words.ts';
import type { Condition } from '../domain/operator/condition.ts';
import { carriedKinds, type CarriedKind } from '../domain/operator/host-capacity.ts';
import type { HostRoom } from '../domain/operator/room-on-host.ts';

/** Not ok where there is room for none, or for fewer than a tenth of what there is. @param room null: it is not known. */
export function capacityCondition(room: HostRoom | null): Condition {
  const problems = room === null ? [] : carriedKinds.flatMap((kind) => problemOf(kind, room));
  return { name: 'capacity', ok: problems.length === 0, message: problems.join('; ') };
}

function problemOf(kind: CarriedKind, room: HostRoom): string[] {
  const ofKind = room[kind];
  if (ofKind === null || ofKind.more >= Math.max(1, Math.floor(room.load[kind] / 10))) return [];
  const number = ofKind.more === 0 ? 'no' : `only ${ofKind.more}`;
  return [`this host carries ${number} more ${carriedWords[kind].en}: ${describeEnd(kind, ofKind).en}`];
}
