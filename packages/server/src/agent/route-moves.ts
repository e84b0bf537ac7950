import { tables } from '../planner/layout.ts';

interface GatewayRoute {
  readonly table: number;
  readonly destination: string;
  readonly metric: number;
  readonly nextHops: readonly { readonly device: string }[];
}

/** Destinations of a gateway's route table whose best route leads elsewhere now, in words. Pure. */
export function describeMoves(before: readonly GatewayRoute[], after: readonly GatewayRoute[]): string[] {
  const [old, now] = [bestHops(before), bestHops(after)];
  return [...new Set([...old.keys(), ...now.keys()])]
    .filter((destination) => old.get(destination) !== now.get(destination))
    .map(
      (destination) => `${destination}: from ${old.get(destination) ?? 'none'} to ${now.get(destination) ?? 'none'}`,
    );
}

function bestHops(routes: readonly GatewayRoute[]): Map<string, string> {
  const own = routes.filter(({ table }) => table === tables.gateway);
  return new Map(
    [...Map.groupBy(own, ({ destination }) => destination)].map(([destination, choices]) => {
      const best = Math.min(...choices.map(({ metric }) => metric));
      const hops = choices.filter(({ metric }) => metric === best).flatMap(({ nextHops }) => nextHops);
      return [destination, hops.map(({ device }) => device).sort().join(' and ')]; // prettier-ignore
    }),
  );
}
