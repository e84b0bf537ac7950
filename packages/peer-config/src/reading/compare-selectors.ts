import { cidrContains, everything, subtractCidr, type Cidr } from '@landbridge/net';
import type { PeerPair, PeerTunnel } from '../peer-model.ts';
import type { Finding, Severity } from './difference.ts';
import type { FoundSelectors, FoundTunnel } from './found-tunnel.ts';

const mostPairs = 20_000;
const mostShown = 3;

/** Pairs of ranges, seen from the device: each has to be in both, and in a CHILD_SA of its own. */
export function compareSelectors(tunnel: PeerTunnel, { selectors }: FoundTunnel): Finding[] {
  if (selectors === null) return [];
  const size = selectors.value.reduce((sum, { locals, remotes }) => sum + locals.length * remotes.length, 0);
  if (size > mostPairs) return [];
  const theirs = selectors.value.flatMap(pairsOf);
  const ours = tunnel.traffic.mode === 'policy' ? tunnel.traffic.pairs : [{ local: everything, remote: everything }];
  const [ownTexts, theirTexts] = [new Set(ours.map(textOf)), new Set(theirs.map(textOf))];
  const missing = ours.filter((pair) => !theirTexts.has(textOf(pair)));
  const beyond = theirs.filter((pair) => !ownTexts.has(textOf(pair)));
  const isTogether = selectors.value.some(({ locals, remotes }) => locals.length * remotes.length > 1);
  if (missing.length === 0 && beyond.length === 0 && !isTogether) return [];
  return [
    {
      field: 'selectors',
      ours: missing.length > 0 ? shown(missing) : shown(ours),
      theirs: beyond.length > 0 ? shown(beyond) : isTogether ? `${shown(theirs)}, in one CHILD_SA` : 'not there',
      severity: severityOf(tunnel, missing, theirs),
      line: selectors.line,
    },
  ];
}

/** IKEv2 narrows what is too wide (RFC 7296 section 2.9); IKEv1 refuses it. */
function severityOf({ ike }: PeerTunnel, missing: readonly PeerPair[], theirs: readonly PeerPair[]): Severity {
  if (ike.version === 1) return missing.length > 0 ? 'breaks' : 'warns';
  const meets = (pair: PeerPair) => theirs.some((each) => isWithin(pair, each) || isWithin(each, pair));
  return missing.every(meets) ? 'warns' : 'breaks';
}

function isWithin(inner: PeerPair, outer: PeerPair): boolean {
  return cidrContains(outer.local, inner.local) && cidrContains(outer.remote, inner.remote);
}

function pairsOf({ locals, remotes }: FoundSelectors): PeerPair[] {
  return locals.flatMap((local) => remotes.map((remote) => ({ local, remote })));
}

function textOf({ local, remote }: PeerPair): string {
  return `${local} ↔ ${remote}`;
}

function shown(pairs: readonly PeerPair[]): string {
  if (pairs.length === 0) return 'none';
  const more = pairs.length > mostShown ? ` and ${pairs.length - mostShown} more` : '';
  return `${pairs.slice(0, mostShown).map(textOf).join(', ')}${more}`;
}

/** What is behind the gateway has to be routed into the tunnel; who routes a part of it may want no more. */
export function compareRoutes({ traffic }: PeerTunnel, { routes, line }: FoundTunnel): Finding[] {
  if (traffic.mode !== 'route' || routes === null) return [];
  const missing = missingRoutes(traffic.remotes, routes.value);
  if (missing.length === 0) return [];
  const theirs = routes.value.length === 0 ? 'none' : listed(routes.value);
  const isPartial = missing.every((range) => routes.value.some((route) => cidrContains(range, route)));
  return [
    {
      field: 'routes',
      ours: listed(missing),
      theirs,
      severity: isPartial ? 'notes' : 'warns',
      line: routes.value.length === 0 ? line : routes.line,
    },
  ];
}

const mostRoutes = 20_000;

function missingRoutes(wanted: readonly Cidr[], routes: readonly Cidr[]): Cidr[] {
  if (routes.length > mostRoutes) return [];
  return wanted.filter((range) => subtractCidr(range, routes).length > 0);
}

function listed(ranges: readonly Cidr[]): string {
  const more = ranges.length > mostShown ? ` and ${ranges.length - mostShown} more` : '';
  return `${ranges.slice(0, mostShown).join(', ')}${more}`;
}
