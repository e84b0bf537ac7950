import { compareCidr, everything, type Cidr } from '@landbridge/net';
import { CcnClaims, type Claim } from './ccn-claims.ts';
import {
  defaultRouteTableId,
  type Ccn,
  type CcnAttachment,
  type CcnInstance,
  type CcnRouteChoice,
} from '../domain/ccn/ccn.ts';
import { isLetIn } from '../domain/ccn/ccn-route-policy.ts';
import type { Rows } from '../image/rows.ts';
import { digestId } from '../domain/digest-id.ts';
import type { CcnId, CcnRouteId, CcnRouteTableId } from '../domain/resource-id.ts';
import { assumeUsable, type IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Vpc } from '../domain/vpc/vpc.ts';
import { derivation } from './derivation.ts';
import { policiesInForce } from './policies-in-force.ts';
import { ccnRangesOf } from './vpn-gateway-ccn-range.ts';

/** The routes of a CCN: derived from what is attached, never stored (docs/spec/semantics.md section 9). Pure. */
export interface CcnRoute {
  readonly id: CcnRouteId;
  readonly ccnId: CcnId;
  readonly routeTableId: CcnRouteTableId;
  readonly destination: Cidr;
  readonly instance: CcnInstance;
  /** Of the instance. */
  readonly region: string;
  readonly arrivedAt: number;
  readonly enabled: boolean;
  /** Why it is not enabled. */
  readonly obstacle: Obstacle | null;
}

export type Obstacle =
  | { readonly kind: 'disabled-by-user' }
  | { readonly kind: 'default-route' }
  /** No tunnel of the gateway that leads there works. */
  | { readonly kind: 'unusable' }
  | { readonly kind: 'overlap'; readonly other: Pick<CcnRoute, 'id' | 'destination' | 'instance'> };

/** A route table of a CCN. An attachment names the one that its instance is bound to. */
export type TableOfCcn = Pick<CcnAttachment, 'ccnId' | 'routeTableId'>;

/**
 * What input policies let into the table, in order of arrival. A route that overlaps an enabled one of another instance
 * comes disabled: the first one stays. What a user enabled or disabled by hand stays so. A range that no tunnel leads to
 * stands in nobody's way, and has its old place when it returns.
 */
export const ccnRoutesOf = derivation(
  'routes of a CCN',
  ({ ccnId, routeTableId }: TableOfCcn) => ({ ccnId, routeTableId }),
  decideRoutes,
);

function decideRoutes({ ccnId, routeTableId }: TableOfCcn, rows: Rows, isUsable: IsUsable): readonly CcnRoute[] {
  const ccn = rows.ccns.get(ccnId);
  if (ccn === undefined) return [];
  const all = rows.ccnAttachments.of('ccn', ccnId).flatMap((attachment) => publishedBy(attachment, rows, isUsable));
  // Where all of them work, it is what plans have kept already.
  if (isUsable !== assumeUsable && all.every((range) => range.isUsable)) {
    return ccnRoutesOf({ ccnId, routeTableId }, rows, assumeUsable);
  }
  const policies = policiesInForce(routeTableId, 'input', rows);
  const published = all
    .filter((route) => isLetIn(route, policies))
    .map((route): Candidate => ({ ...route, routeTableId }))
    .sort(byArrival);
  const choiceOf = choicesOf(rows.ccnRouteChoices.of('routeTable', routeTableId));
  return decide(published, ccn, choiceOf);
}

/** In every route table of the CCN. */
export function ccnRoutesInAllTables(ccnId: CcnId, rows: Rows, isUsable: IsUsable): CcnRoute[] {
  return rows.ccnRouteTables
    .of('ccn', ccnId)
    .flatMap(({ id: routeTableId }) => ccnRoutesOf({ ccnId, routeTableId }, rows, isUsable));
}

