import { cidrContains, compareCidr, type Cidr } from '@landbridge/net';
import type { CcnAttachment } from '../domain/ccn/ccn.ts';
import { isAnnounced } from '../domain/ccn/ccn-route-policy.ts';
import { ccnRoutesOf, type CcnRoute } from './ccn-routes.ts';
import { derivation } from './derivation.ts';
import { policiesInForce } from './policies-in-force.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Vpc } from '../domain/vpc/vpc.ts';
import type { Rows } from '../image/rows.ts';

/** What a CCN announces to a VPN or Direct Connect gateway: whole VPCs, and the ranges of the other gateways. */
export const announcedToGateway = derivation(
  'announced to a gateway',
  hearerOf,
  (hearer, rows, isUsable): readonly Cidr[] =>
    distinct(announcedTo(hearer, rows, isUsable).map((route) => wholeRangeOf(route, rows))),
);

/** What a CCN announces to a VPC: everybody else's ranges but those that are local to the VPC. */
export function announcedToVpc(
  attachment: CcnAttachment,
  { cidr }: Pick<Vpc, 'cidr'>,
  rows: Rows,
  isUsable: IsUsable,
): readonly Cidr[] {
  return announcedOutside({ attachment, cidr }, rows, isUsable);
}

interface Outside {
  readonly attachment: CcnAttachment;
  /** Of the VPC. */
  readonly cidr: Cidr;
}

const announcedOutside = derivation(
  'announced to a VPC',
  ({ attachment, cidr }: Outside) => ({ hearer: hearerOf(attachment), cidr }),
  ({ hearer, cidr }, rows, isUsable): readonly Cidr[] => {
    const destinations = announcedTo(hearer, rows, isUsable).map(({ destination }) => destination);
    return distinct(destinations.filter((destination) => !cidrContains(cidr, destination)));
  },
);

/** All of an attachment that counts here. */
type Hearer = Pick<CcnAttachment, 'ccnId' | 'routeTableId' | 'region' | 'instance'>;

function hearerOf({ ccnId, routeTableId, region, instance }: CcnAttachment): Hearer {
  return { ccnId, routeTableId, region, instance };
}

/** Enabled routes to others in the table that the instance is bound to, as far as its broadcast policies let them out. */
function announcedTo(hearer: Hearer, rows: Rows, isUsable: IsUsable): CcnRoute[] {
  const policies = policiesInForce(hearer.routeTableId, 'broadcast', rows);
  return ccnRoutesOf(hearer, rows, isUsable).filter(
    (route) => route.enabled && route.instance.id !== hearer.instance.id && isAnnounced(route, hearer, policies),
  );
}

/** A VPC's addresses are its own, with or without a subnet. */
export function wholeRangeOf(
  { instance, destination }: Pick<CcnRoute, 'instance' | 'destination'>,
  { vpcs }: Pick<Rows, 'vpcs'>,
): Cidr {
  return (instance.kind === 'vpc' ? vpcs.get(instance.id)?.cidr : undefined) ?? destination;
}

function distinct(destinations: readonly Cidr[]): Cidr[] {
  return [...new Set(destinations)].sort(compareCidr);
}
