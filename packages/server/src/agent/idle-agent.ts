import type { Agent, AgentOptions, PlanSource } from './agent-options.ts';
import type { PlanKey } from '../plan/plan.ts';
import { noSas } from '../domain/operator/tunnel-sas.ts';
import { KeyedQueue } from './keyed-queue.ts';
import { describeError } from '../platform/describe-error.ts';

export interface IdleAgentOptions extends Pick<AgentOptions, 'observed' | 'clock'> {
  readonly source: Pick<PlanSource, 'planFor' | 'listKeys'>;
}

/** The agent of data plane `none`: touches nothing and reports every plan as applied. For development and tests. */
export function createIdleAgent({ source, observed, clock }: IdleAgentOptions): Agent {
  const queue = new KeyedQueue<PlanKey>({
    clock,
    random: Math.random,
    async work(key) {
      const plan = await source.planFor(key);
      if (plan === undefined) observed.forgetPlan(key);
      else observed.recordOutcome({ key, appliedGeneration: plan.generation, error: null, at: clock.now() });
    },
    onFailure(key, error) {
      const appliedGeneration = observed.outcome(key)?.appliedGeneration ?? -1;
      observed.recordOutcome({ key, appliedGeneration, error: describeError(error), at: clock.now() });
    },
  });
  return {
    enqueue: (keys) => [...keys].forEach((key) => queue.add(key)),
    recall: () => Promise.resolve(),
    drillsOf: () => undefined,
    idle: (signal) => queue.idle(signal),
    sasOf: () => Promise.resolve({ sas: noSas(clock.now()) }),
    async run(signal) {
      for (const key of await source.listKeys()) queue.add(key);
      queue.open();
      await queue.run(signal);
    },
  };
}
