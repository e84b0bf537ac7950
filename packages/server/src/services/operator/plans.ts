import { refuse } from '../../domain/refusal.ts';
import { nextTurn } from '../../platform/loop-turn.ts';
import { plannedTables, planKeys } from '../../planner/plan-for.ts';
import type { IssuedPlan, PlanKey } from '../../plan/plan.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { sees } from '../visible-rows.ts';

export type PlanService = ReturnType<typeof planService>;

/** What the acting side is told, as the planner says it now. Plans hold no secrets. */
export function planService({ read, plans }: ServiceDependencies) {
  return {
    /** Of one resource, or of all that the caller may see: its own in every region, and for administrators the host. */
    read: async (caller: Caller, id: string | undefined): Promise<IssuedPlan[]> => {
      const rows = await read((current) => current);
      const wanted = id === undefined ? visibleKeys(caller, rows) : [visibleKey(caller, rows, id)];
      const found: IssuedPlan[] = [];
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
  return plannedTables.flatMap((table) => rows[table].of('account', accountId).map(({ id }) => id));
}

function visibleKey(caller: Caller, rows: Rows, id: string): PlanKey {
  if (id === 'host' && caller.isAdministrator) return id;
  const resource = plannedTables.map((table) => rows[table].get(id)).find((row) => row !== undefined);
  if (resource === undefined || !sees(caller, resource)) refuse('not-found', { id });
  return resource.id;
}
