import type { NetnsPlan, PlanKey } from './plan.ts';

/** A plan that would come out different. */
export interface PlanPreview {
  readonly key: PlanKey;
  /** Undefined: there is none. */
  readonly before: NetnsPlan | undefined;
  readonly after: NetnsPlan | undefined;
}
