import type { RoutePlan } from '../plan/plan.ts';
import { changed } from './changed-parts.ts';
import { routeProtocol, type IpCommand, type Netns } from './kernel.ts';

/** An IPv4 route as `ip -Numeric -details -json route show` tells it. */
export interface ActualRoute {
  readonly table: number;
  /** `0.0.0.0/0`, `10.0.0.0/8`, `10.0.0.1/32`. */
  readonly destination: string;
  readonly metric: number;
  readonly protocol: number;
  readonly kind: string;
  readonly nextHops: readonly { readonly device: string; readonly via: string | null }[];
  readonly source: string | null;
}

export interface RouteChanges {
  readonly additions: readonly IpCommand[];
  readonly removals: readonly IpCommand[];
  /** Devices that routes wait for. */
  readonly missing: readonly string[];
}

const kinds: Readonly<Record<string, string>> = {
  ...{ '1': 'unicast', '2': 'local', '3': 'broadcast', '4': 'anycast', '5': 'multicast' },
  ...{ '6': 'blackhole', '7': 'unreachable', '8': 'prohibit' },
};
const localTable = 255;
/** Routes the kernel makes itself: by an ICMP redirect, or with an address. (3, `boot`, is what `ip route add` writes.) */
const kernelProtocols = new Set([1, 2]);

export function parseRoutes(answer: readonly unknown[]): ActualRoute[] {
  return (answer as readonly IpRoute[])
    .map((route) => ({
      table: Number(route.table ?? 254),
      destination: parseDestination(route.dst),
      metric: route.metric ?? 0,
      protocol: Number(route.protocol ?? 0),
      kind: kinds[route.type ?? '1'] ?? route.type ?? 'unicast',
      nextHops: parseNextHops(route),
      source: route.prefsrc ?? null,
    }))
    .filter(
      (route) => route.table !== localTable && ['unicast', 'blackhole', 'unreachable', 'prohibit'].includes(route.kind),
    );
}

interface IpNextHop {
  readonly dev?: string;
  readonly gateway?: string;
}

interface IpRoute extends IpNextHop {
  readonly type?: string;
  readonly dst: string;
  readonly table?: string;
  readonly metric?: number;
  readonly protocol?: string;
  readonly prefsrc?: string;
  readonly nexthops?: readonly IpNextHop[];
}

function parseDestination(text: string): string {
  if (text === 'default') return '0.0.0.0/0';
  return text.includes('/') ? text : `${text}/32`;
}

function parseNextHops(route: IpRoute): ActualRoute['nextHops'] {
  const hops = route.nexthops ?? (route.dev === undefined ? [] : [route]);
  return hops.map((hop) => ({ device: hop.dev ?? '', via: hop.gateway ?? null }));
}

/** What leads from routes that are there, as they were asked for, to others. */
export function changeRoutes(
  netns: Netns,
  before: readonly RoutePlan[],
  after: readonly RoutePlan[],
  present: ReadonlySet<string>,
): RouteChanges {
  const { come, gone } = changed(before, after, placeOf);
  return diffRoutes(netns, come, gone.map(asMade), present);
}

function asMade({ table, destination, metric, kind, nextHops, source }: RoutePlan): ActualRoute {
  return {
    ...{ table, destination, metric, protocol: routeProtocol, kind, source: source ?? null },
    nextHops: nextHops.map(({ device, via }) => ({ device, via: via ?? null })),
  };
}

/**
 * A route's place is its table, destination and metric; what lies there is replaced in one step, so that no packet
 * finds a gap. In the host's namespace only routes with our protocol are ours, and a foreign one in our place is an
 * error rather than replaced.
 */
export function diffRoutes(
  netns: Netns,
  wanted: readonly RoutePlan[],
  actual: readonly ActualRoute[],
  present: ReadonlySet<string>,
): RouteChanges {
  const ours = actual.filter((route) =>
    netns === null ? route.protocol === routeProtocol : !kernelProtocols.has(route.protocol),
  );
  const have = Map.groupBy(ours, placeOf);
  const want = new Set(wanted.map(placeOf));
  const additions: IpCommand[] = [];
  const missing = new Set<string>();
  for (const route of wanted) {
    const absent = route.nextHops.map((hop) => hop.device).filter((device) => !present.has(device));
    if (absent.length > 0) {
      absent.forEach((device) => missing.add(device));
      continue;
    }
    const existing = have.get(placeOf(route)) ?? [];
    if (existing.length === 1 && existing[0] && isSame(route, existing[0])) continue;
    const verb = existing.length > 0 || netns !== null ? 'replace' : 'add';
    additions.push({ netns, line: `route ${verb} ${describeWanted(route)}` });
  }
  // More than one route in a place (somebody appended): the replaced one is the first, the others go.
  const surplus = [...have.values()].flatMap((routes) => routes.slice(1));
  const stale = ours.filter((route) => !want.has(placeOf(route)) && !surplus.includes(route));
  return {
    additions,
    removals: [...stale, ...surplus].map((route) => ({ netns, line: `route delete ${describeActual(route)}` })),
    missing: [...missing],
  };
}

function placeOf(route: Pick<ActualRoute, 'table' | 'destination' | 'metric'>): string {
  return `${route.table} ${route.destination} ${route.metric}`;
}

function isSame(wanted: RoutePlan, actual: ActualRoute): boolean {
  return (
    actual.protocol === routeProtocol &&
    wanted.kind === actual.kind &&
    (wanted.source ?? null) === actual.source &&
    hopsText(wanted.kind === 'unicast' ? wanted.nextHops : []) ===
      hopsText(actual.kind === 'unicast' ? actual.nextHops : [])
  );
}

/** Equal cost: the order says nothing. */
function hopsText(hops: readonly { readonly device: string; readonly via?: string | null }[]): string {
  return hops
    .map((hop) => `${hop.device} ${hop.via ?? '-'}`)
    .sort()
    .join();
}

function describeWanted(route: RoutePlan): string {
  const hops = route.nextHops.map((hop) => hopWords(hop.device, hop.via ?? null, ' onlink'));
  return [
    ...(route.kind === 'unicast' ? [] : [route.kind]),
    `${route.destination} table ${route.table} metric ${route.metric} protocol ${routeProtocol}`,
    ...(route.source === undefined ? [] : [`src ${route.source}`]),
    ...placedHops(hops),
  ].join(' ');
}

function describeActual(route: ActualRoute): string {
  const hops = route.kind === 'unicast' ? route.nextHops.map((hop) => hopWords(hop.device, hop.via, '')) : [];
  return [
    ...(route.kind === 'unicast' ? [] : [route.kind]),
    `${route.destination} table ${route.table} metric ${route.metric} protocol ${route.protocol}`,
    ...placedHops(hops),
  ].join(' ');
}

function hopWords(device: string, via: string | null, suffix: string): string {
  return via === null ? `dev ${device}` : `via ${via} dev ${device}${suffix}`;
}

function placedHops(hops: readonly string[]): string[] {
  return hops.length > 1 ? hops.map((hop) => `nexthop ${hop}`) : [...hops];
}
