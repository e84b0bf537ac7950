import { gatewayPaths } from '../drivers/gateway-paths.ts';
import type { CapacityQuestion } from '../drivers/capacity/read-host-capacity.ts';
import type { NetnsPlan } from '../plan/plan.ts';

/** What these plans make of the host. */
export function capacityQuestion(
  dataDir: string,
  plans: readonly NetnsPlan[],
): Pick<CapacityQuestion, 'gateways' | 'permanentNeighbours'> {
  return {
    gateways: plans.flatMap(({ key, charon }) => {
      if (charon === null) return [];
      return [{ runDirectory: gatewayPaths(dataDir, key).runDirectory, tunnels: charon.connections.length }];
    }),
    permanentNeighbours: plans.reduce((sum, plan) => sum + countNeighbours(plan), 0),
  };
}

/** The far end of each cable, and stations that are never forgotten. */
function countNeighbours({ links }: NetnsPlan): number {
  return links.reduce((sum, { cable, neighbours = [] }) => sum + neighbours.length + (cable === undefined ? 0 : 1), 0);
}
