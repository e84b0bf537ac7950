import type { Uplink } from '../domain/operator/uplink.ts';
import type { Issue } from '../seam/issue.ts';
import { netnsName } from '../plan/names.ts';
import type { PlanKey } from '../plan/plan.ts';

/** The operator's own words, from a file that is root's. */
export interface PlanCheckOptions {
  readonly uplink: Uplink | null;
  /** What may be attached; null: whatever is not the uplink's, nor ours. */
  readonly hostInterfaces: readonly string[] | null;
}

export class PlanCheck {
  readonly #options: PlanCheckOptions;
  constructor(options: PlanCheckOptions) {
    this.#options = options;
  }
  readonly check = (key: PlanKey, { plan }: Issue): void => {
    if (plan.key !== key) throw new Error(`it is the plan of ${plan.key}`);
    if (plan.netns !== (key === 'host' ? null : netnsName(key))) throw new Error(`it is of a foreign namespace`);
    void this.#options;
  };
}
