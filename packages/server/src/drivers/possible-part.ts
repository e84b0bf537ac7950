import type { NetnsPlan } from '../plan/plan.ts';

/** What of a plan can be in the kernel while there are no other devices than these; and which the rest waits for. */
export interface PossiblePart {
  readonly part: NetnsPlan;
  readonly missing: readonly string[];
}

/** Parts that are as planned stay the same objects. */
export function possiblePart(plan: NetnsPlan, present: ReadonlySet<string>): PossiblePart {
  const missing = new Set<string>();
  const isThere = (device: string) => {
    if (!present.has(device)) missing.add(device);
    return present.has(device);
  };
  const links = plan.links.filter(({ name }) => isThere(name));
  const routes = plan.routes.filter(({ nextHops }) => nextHops.map(({ device }) => isThere(device)).every(Boolean));
  const proxies = plan.proxies.filter(({ device }) => isThere(device));
  return { part: { ...plan, links, routes, proxies }, missing: [...missing] };
}
