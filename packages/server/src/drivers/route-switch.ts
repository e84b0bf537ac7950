import type { NetnsPlan } from '../plan/plan.ts';
import { readIp, runIp, type Kernel } from './kernel.ts';
import { parseLinks } from './link.ts';
import { diffRoutes, parseRoutes, type ActualRoute } from './route.ts';

/**
 * Routes only, in one batch: what takes over stands before what is withdrawn goes. Answers the routes as they were; the
 * rest of the plan is left to the agent's ordinary round.
 */
export async function switchRoutes(
  kernel: Kernel,
  plan: Pick<NetnsPlan, 'netns' | 'routes'>,
  signal?: AbortSignal,
): Promise<readonly ActualRoute[]> {
  const { netns, routes } = plan;
  const queries = ['link show', 'route show table all'];
  const [links = [], answer = []] = await readIp(kernel, netns, queries, signal);
  const actual = parseRoutes(answer);
  const present = new Set(parseLinks(links).map(({ name }) => name));
  const { additions, removals } = diffRoutes(netns, routes, actual, present);
  await runIp(kernel, [...additions, ...removals], signal);
  return actual;
}
