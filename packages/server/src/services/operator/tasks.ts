import { taskRetentionMs, type Task } from '../../domain/operator/task.ts';
import type { VpnGatewayId } from '../../domain/resource-id.ts';
import type { Rows } from '../../image/rows.ts';
import type { PlanKey } from '../../plan/plan.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface TaskResult {
  /** `failed`: the network has the change but for what `output` names, which is tried again by itself. */
  readonly state: 'running' | 'done' | 'failed';
  /** What holds the task up, or is missing, for people; empty when nothing is known to. */
  readonly output: string;
}

export type TaskService = ReturnType<typeof taskService>;

export function taskService({ read, logs, plans, observed, clock }: ServiceDependencies) {
  const isApplied = (key: PlanKey, { generation }: Task) =>
    plans.generationOf(key) < generation || plans.isApplied(key, generation);

  /** What of an applied plan concerns the task and could not be made. */
  const failureOf = (gatewayId: VpnGatewayId, { vpnConnectionId }: Task): string | null => {
    const { error = null, failures = new Map<string, string>() } = observed.outcome(gatewayId) ?? {};
    if (vpnConnectionId !== null) return failures.get(vpnConnectionId) ?? null;
    // What is not about a tunnel is about the gateway itself.
    return failures.size === 0 ? error : null;
  };

  return {
    /** Done when the plans that this call changed are applied, or their resources do not exist any more. */
    find: async (caller: Caller, requestId: string): Promise<TaskResult> => {
      const found = await logs.tasks.find(caller.accountId, requestId);
      const isKept = found !== undefined && found.createdAt >= clock.now() - taskRetentionMs;
      const task = orNotFound(isKept ? found : undefined, requestId);
      const keys = await read((rows) => plansOf(task, rows));
      const pending = keys.filter((key) => !isApplied(key, task));
      if (pending.length > 0) {
        const errors = pending.map((key) => observed.outcome(key)?.error ?? null);
        return { state: 'running', output: errors.find((error) => error !== null) ?? '' };
      }
      const isThere = task.vpnGatewayId !== null && keys.includes(task.vpnGatewayId);
      const failure = isThere ? failureOf(task.vpnGatewayId, task) : null;
      return failure === null ? { state: 'done', output: '' } : { state: 'failed', output: failure };
    },
  };
}

/** That may have to be applied, of what is still there: a call that names no gateway may have changed any plan of its account. */
function plansOf({ accountId, vpnGatewayId }: Task, rows: Rows): PlanKey[] {
  if (vpnGatewayId !== null) return rows.vpnGateways.get(vpnGatewayId) === undefined ? [] : [vpnGatewayId];
  const { vpcs, vpnGateways, ccns, directConnectGateways } = rows;
  const planned = [vpcs, vpnGateways, ccns, directConnectGateways];
  return planned.flatMap((table) => table.of('account', accountId).map(({ id }) => id));
}
