import { cidrContains, CidrIndex, compareCidr, type Cidr } from '@landbridge/net';
import type { CcnAttachment } from '../domain/ccn/ccn.ts';
import { isAnnounced } from '../domain/ccn/ccn-route-policy.ts';
import { ccnRoutesOf, type CcnRoute, type TableOfCcn } from './ccn-routes.ts';
import { derivation } from './derivation.ts';
import { policiesInForce } from './policies-in-force.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import { rangesOfVpc, vpcRangeAround, type VpcRanges } from '../domain/vpc/vpc.ts';
import type { Rows } from '../image/rows.ts';

/** What a CCN announces to a VPN or Direct Connect gateway: whole ranges of VPCs, and the ranges of the other gateways. */
export const announcedToGateway = derivation(
  'announced to a gateway',
  hearerOf,
  (hearer, rows, isUsable): readonly Cidr[] =>
    distinct(heardBy(hearer, wholeRangesIn(hearer, rows, isUsable), rows).map(({ range }) => range)),
);

/** Of what a CCN announces to an instance the ranges around this one, in no order. To a VPC those outside it are meant. */
export function announcedAround(
  attachment: CcnAttachment,
  range: Cidr,
  rows: Rows,
  isUsable: IsUsable,
): readonly Cidr[] {
  const announcedIn = attachment.instance.kind === 'vpc' ? destinationsIn : wholeRangesIn;
  const around = announcementsAt(announcedIn(attachment, rows, isUsable)).around(range);
  return heardBy(hearerOf(attachment), around, rows).map((each) => each.range);
}

/** Of lists that derivations keep, by the list: made once for all who ask about it. */
const indexes = new WeakMap<readonly Announcement[], CidrIndex<Announcement>>();

function announcementsAt(announcements: readonly Announcement[]): CidrIndex<Announcement> {
  const index = indexes.get(announcements) ?? new CidrIndex(announcements.map((each) => [each.range, each]));
  indexes.set(announcements, index);
  return index;
}

/** A route, and the range that is told of it. */
interface Announcement {
  readonly route: CcnRoute;
  readonly range: Cidr;
}

/** In order of the ranges. The same for everybody who is bound to the table, and of the most routes: made once. */
const wholeRangesIn = derivation(
  'whole ranges in a route table of a CCN',
  tableOf,
  (table, rows, isUsable): readonly Announcement[] =>
    inOrder(enabledIn(table, rows, isUsable).map((route) => ({ route, range: wholeRangeOf(route, rows) }))),
);

/** As `wholeRangesIn`, of destinations as they are. */
const destinationsIn = derivation(
  'destinations in a route table of a CCN',
  tableOf,
  (table, rows, isUsable): readonly Announcement[] =>
    inOrder(enabledIn(table, rows, isUsable).map((route) => ({ route, range: route.destination }))),
);

/** What a CCN announces to a VPC: everybody else's ranges but those that are local to the VPC. */
export function announcedToVpc(
  attachment: CcnAttachment,
  vpc: VpcRanges,
  rows: Rows,
  isUsable: IsUsable,
): readonly Cidr[] {
  return announcedOutside({ attachment, local: rangesOfVpc(vpc) }, rows, isUsable);
}

interface Outside {
  readonly attachment: CcnAttachment;
  /** Ranges of the VPC. */
  readonly local: readonly Cidr[];
}

const announcedOutside = derivation(
  'announced to a VPC',
  ({ attachment, local }: Outside) => ({ hearer: hearerOf(attachment), local }),
  ({ hearer, local }, rows, isUsable): readonly Cidr[] => {
    const heard = heardBy(hearer, destinationsIn(hearer, rows, isUsable), rows);
    const ranges = distinct(heard.map(({ range }) => range));
    return ranges.filter((range) => !local.some((own) => cidrContains(own, range)));
  },
);

/** All of an attachment that counts here. */
type Hearer = Pick<CcnAttachment, 'ccnId' | 'routeTableId' | 'region' | 'instance'>;

function hearerOf({ ccnId, routeTableId, region, instance }: CcnAttachment): Hearer {
  return { ccnId, routeTableId, region, instance };
}

function tableOf({ ccnId, routeTableId }: TableOfCcn): TableOfCcn {
  return { ccnId, routeTableId };
}

function enabledIn(table: TableOfCcn, rows: Rows, isUsable: IsUsable): CcnRoute[] {
  return ccnRoutesOf(table, rows, isUsable).filter(({ enabled }) => enabled);
}

/** Of the table that the instance is bound to what leads to others, as far as the table's broadcast policies let it out. */
function heardBy(hearer: Hearer, announcements: readonly Announcement[], rows: Rows): Announcement[] {
  const policies = policiesInForce(hearer.routeTableId, 'broadcast', rows);
  return announcements.filter(
    ({ route }) => route.instance.id !== hearer.instance.id && isAnnounced(route, hearer, policies),
  );
}

/** Of a VPC the range that the destination is in: its addresses are the VPC's, with or without a subnet. */
export function wholeRangeOf(
  { instance, destination }: Pick<CcnRoute, 'instance' | 'destination'>,
  { vpcs }: Pick<Rows, 'vpcs'>,
): Cidr {
  const vpc = instance.kind === 'vpc' ? vpcs.get(instance.id) : undefined;
  return (vpc && vpcRangeAround(vpc, destination)) ?? destination;
}

function inOrder(announcements: Announcement[]): Announcement[] {
  return announcements.sort((a, b) => compareCidr(a.range, b.range));
}

/** Of ranges in order. */
function distinct(ranges: readonly Cidr[]): Cidr[] {
  return ranges.filter((range, place) => range !== ranges[place - 1]);
}
