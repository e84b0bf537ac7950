import { Namespace } from '@landbridge/testbed/namespace';

/** Next hops of a gateway's best route to a range, as the kernel has them; empty when there is none. */
export async function gatewayPath(gatewayId: string, range: string): Promise<readonly string[]> {
  const namespace = new Namespace(`lb-${gatewayId}`);
  const routes = await namespace.ipJson('route', 'show', 'table', '100', 'exact', range);
  const metric = (route: Readonly<Record<string, unknown>>): number => Number(route['metric'] ?? 0);
  const [best] = [...routes].sort((a, b) => metric(a) - metric(b));
  if (best === undefined) return [];
  const hops = (best['nexthops'] ?? [best]) as readonly { readonly dev: string }[];
  return hops.map(({ dev }) => dev).sort();
}
