import { changedCells, type ChangedCell } from '../../derive/reachability.ts';
import type { Draft } from '../../image/draft.ts';
import { difference } from '../../plan/parts.ts';
import type { NetnsPlan, PlanKey } from '../../plan/plan.ts';
import type { PlanPreview } from '../../plan/plan-preview.ts';
import { tunnelEffects, type EffectOnTunnel } from '../../plan/tunnel-effects.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import type { Foreseen } from '../kept-plans.ts';

/** What a call would change, told by the plans that would come out different. */
export interface Preview {
  readonly plans: readonly ChangedPlan[];
  readonly tunnels: readonly EffectOnTunnel[];
  /** Of the caller's places. */
  readonly cells: readonly ChangedCell[];
  /** False: other cells may change as well. */
  readonly areAllCells: boolean;
}

export interface ChangedPlan {
  readonly key: PlanKey;
  readonly change: 'created' | 'changed' | 'removed';
  /** Properties of the plan that differ. */
  readonly parts: readonly string[];
}

export type PreviewService = ReturnType<typeof previewService>;

/** So long a preview may look at cells: all others wait meanwhile. */
const patienceMs = 25;

export function previewService({ plans, clock }: Pick<ServiceDependencies, 'plans' | 'clock'>) {
  const cellsOf = ({ accountId }: Caller, { plans: changed, before, after }: Foreseen) => {
    const until = clock.elapsed() + patienceMs;
    const mayGoOn = () => clock.elapsed() < until;
    return changedCells({ before, after, accountId, changed: changed.map(({ key }) => key), mayGoOn });
  };
  return {
    /** Has `act` make its decisions as a rehearsal, and tells what they would have come to. Nothing is committed, nothing is used up. */
    of: async (caller: Caller, act: (rehearsing: Caller) => Promise<unknown>): Promise<Preview> => {
      const previews: Preview[] = [];
      const rehearsed = (draft: Draft) => {
        const foreseen = plans.preview(draft);
        const { cells, isComplete } = cellsOf(caller, foreseen);
        previews.push({
          plans: foreseen.plans.map(changedPlan),
          tunnels: foreseen.plans.flatMap(({ before, after }) => tunnelEffects(before, after)),
          ...{ cells, areAllCells: isComplete },
        });
      };
      await act({ ...caller, rehearsal: { rehearsed } });
      return {
        plans: previews.flatMap((each) => each.plans),
        tunnels: previews.flatMap(({ tunnels }) => tunnels),
        cells: previews.flatMap(({ cells }) => cells),
        areAllCells: previews.every(({ areAllCells }) => areAllCells),
      };
    },
  };
}

function changedPlan({ key, before, after }: PlanPreview): ChangedPlan {
  if (before === undefined) return { key, change: 'created', parts: [] };
  if (after === undefined) return { key, change: 'removed', parts: [] };
  return { key, change: 'changed', parts: differingParts(before, after) };
}

function differingParts(before: NetnsPlan, after: NetnsPlan): string[] {
  const names = Object.keys({ ...before, ...after }) as (keyof NetnsPlan)[];
  return names.filter((name) => difference(before[name], after[name]) !== null);
}
