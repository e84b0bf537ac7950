import { refuse } from '../../domain/refusal.ts';
import { nextTurn } from '../../platform/loop-turn.ts';
import { planKeys } from '../../planner/plan-for.ts';
import type { NetnsPlan, PlanKey } from '../../plan/plan.ts';
import type { Rows, TableRows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type PlanService = ReturnType<typeof planService>;

/** What the acting side is told, as the planner says it now. Plans hold no secrets. */
export function planService({ read, plans }: ServiceDependencies) {
  return {
    /** Of one resource, or of all that the caller may see: its own in every region, and for administrators the host. */
    read: async (caller: Caller, id: string | undefined): Promise<NetnsPlan[]> => {
      const rows = await read((current) => current);
      const visible = visibleKeys(caller, rows);
      const wanted = id === undefined ? visible : visible.filter((key) => key === id);
      if (id !== undefined && wanted.length === 0) refuse('not-found', { id });
      const found: NetnsPlan[] = [];
      for (const key of wanted) {
        const plan = await plans.planFor(key);
        if (plan !== undefined) found.push(plan);
        await nextTurn();
      }
      return found;
    },
  };
}

function visibleKeys({ accountId, isAdministrator }: Caller, rows: Rows): PlanKey[] {
  if (isAdministrator) return planKeys(rows);
  const { vpcs, vpnGateways, ccns, directConnectGateways } = rows;
  const owned = [vpcs, vpnGateways, ccns, directConnectGateways].map(
    (table: TableRows<{ readonly id: PlanKey }, 'account'>) => table.of('account', accountId),
  );
  return owned.flat().map(({ id }) => id);
}
