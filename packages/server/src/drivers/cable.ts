import type { CableEndPlan, LinkPlan } from '../plan/plan.ts';
import type { IpCommand } from './kernel.ts';
import type { ActualLink } from './link.ts';
import { isSameNeighbour, neighbourKey, neighbourLine, type ActualNeighbour } from './neighbour.ts';

/**
 * Gives both ends of a cable their Ethernet addresses where the near one is not as planned. Until both are done no packet
 * passes, so the lines for one cable stand together, and no cable waits for another, nor for the plan of its far end.
 */
export function diffCables(
  wanted: readonly LinkPlan[],
  links: readonly ActualLink[],
  neighbours: readonly ActualNeighbour[],
  present: ReadonlySet<string>,
): IpCommand[] {
  const macs = new Map(links.map(({ name, mac }) => [name, mac]));
  const known = new Map(neighbours.map((entry) => [neighbourKey(entry), entry]));
  const isAsPlanned = ({ name, mac, neighbour }: CableEndPlan) =>
    macs.get(name) === mac &&
    isSameNeighbour(neighbour, known.get(neighbourKey({ device: name, address: neighbour.address })));
  return wanted
    .flatMap(({ cable }) => (cable === undefined ? [] : [cable]))
    .filter(({ near }) => present.has(near.name) && !isAsPlanned(near))
    .flatMap(({ near, far }) => [...changeEnd(far), ...changeEnd(near)]);
}

/** With its Ethernet address a device forgets its neighbours, permanent ones too. */
function changeEnd({ netns, name, mac, neighbour }: CableEndPlan): IpCommand[] {
  return [
    { netns, line: `link set ${name} address ${mac}` },
    { netns, line: neighbourLine(name, neighbour) },
  ];
}
