import { taskRetentionMs } from '../../domain/operator/task.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface TaskResult {
  readonly isDone: boolean;
  /** What holds the task up, for people; empty when nothing is known to. */
  readonly output: string;
}

export type TaskService = ReturnType<typeof taskService>;

export function taskService({ store, observed, clock }: ServiceDependencies) {
  return {
    /** Done when the plan with this call's change is applied, or its gateway does not exist any more. */
    find: (caller: Caller, requestId: string): Promise<TaskResult> =>
      store.transaction(async (transaction) => {
        await transaction.tasks.removeOlderThan(clock.now() - taskRetentionMs);
        const task = orNotFound(await transaction.tasks.find(caller.accountId, requestId), requestId);
        const exists = await transaction.vpnGateways.exists(task.vpnGatewayId);
        const outcome = observed.outcome(task.vpnGatewayId);
        const isDone = !exists || (outcome?.appliedGeneration ?? -1) >= task.generation;
        return { isDone, output: isDone ? '' : (outcome?.error ?? '') };
      }),
  };
}
