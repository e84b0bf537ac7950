import type { NetnsPlan, PlanKey } from '../plan/plan.ts';
import type { ActualLink } from './link.ts';
import { possiblePart } from './possible-part.ts';

/** What the kernel is known to have. */
export interface ProvenPlan {
  /** The part that is possible with these devices. */
  readonly plan: NetnsPlan;
  /** The whole, as it was asked for. */
  readonly asked: NetnsPlan;
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

  /** Devices went at our own request, with what was on them; then these came, with nothing. */
  replaceDevices(key: PlanKey, gone: readonly string[], come: readonly ActualLink[]): void {
    const before = this.#proven.get(key);
    if (before === undefined) return;
    const changed = new Set([...gone, ...come.map(({ name }) => name)]);
    const left = before.links.filter(({ name }) => !changed.has(name));
    const { part } = possiblePart(before.plan, new Set(left.map(({ name }) => name)));
    this.#proven.set(key, { ...before, plan: part, links: [...left, ...come] });
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
