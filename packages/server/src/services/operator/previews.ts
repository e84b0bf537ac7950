import type { Draft } from '../../image/draft.ts';
import { difference } from '../../plan/parts.ts';
import type { NetnsPlan, PlanKey } from '../../plan/plan.ts';
import { tunnelEffects, type EffectOnTunnel } from '../../plan/tunnel-effects.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import type { PlanPreview } from '../kept-plans.ts';

/** What a call would change, told by the plans that would come out different. */
export interface Preview {
  readonly plans: readonly ChangedPlan[];
  readonly tunnels: readonly EffectOnTunnel[];
}

export interface ChangedPlan {
  readonly key: PlanKey;
  readonly change: 'created' | 'changed' | 'removed';
  /** Properties of the plan that differ. */
  readonly parts: readonly string[];
}

export type PreviewService = ReturnType<typeof previewService>;

export function previewService({ plans }: ServiceDependencies) {
  return {
    /** Has `act` make its decisions as a rehearsal, and tells what they would have come to. Nothing is committed, nothing is used up. */
    of: async (caller: Caller, act: (rehearsing: Caller) => Promise<unknown>): Promise<Preview> => {
      const changed: PlanPreview[] = [];
      const rehearsed = (draft: Draft) => void changed.push(...plans.preview(draft));
      await act({ ...caller, rehearsal: { rehearsed } });
      return {
        plans: changed.map(changedPlan),
        tunnels: changed.flatMap(({ before, after }) => tunnelEffects(before, after)),
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