/** What an instance publishes to its CCN, whatever becomes of it there. */
export function rangesPublishedBy(attachment: CcnAttachment, rows: Rows): Cidr[] {
  return publishedBy(attachment, rows, assumeUsable)
    .sort(byArrival)
    .map(({ destination }) => destination);
}

export function attachmentOf(
  instanceId: CcnInstance['id'],
  { ccnAttachments }: Pick<Rows, 'ccnAttachments'>,
): CcnAttachment | undefined {
  return ccnAttachments.get(instanceId);
}

/** The enabled route of another instance that forbids this one to be enabled by hand: only one for the same range. */
export function twinOf(
  route: CcnRoute,
  routes: readonly CcnRoute[],
  ccn: Pick<Ccn, 'routeEcmp'>,
): CcnRoute | undefined {
  return routes.find(
    (other) => other.enabled && other.destination === route.destination && !mayShare(route, other, ccn),
  );
}

interface Published {
  readonly ccnId: CcnId;
  readonly destination: Cidr;
  readonly instance: CcnInstance;
  readonly region: string;
  readonly arrivedAt: number;
  readonly number: number;
  readonly isUsable: boolean;
}

/** What a table has to decide about. */
interface Candidate extends Published {
  readonly routeTableId: CcnRouteTableId;
}

function publishedBy(
  { ccnId, instance, region, createdAt, number }: CcnAttachment,
  rows: Rows,
  isUsable: IsUsable,
): Published[] {
  return rangesOf(instance, rows, isUsable).map((range) => ({
    ...{ ccnId, instance, region, number, destination: range.destination },
    isUsable: range.isUsable ?? true,
    arrivedAt: Math.max(createdAt, range.arrivedAt),
  }));
}

interface Range {
  readonly destination: Cidr;
  readonly arrivedAt: number;
  /** Absent where no tunnel is needed. */
  readonly isUsable?: boolean;
}

const rangesOf = derivation(
  'ranges of an instance',
  ({ kind, id }: CcnInstance) => ({ kind, id }) as CcnInstance,
  (instance, rows, isUsable): readonly Range[] => {
    switch (instance.kind) {
      case 'vpc':
        return vpcRanges(instance.id, rows);
      case 'vpn-gateway':
        return ccnRangesOf(instance.id, rows, isUsable).filter(({ enabled }) => enabled);
      case 'direct-connect-gateway':
        return rows.directConnectRanges
          .of('directConnectGateway', instance.id)
          .map(({ destination, updatedAt }) => ({ destination, arrivedAt: updatedAt }));
    }
  },
);

/** One route a subnet, or one for each of the VPC's ranges when they are what it publishes. */
function vpcRanges(vpcId: Vpc['id'], { vpcs, subnets }: Rows): Range[] {
  const vpc = vpcs.get(vpcId);
  if (vpc === undefined) return [];
  if (vpc.publishVpcCidr) {
    const secondary = vpc.secondaryRanges.map(({ cidr, addedAt }) => ({ destination: cidr, arrivedAt: addedAt }));
    return [{ destination: vpc.cidr, arrivedAt: vpc.createdAt }, ...secondary];
  }
  return subnets.of('vpc', vpcId).map(({ cidr, createdAt }) => ({ destination: cidr, arrivedAt: createdAt }));
}

function byArrival(a: Published, b: Published): number {
  return a.arrivedAt - b.arrivedAt || a.number - b.number || compareCidr(a.destination, b.destination);
}

type ChoiceOf = (route: Candidate) => CcnRouteChoice | undefined;

function choicesOf(choices: readonly CcnRouteChoice[]): ChoiceOf {
  const keyOf = (instanceId: string, destination: Cidr) => `${instanceId} ${destination}`;
  const found = new Map(choices.map((choice) => [keyOf(choice.instanceId, choice.destination), choice]));
  return ({ instance, destination }) => found.get(keyOf(instance.id, destination));
}

