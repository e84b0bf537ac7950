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

export function taskService({ read, logs, plans, observed, clock }: ServiceDependencies) {
  return {
    /** Done when the plan with this call's change is applied, or its gateway does not exist any more. */
    find: async (caller: Caller, requestId: string): Promise<TaskResult> => {
      const found = await logs.tasks.find(caller.accountId, requestId);
      const isKept = found !== undefined && found.createdAt >= clock.now() - taskRetentionMs;
      const task = orNotFound(isKept ? found : undefined, requestId);
      const gateway = await read((rows) => rows.vpnGateways.get(task.vpnGatewayId));
      const outcome = observed.outcome(task.vpnGatewayId);
      const isDone = gateway === undefined || plans.isApplied(task.vpnGatewayId, task.generation);
      return { isDone, output: isDone ? '' : (outcome?.error ?? '') };
    },
  };
}
