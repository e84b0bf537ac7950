import { cidrRange, type Cidr, type CidrRange } from '@landbridge/net';
import type { CcnInstance } from './ccn.ts';
import type { CcnRouteTableId } from '../resource-id.ts';

/** Which instance a route leads to, or which one hears of it. One of the values fits. */
export type InstanceCondition =
  | { readonly kind: 'instance-kind'; readonly values: readonly CcnInstance['kind'][] }
  | { readonly kind: 'instance-id'; readonly values: readonly string[] }
  | { readonly kind: 'region'; readonly values: readonly string[] };

export type RouteCondition =
  | InstanceCondition
  /** `within`: also ranges inside those named. */
  | { readonly kind: 'destination'; readonly pattern: 'exact' | 'within'; readonly values: readonly Cidr[] };

/** One line of a list of policies; it applies where all its conditions hold. No condition: always. */
export interface CcnRoutePolicy {
  readonly conditions: readonly RouteCondition[];
  /** On the instance that hears of the route; an input policy has none. */
  readonly audience: readonly InstanceCondition[];
  readonly action: 'accept' | 'drop';
  readonly description: string;
}

/** What enters a route table of a CCN, or what it announces. Each change is a new version of the whole list. */
export interface CcnRoutePolicyList {
  readonly routeTableId: CcnRouteTableId;
  readonly direction: 'input' | 'broadcast';
  /** Counts from 1; a table that never had a list is at 0. */
  readonly version: number;
  readonly policies: readonly CcnRoutePolicy[];
  readonly createdAt: number;
}

interface Place {
  readonly instance: CcnInstance;
  /** Of the instance. */
  readonly region: string;
}

interface Route extends Place {
  readonly destination: Cidr;
}

type Policies = readonly CcnRoutePolicy[];

/** Whether a route enters the table with these input policies: the first that applies decides; none does: it enters. */
export function isLetIn(route: Route, policies: Policies): boolean {
  return isAccepted(policies.find(({ conditions }) => areMet(conditions, route)));
}

/** Whether the table with these broadcast policies announces a route to `hearer`: the first that applies decides, none: it does. */
export function isAnnounced(route: Route, hearer: Place, policies: Policies): boolean {
  return isAccepted(
    policies.find(
      ({ conditions, audience }) =>
        areMet(conditions, route) && audience.every((condition) => isOfInstance(condition, hearer)),
    ),
  );
}

function isAccepted(policy: CcnRoutePolicy | undefined): boolean {
  return policy?.action !== 'drop';
}

function areMet(conditions: readonly RouteCondition[], route: Route): boolean {
  return conditions.every((condition) =>
    condition.kind === 'destination' ? isOfDestination(condition, route) : isOfInstance(condition, route),
  );
}

function isOfDestination(
  { pattern, values }: Extract<RouteCondition, { readonly kind: 'destination' }>,
  { destination }: Route,
): boolean {
  if (pattern === 'exact') return values.includes(destination);
  const inner = cidrRange(destination);
  return rangesOf(values).some(
    ({ family, first, last }) => family === inner.family && first <= inner.first && inner.last <= last,
  );
}

/** Parsed once for the thousands of routes that they are compared with. */
const parsed = new WeakMap<readonly Cidr[], readonly CidrRange[]>();

function rangesOf(values: readonly Cidr[]): readonly CidrRange[] {
  const ranges = parsed.get(values) ?? values.map(cidrRange);
  parsed.set(values, ranges);
  return ranges;
}

function isOfInstance(condition: InstanceCondition, { instance, region }: Place): boolean {
  switch (condition.kind) {
    case 'instance-kind':
      return condition.values.includes(instance.kind);
    case 'instance-id':
      return condition.values.includes(instance.id);
    case 'region':
      return condition.values.includes(region);
  }
}