/** Routes enabled by hand first, then the others as they came. */
function decide(published: readonly Candidate[], ccn: Ccn, choiceOf: ChoiceOf): CcnRoute[] {
  const claims = new CcnClaims<Candidate>(published.map(({ destination }) => destination));
  const obstacles = new Map<Candidate, Obstacle | null>();
  const chosen = new Set(published.filter((route) => choiceOf(route)?.enabled === true));
  for (const route of chosen) {
    const twin = claims.first(
      route.destination,
      ({ route: claimed }) => claimed.destination === route.destination && !mayShare(route, claimed, ccn),
    );
    const obstacle = unusable(route) ?? (twin === undefined ? null : overlapWith(twin.route));
    obstacles.set(route, obstacle);
    if (obstacle === null) claims.add({ route, isChosen: true, until: Infinity });
  }
  for (const route of published) {
    if (chosen.has(route)) continue;
    const choice = choiceOf(route);
    const obstacle: Obstacle | null =
      choice === undefined ? (unusable(route) ?? obstacleOf(route, claims, ccn)) : { kind: 'disabled-by-user' };
    obstacles.set(route, obstacle);
    // Who had to wait for a route that is then disabled by hand does not step in by itself.
    if (obstacle === null) claims.add({ route, isChosen: false, until: Infinity });
    else if (choice !== undefined) claims.add({ route, isChosen: false, until: choice.updatedAt });
  }
  return published.map((route) => toRoute(route, obstacles.get(route) ?? null));
}

function unusable({ isUsable }: Published): Obstacle | null {
  return isUsable ? null : { kind: 'unusable' };
}

function obstacleOf(route: Candidate, claims: CcnClaims<Candidate>, ccn: Ccn): Obstacle | null {
  if (route.destination === everything && !ccn.routeOverlap) return { kind: 'default-route' };
  const isInTheWay = (claim: Claim<Candidate>) => claim.until >= route.arrivedAt && conflict(route, claim, ccn);
  const claim = claims.first(route.destination, isInTheWay);
  return claim === undefined ? null : overlapWith(claim.route);
}

/** Whether a route has to wait for an earlier one whose destination overlaps its own. */
export function conflict(
  route: Pick<CcnRoute, 'destination' | 'instance'>,
  { route: claimed, isChosen }: Pick<Claim<Pick<CcnRoute, 'destination' | 'instance'>>, 'route' | 'isChosen'>,
  ccn: Pick<Ccn, 'routeEcmp' | 'routeOverlap'>,
): boolean {
  if (claimed.destination === route.destination) return !mayShare(route, claimed, ccn);
  const isOther = claimed.instance.id !== route.instance.id && claimed.destination !== everything;
  return isOther && !ccn.routeOverlap && !isChosen;
}

/** ECMP: when the CCN allows it, and always among Direct Connect gateways. */
export function mayShare(
  a: Pick<Published, 'instance'>,
  b: Pick<Published, 'instance'>,
  ccn: Pick<Ccn, 'routeEcmp'>,
): boolean {
  const isDirect = ({ instance }: Pick<Published, 'instance'>) => instance.kind === 'direct-connect-gateway';
  return a.instance.id === b.instance.id || ccn.routeEcmp || (isDirect(a) && isDirect(b));
}

function overlapWith(other: Candidate): Obstacle {
  return { kind: 'overlap', other: { id: idOf(other), destination: other.destination, instance: other.instance } };
}

function toRoute(route: Candidate, obstacle: Obstacle | null): CcnRoute {
  const { ccnId, routeTableId, destination, instance, region, arrivedAt } = route;
  const enabled = obstacle === null;
  return { id: idOf(route), ccnId, routeTableId, destination, instance, region, arrivedAt, enabled, obstacle };
}

/** Another in each table. */
function idOf({ ccnId, routeTableId, instance, destination }: Candidate): CcnRouteId {
  const place = routeTableId === defaultRouteTableId(ccnId) ? ccnId : routeTableId;
  return digestId('ccnr', place, instance.id, destination);
}
