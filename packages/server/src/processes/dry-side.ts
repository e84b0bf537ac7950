import type { ActingSide } from './controller.ts';
import { createIdleAgent } from '../agent/idle-agent.ts';
import type { Agent } from '../agent/agent-options.ts';
import type { PacketCapturing } from '../domain/operator/packet-capture.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import { noSas } from '../domain/operator/tunnel-sas.ts';
import { asConfigured } from '../drivers/host-capabilities.ts';
import { systemClock as clock } from '../platform/clock.ts';

/** There is no network to capture in. */
const noCaptures: PacketCapturing = {
  start: () => Promise.resolve('not-there'),
  list: () => Promise.resolve([]),
  stop: () => Promise.resolve(false),
  remove: () => Promise.resolve(false),
  read: () => Promise.resolve(null),
  keys: () => Promise.resolve(null),
};

/** Acts on nothing: for development and tests, in the process that decides. */
export function drySide(observed: ObservedState): ActingSide {
  let agent: Agent | undefined;
  return {
    dataPlane: asConfigured('none'),
    isHeard: true,
    capturing: noCaptures,
    peerAsking: { ask: () => Promise.resolve('not-there') },
    pathProving: { prove: () => Promise.resolve('not-there') },
    drilling: { drill: () => Promise.resolve('not-there') },
    hostPorts: { usesOf: () => Promise.resolve([]) },
    history: { ask: ({ series }) => Promise.resolve(series.map(() => [])) },
    sas: () => Promise.resolve({ sas: noSas(clock.now()) }),
    recorded: () => Promise.resolve({ problem: 'nothing acts here: the data plane is none' }),
    forwarding: () => 'ours',
    hand: ({ plans }) => {
      const source = {
        planFor: (key: Parameters<typeof plans.planFor>[0]) => plans.planFor(key),
        listKeys: () => Promise.resolve(plans.keys()),
      };
      agent = createIdleAgent({ source, observed, clock });
    },
    changed: (keys) => agent?.enqueue(keys),
    readConditions: () => [],
    run: async (signal) => agent?.run(signal),
  };
}
