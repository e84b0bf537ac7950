import type { ActingSide } from './controller.ts';
import type { DataPlane } from '../domain/operator/observation.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import { installationOf } from '../drivers/netns.ts';
import { systemClock as clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { programVersion } from '../platform/program-version.ts';
import { ControllerEnd } from '../seam/controller-end.ts';
import { connectToAgent, seamFolder, seamPath } from '../seam/seam-socket.ts';

export interface RemoteSideOptions {
  readonly dataDir: string;
  readonly observed: ObservedState;
  readonly logger: Logger;
  readonly signal: AbortSignal;
}

/** The acting side in another process, from its first word on: before, nobody knows what stands in the network. */
export async function remoteSide({ dataDir, observed, logger, signal }: RemoteSideOptions): Promise<ActingSide> {
  const path = seamPath(seamFolder(installationOf(dataDir)));
  const end = new ControllerEnd({
    program: programVersion,
    connect: () => connectToAgent(path),
    observed,
    clock,
    logger,
  });
  const running = end.run(signal);
  await Promise.race([end.greeted, running]);
  return {
    get dataPlane() {
      return end.dataPlane as { readonly name: DataPlane; readonly reason: string };
    },
    standing: end.standing,
    hostPorts: { usesOf: (name) => end.usesOf(name) },
    forwarding: () => end.forwarding,
    hand: (handed) => end.hand(handed),
    changed: (keys) => end.changed(keys),
    readConditions: () => end.readConditions(),
    run: () => running,
  };
}
