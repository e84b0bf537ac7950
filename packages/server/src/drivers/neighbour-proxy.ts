import type { ProxyPlan } from '../plan/plan.ts';
import { changed } from './changed-parts.ts';
import { routeProtocol, type IpCommand, type Netns } from './kernel.ts';

/** An address a device answers ARP for (`ip neigh show proxy`). */
export interface ActualProxy {
  readonly device: string;
  readonly address: string;
  readonly protocol: number;
}

export interface ProxyChanges {
  readonly additions: readonly IpCommand[];
  readonly removals: readonly IpCommand[];
  readonly missing: readonly string[];
}

export function parseProxies(answer: readonly unknown[]): ActualProxy[] {
  return (answer as readonly { dst: string; dev: string; protocol?: string }[]).map(({ dst, dev, protocol }) => ({
    device: dev,
    address: dst,
    protocol: Number(protocol ?? 0),
  }));
}

/** What leads from entries that are there, as they were asked for, to others. */
export function changeProxies(
  netns: Netns,
  before: readonly ProxyPlan[],
  after: readonly ProxyPlan[],
  present: ReadonlySet<string>,
): ProxyChanges {
  const { come, gone } = changed(before, after, keyOf);
  const asMade = gone.map((proxy): ActualProxy => ({ ...proxy, protocol: routeProtocol }));
  return diffProxies(netns, come, asMade, present);
}

function keyOf({ device, address }: ProxyPlan | ActualProxy): string {
  return `${device} ${address}`;
}

/**
 * Entries bear our protocol number, as routes do; in the host's namespace only those are ours. One that somebody else
 * made serves as well, and stays when ours would go.
 */
export function diffProxies(
  netns: Netns,
  wanted: readonly ProxyPlan[],
  actual: readonly ActualProxy[],
  present: ReadonlySet<string>,
): ProxyChanges {
  const isOurs = (proxy: ActualProxy) => netns !== null || proxy.protocol === routeProtocol;
  const have = new Set(actual.map(keyOf));
  const want = new Set(wanted.map(keyOf));
  const absent = wanted.filter((proxy) => !have.has(keyOf(proxy)));
  return {
    additions: absent
      .filter((proxy) => present.has(proxy.device))
      .map((proxy) => ({
        netns,
        line: `neighbour replace proxy ${proxy.address} dev ${proxy.device} protocol ${routeProtocol}`,
      })),
    removals: actual
      .filter((proxy) => isOurs(proxy) && !want.has(keyOf(proxy)))
      .map((proxy) => ({ netns, line: `neighbour delete proxy ${proxy.address} dev ${proxy.device}` })),
    missing: absent.filter((proxy) => !present.has(proxy.device)).map((proxy) => proxy.device),
  };
}
