import type { IpAddress } from '@landbridge/net';
import { netnsName } from './layout.ts';
import { stableMac } from './mac-address.ts';
import type { LinkPlan } from './plan.ts';

/** One end of a pair of veths; null is the host's own namespace. */
export interface CableEnd {
  readonly netns: string | null;
  readonly name: string;
}

/**
 * What both ends of a cable of ours know of each other beforehand. The kernel has one neighbour table for all namespaces, and
 * whoever makes it full ends the resolution of everybody's addresses: entries that are permanent need none, are not counted
 * and never collected (docs/adr/0020).
 */
export function cable(near: CableEnd, far: CableEnd, farAddress: IpAddress): Pick<LinkPlan, 'mac' | 'neighbours'> {
  return { mac: macOf(near), neighbours: [{ address: farAddress, mac: macOf(far) }] };
}

/** The same between the namespaces of two resources, where a device bears the name of what is at its other end. */
export function innerCable(own: string, other: string, otherAddress: IpAddress): Pick<LinkPlan, 'mac' | 'neighbours'> {
  return cable(innerEnd(own, other), innerEnd(other, own), otherAddress);
}

function innerEnd(own: string, other: string): CableEnd {
  return { netns: netnsName(own), name: other };
}

export function macOf({ netns, name }: CableEnd): string {
  return stableMac(`${netns ?? 'host'} ${name}`);
}
