import type { NetnsPlan, PlanKey } from '../plan/plan.ts';
import type { ActualLink } from './link.ts';

/** A plan that the kernel was seen to equal, and its devices. */
export interface ProvenPlan {
  readonly plan: NetnsPlan;
  readonly links: readonly ActualLink[];
}

/**
 * What the kernel has, where it was read, equalled the plan, and nobody but us has changed anything since: a change of such a plan is
 * written without a look before, and the kernel's word for each item is the proof.
 */
export class ProvenPlans {
  readonly #proven = new Map<PlanKey, ProvenPlan>();
  readonly #written = new Map<PlanKey, NetnsPlan>();

  get(key: PlanKey): ProvenPlan | undefined {
    return this.#proven.get(key);
  }

  note(proven: ProvenPlan): void {
    this.#proven.set(proven.plan.key, proven);
    this.noteWritten(proven.plan);
  }

  /** It has to be looked at again. */
  forget(key: PlanKey): void {
    this.#proven.delete(key);
  }

  /** The plan that was written last, whatever became of it since. */
  written(key: PlanKey): NetnsPlan | undefined {
    return this.#written.get(key);
  }

  noteWritten(plan: NetnsPlan): void {
    this.#written.set(plan.key, plan);
  }

  /** There is no such plan any more. */
  drop(key: PlanKey): void {
    this.#proven.delete(key);
    this.#written.delete(key);
  }
}
