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

/** Longer than an agent takes that is started at the same time, on a machine that is slow or busy. */
const patienceMs = 20_000;
const unknownDataPlane = { name: 'none', reason: 'the agent was not heard yet' } as const;

/**
 * The acting side in another process, from its first word on; without one that is understood for a while all the same: then it is said
 * that nobody knows what stands in the network.
 */
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
  const waiting = new AbortController();
  await Promise.race([end.greeted, running, clock.delay(patienceMs, waiting.signal).catch(() => undefined)]);
  waiting.abort();
  return {
    get dataPlane() {
      return (end.dataPlane ?? unknownDataPlane) as { readonly name: DataPlane; readonly reason: string };
    },
    get isHeard() {
      return end.isHeard;
    },
    standing: end.standing,
    capturing: end.captures,
    peerAsking: end.peerQuestions,
    pathProving: end.proofs,
    drilling: end.proofs,
    hostPorts: { usesOf: (name) => end.usesOf(name) },
    history: { ask: (question) => end.history(question) },
    recorded: (selection) => end.recorded(selection),
    sas: (tunnel) => end.sas(tunnel),
    forwarding: () => end.forwarding,
    hand: (handed) => end.hand(handed),
    changed: (keys) => end.changed(keys),
    readConditions: () => end.readConditions(),
    run: () => running,
  };
}
