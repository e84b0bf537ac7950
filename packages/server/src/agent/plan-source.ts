import type { KeySource } from '../gateway/key-source.ts';
import type { IssuedPlan, PlanKey } from '../plan/plan.ts';

/** Where plans and secrets come from. */
export interface PlanSource extends KeySource {
  /** Undefined: the resource is gone, remove everything that was made for it. */
  planFor(key: PlanKey): Promise<IssuedPlan | undefined>;
  listKeys(): Promise<readonly PlanKey[]>;
}
