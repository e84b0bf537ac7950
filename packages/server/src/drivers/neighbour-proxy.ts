import type { ProxyPlan } from '../planner/plan.ts';
import { routeProtocol, type IpCommand, type Netns } from './kernel.ts';
import type { ActualRoute } from './route.ts';

/** An address a device answers ARP for (`ip neigh show proxy`). */
export interface ActualProxy {
  readonly device: string;
  readonly address: string;
}

export interface ProxyChanges {
  readonly additions: readonly IpCommand[];
  readonly removals: readonly IpCommand[];
  readonly missing: readonly string[];
}

export function parseProxies(answer: readonly unknown[]): ActualProxy[] {
  return (answer as readonly { dst: string; dev: string }[]).map(({ dst, dev }) => ({ device: dev, address: dst }));
}

/**
 * Proxy entries have no protocol number. In the host's namespace an entry is ours when its address is the destination
 * of a host route with our protocol: that is why these entries are made after and removed before such a route.
 */
export function diffProxies(
  netns: Netns,
  wanted: readonly ProxyPlan[],
  actual: readonly ActualProxy[],
  routes: readonly ActualRoute[],
  present: ReadonlySet<string>,
): ProxyChanges {
  const ourRoutes = new Set(
    routes.filter((route) => route.protocol === routeProtocol).map((route) => route.destination),
  );
  const isOurs = (proxy: ActualProxy) => netns !== null || ourRoutes.has(`${proxy.address}/32`);
  const key = (proxy: ActualProxy) => `${proxy.device} ${proxy.address}`;
  const have = new Set(actual.map(key));
  const want = new Set(wanted.map(key));
  const absent = wanted.filter((proxy) => !have.has(key(proxy)));
  return {
    additions: absent
      .filter((proxy) => present.has(proxy.device))
      .map((proxy) => ({ netns, line: `neighbour replace proxy ${proxy.address} dev ${proxy.device}` })),
    removals: actual
      .filter((proxy) => isOurs(proxy) && !want.has(key(proxy)))
      .map((proxy) => ({ netns, line: `neighbour delete proxy ${proxy.address} dev ${proxy.device}` })),
    missing: absent.filter((proxy) => !present.has(proxy.device)).map((proxy) => proxy.device),
  };
}
