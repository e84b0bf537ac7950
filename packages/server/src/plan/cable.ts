import type { IpAddress } from '@landbridge/net';
import { stableMac } from './mac-address.ts';
import type { AdjacentPlan, CableEndPlan, CablePlan, PlanKey } from './plan.ts';
import { ccnAddress, gatewaySideAddress, kindOf, netnsName, networkSideAddress } from './names.ts';

/** One end of a pair of veths, and the address that is spoken to there. */
export interface CableEnd {
  /** Null is the host's own. */
  readonly netns: string | null;
  readonly name: string;
  readonly address: IpAddress;
}

/**
 * What both ends of a cable of ours know of each other beforehand. The kernel has one neighbour table for all namespaces, and
 * whoever makes it full ends the resolution of everybody's addresses: entries that are permanent need none, are not counted
 * and never collected (docs/adr/0020).
 */
export function cable(near: CableEnd, far: CableEnd): CablePlan {
  return { near: planEnd(near, far), far: planEnd(far, near) };
}

/** The same between the namespaces of two resources, where a device bears the name of what is at its other end. */
export function innerCable(own: PlanKey, other: PlanKey): CablePlan {
  return cable(innerEnd(own, other), innerEnd(other, own));
}

function innerEnd(own: PlanKey, other: PlanKey): CableEnd {
  return { netns: netnsName(own), name: other, address: innerAddress(own) };
}

/** Of a resource, on its cables to others. */
export function innerAddress(key: PlanKey): IpAddress {
  const kind = kindOf(key);
  if (kind === 'vpc') return networkSideAddress;
  return kind === 'ccn' ? ccnAddress : gatewaySideAddress;
}

/** A link of that name leads to the plan with that key. */
export function adjacent(key: PlanKey): AdjacentPlan {
  return { kind: kindOf(key) ?? 'host', key } as AdjacentPlan;
}

function planEnd(end: CableEnd, other: CableEnd): CableEndPlan {
  const { netns, name } = end;
  return { netns, name, mac: macOf(end), neighbour: { address: other.address, mac: macOf(other) } };
}

export function macOf({ netns, name }: Pick<CableEnd, 'netns' | 'name'>): string {
  return stableMac(`${netns ?? 'host'} ${name}`);
}
