import type { NetnsPlan } from '../plan/plan.ts';
import { readIp, runIp, type Kernel } from './kernel.ts';
import { parseLinks } from './link.ts';
import type { ProvenPlans } from './proven-plans.ts';
import { changeRoutes, diffRoutes, parseRoutes, type ActualRoute } from './route.ts';

/** A route as it was: of the kernel, or of the plan that it was known to equal. */
export type FormerRoute = Pick<ActualRoute, 'table' | 'destination' | 'metric'> & {
  readonly nextHops: readonly { readonly device: string }[];
};

/**
 * Routes only, in one batch: what takes over stands before what is withdrawn goes. Answers the routes as they were; the
 * rest of the plan is left to the agent's ordinary round.
 */
export async function switchRoutes(
  kernel: Kernel,
  plan: Pick<NetnsPlan, 'key' | 'netns' | 'routes'>,
  proven: ProvenPlans,
  signal?: AbortSignal,
): Promise<readonly FormerRoute[]> {
  const { key, netns, routes } = plan;
  const before = proven.get(key);
  // Whatever comes of it: what was proven is so no more.
  proven.forget(key);
  if (before !== undefined) {
    const { links } = before;
    const present = new Set(links.map(({ name }) => name));
    const { additions, removals, missing } = changeRoutes(netns, before.plan.routes, routes, present);
    await runIp(kernel, [...additions, ...removals], signal);
    if (missing.length === 0) proven.note({ ...before, plan: { ...before.plan, routes } });
    return before.plan.routes;
  }
  const queries = ['link show', 'route show table all'];
  const [links = [], answer = []] = await readIp(kernel, netns, queries, signal);
  const actual = parseRoutes(answer);
  const present = new Set(parseLinks(links).map(({ name }) => name));
  const { additions, removals } = diffRoutes(netns, routes, actual, present);
  await runIp(kernel, [...additions, ...removals], signal);
  return actual;
}
