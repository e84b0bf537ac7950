import type { IpAddress } from '@landbridge/net';
import { holdsAddress, natInsideAddress, type Uplink } from '../domain/operator/uplink.ts';
import { kindOf, netnsName, wan } from '../plan/names.ts';
import type { LinkPlan, PlanKey } from '../plan/plan.ts';

export function refuse(problem: string): never {
  throw new Error(problem);
}

/** An address that a gateway may have on the uplink. */
export function isOfUplink(address: string, uplink: Uplink | null): boolean {
  if (uplink === null) return false;
  return holdsAddress(uplink, address as IpAddress) || (uplink.mode === 'nat' && address === natInsideAddress);
}

/** A device between two namespaces bears the key of the plan at its other end; a gateway's in the host's, its own, and its `wan` leads there. */
export function checkCable(key: PlanKey, { name, cable }: LinkPlan): void {
  if (cable === undefined) return;
  const { near, far } = cable;
  if (near.netns !== (key === 'host' ? null : netnsName(key)) || near.name !== name)
    refuse(`the cable of ${name} is another's`);
  const isToHost = far.netns === null && far.name === key && kindOf(key) === 'vpn-gateway';
  const isInner = far.netns === netnsName(name) && far.name === (key === 'host' ? wan : key);
  if (!isToHost && !isInner) refuse(`the cable of ${name} leads to ${far.name} of ${far.netns ?? 'the host'}`);
}

export function checkAdjacent({ adjacent }: LinkPlan): void {
  if (adjacent !== undefined && (kindOf(adjacent.key) ?? 'host') !== adjacent.kind)
    refuse(`${adjacent.key} is no ${adjacent.kind}`);
}
