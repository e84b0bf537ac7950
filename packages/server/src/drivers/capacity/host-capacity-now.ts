import type { HostCapacity } from '../../domain/operator/host-capacity.ts';
import { neighbourThresholds } from '../../plan/neighbour-thresholds.ts';
import type { Kernel } from '../kernel.ts';
import { systemHostFiles } from './host-files.ts';
import { readHostCapacity } from './read-host-capacity.ts';
import { findStandingGateways } from './standing-gateways.ts';

export interface HostAsked {
  readonly kernel: Kernel;
  readonly dataDir: string;
  readonly keptBytes: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** Asked by who is not the agent: of its own files and of planned neighbours nothing is known. */
export async function readHostCapacityNow({ kernel, dataDir, keptBytes, now }: HostAsked): Promise<HostCapacity> {
  const gateways = await findStandingGateways(kernel, dataDir);
  const leastNeighbours = Math.max(...Object.values(neighbourThresholds));
  const unknown = { permanentNeighbours: 0, agentPid: null };
  return readHostCapacity(systemHostFiles, { ...unknown, gateways, leastNeighbours, keptBytes, now });
}
