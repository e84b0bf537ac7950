import { cidrContains, compareCidr, type Cidr } from '@landbridge/net';
import type { CcnAttachment } from '../domain/ccn/ccn.ts';
import { isAnnounced } from '../domain/ccn/ccn-route-policy.ts';
import { ccnRoutesOf, type CcnRoute, type CcnRows } from './ccn-routes.ts';
import { policiesInForce } from './policies-in-force.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Vpc } from '../domain/vpc/vpc.ts';

/** What a CCN announces to a VPN or Direct Connect gateway: whole VPCs, and the ranges of the other gateways. */
export function announcedToGateway(attachment: CcnAttachment, rows: CcnRows, isUsable: IsUsable): Cidr[] {
  return distinct(announcedTo(attachment, rows, isUsable).map((route) => wholeRangeOf(route, rows)));
}

/** What a CCN announces to a VPC: everybody else's ranges but those that are local to the VPC. */
export function announcedToVpc(
  attachment: CcnAttachment,
  { cidr }: Pick<Vpc, 'cidr'>,
  rows: CcnRows,
  isUsable: IsUsable,
): Cidr[] {
  const destinations = announcedTo(attachment, rows, isUsable).map(({ destination }) => destination);
  return distinct(destinations.filter((destination) => !cidrContains(cidr, destination)));
}

/** Enabled routes to others in the table that the instance is bound to, as far as its broadcast policies let them out. */
function announcedTo(attachment: CcnAttachment, rows: CcnRows, isUsable: IsUsable): CcnRoute[] {
  const policies = policiesInForce(attachment.routeTableId, 'broadcast', rows);
  return ccnRoutesOf(attachment, rows, isUsable).filter(
    (route) =>
      route.enabled && route.instance.id !== attachment.instance.id && isAnnounced(route, attachment, policies),
  );
}

/** A VPC's addresses are its own, with or without a subnet. */
export function wholeRangeOf({ instance, destination }: CcnRoute, { vpcs }: Pick<CcnRows, 'vpcs'>): Cidr {
  return (instance.kind === 'vpc' ? vpcs.get(instance.id)?.cidr : undefined) ?? destination;
}

function distinct(destinations: readonly Cidr[]): Cidr[] {
  return [...new Set(destinations)].sort(compareCidr);
}
