import type { Draft } from '../image/draft.ts';
import type { Rows } from '../image/rows.ts';
import type { IssuedPlan, PlanKey } from '../plan/plan.ts';
import type { PlanPreview } from '../plan/plan-preview.ts';

/** What changes would come to. Worth something until the next commit. */
export interface Foreseen {
  /** Those that would come out different. */
  readonly plans: readonly PlanPreview[];
  readonly before: Rows;
  readonly after: Rows;
}

/** Plans as they are made from the newest rows, and how far the network has come with them. */
export interface KeptPlans {
  /** Undefined: there is no such resource (any more). */
  planFor(key: PlanKey): Promise<IssuedPlan | undefined>;
  /** What a commit of this generation, or one before it, changed of the plan is in the network. */
  isApplied(key: PlanKey, generation: number): boolean;
  /** The generation since which the plan is as it is; the newest where nobody has looked yet. */
  generationOf(key: PlanKey): number;
  /** What it would come to if these changes were committed. Keeps nothing. */
  preview(draft: Draft): Foreseen;
}
