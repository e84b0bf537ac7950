import { keepDerivations, type Formula } from '../derive/derivation.ts';
import type { Told } from '../domain/diagnosis/told.ts';
import type { Uplink } from '../domain/operator/uplink.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { assumeUsable, type IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Change } from '../image/change.ts';
import type { Draft } from '../image/draft.ts';
import type { Image } from '../image/image.ts';
import { notesMetBy, type Note } from '../image/noting-source.ts';
import type { Rows } from '../image/rows.ts';
import { planFor, plannedTables, planKeys } from '../planner/plan-for.ts';
import type { NetnsPlan, PlanKey } from '../plan/plan.ts';
import type { PlanPreview } from '../plan/plan-preview.ts';
import { nothing, resultOf, type Computation, type OfRows, type Outcome } from './computation.ts';
import { Computations } from './computations.ts';
import { noteOfForwarding, noteOfUsability, type Facts } from './facts.ts';
import { KeptAnswers } from './kept-answers.ts';
import { KeptFindings } from './kept-findings.ts';
import { WhatIf } from './what-if.ts';

interface Page {
  readonly plan: Computation;
  /** As it was when somebody last looked. */
  seen: Outcome;
  generation: number;
}

/** What changes would come to. Worth something until the next commit. */
export interface Foreseen {
  /** Those that would come out different. */
  readonly plans: readonly PlanPreview[];
  readonly before: Rows;
  readonly after: Rows;
}

/**
 * The plans of all keys, kept. Nobody says which plans a change touches: while a plan is made, it is noted what was looked up,
 * and whoever looked up what a change meets is made anew, when it is asked for or refreshed. Whoever else derives from the rows of
 * the image shares the derivations of the plans; what answers derive from which tunnels work, and what is wrong with tunnels by the
 * rows alone, is kept beside them.
 */
export class PlanBook {
  readonly #image: Image;
  readonly #uplink: Uplink | null;
  readonly #facts: Facts;
  readonly #computations: Computations;
  readonly #answers: KeptAnswers;
  readonly #findings: KeptFindings;
  readonly #pages = new Map<PlanKey, Page>();
  /** Came out different, and `refreshing` has not said so yet. */
  readonly #untold = new Set<PlanKey>();

  constructor({
    image,
    uplink,
    facts,
  }: {
    readonly image: Image;
    readonly uplink: Uplink | null;
    readonly facts: Facts;
  }) {
    this.#image = image;
    this.#uplink = uplink;
    this.#facts = facts;
    this.#computations = new Computations(image, facts.isUsable);
    this.#answers = new KeptAnswers(this.#computations);
    this.#findings = new KeptFindings(image.rows, this.#computations);
    for (const key of planKeys(image.rows)) this.#open(key);
    keepDerivations(image.rows, {
      derive: <Result>(name: string, formula: Formula<Result>, isUsable: IsUsable) => {
        if (isUsable === assumeUsable) return this.#derive(name, formula);
        return isUsable === facts.isUsable ? this.#answers.derive(name, formula) : formula(image.rows, isUsable);
      },
    });
  }

  /** Every key that has a plan now. */
  keys(): PlanKey[] {
    return planKeys(this.#image.rows);
  }

  /** The plan as of the newest rows and facts; undefined where the resource does not exist (any more). Throws what the planner throws. */
  planFor(key: PlanKey): NetnsPlan | undefined {
    const page = this.#pages.get(key);
    return page === undefined ? undefined : planOf(this.#look(key, page));
  }

  /** Of the commit since which the plan is as it is now; 0 where there is none. Of several commits that nobody asked between, the last. */
  generationOf(key: PlanKey): number {
    const page = this.#pages.get(key);
    if (page === undefined) return 0;
    this.#look(key, page);
    return page.generation;
  }

  /** As `generationOf`, without making the plan anew where that may be due. */
  seenGenerationOf(key: PlanKey): number {
    return this.#pages.get(key)?.generation ?? 0;
  }

  /** Something changed that the plan may depend on, and nobody has looked yet. */
  isDoubtful(key: PlanKey): boolean {
    return (this.#pages.get(key)?.plan.state ?? 'current') !== 'current';
  }

  /** Its resource does not exist, and whoever is told of plans has heard so. */
  isGone(key: PlanKey): boolean {
    return !this.#pages.has(key);
  }

  /** To be called when the image holds what commits wrote, one by one or read anew, and before anybody asks. */
  committed(changes: readonly Change[]): void {
    for (const key of addedBy(changes)) this.#open(key);
    this.#computations.met(notesOf(changes));
    this.#findings.committed(changes);
  }

  /** What is wrong with a tunnel by the rows alone; nothing of one that is gone. */
  toldByRows(id: VpnConnectionId): readonly Told[] {
    return this.#findings.of(id);
  }

  /** A tunnel works, or works no more: no plan is another one by it; answers are. */
  usabilityChanged(id: VpnConnectionId): void {
    this.#computations.met([noteOfUsability(id)]);
  }

  forwardingChanged(): void {
    this.#computations.met([noteOfForwarding]);
  }

  /**
   * Makes what may be out of date, a plan a step, and yields the keys of those that came out different (null for the others)
   * since the last time. Changes may come between two steps.
   */
  *refreshing(): Generator<PlanKey | null, void> {
    for (;;) {
      const [key = this.#nextDoubted()] = this.#untold;
      if (key === undefined) return;
      this.generationOf(key);
      yield this.#tell(key);
    }
  }

  /** All steps of `refreshing` at once. */
  refresh(): PlanKey[] {
    return [...this.refreshing()].filter((key) => key !== null);
  }

  /** What it would come to if these changes were committed. Keeps nothing. */
  preview(draft: Draft): Foreseen {
    this.#lookAtDoubted();
    const { changes } = draft;
    const whatIf = new WhatIf(this.#computations, draft, notesOf(changes));
    const touched = [...whatIf.touched].flatMap(({ name }) =>
      this.#pages.has(name as PlanKey) ? [name as PlanKey] : [],
    );
    const plans = [...new Set([...touched, ...addedBy(changes)])].flatMap((key) => {
      const before = this.#pages.get(key)?.plan.outcome ?? nothing;
      const after = whatIf.outcomeOf(key, this.#formulaOf(key));
      return before === after ? [] : [{ key, before: planOf(before), after: planOf(after) }];
    });
    return { plans, before: this.#image.rows, after: whatIf.rows };
  }

  #open(key: PlanKey): void {
    if (this.#pages.has(key)) return;
    const plan = this.#computations.keep(key, this.#formulaOf(key));
    this.#pages.set(key, { plan, seen: nothing, generation: 0 });
  }

  #formulaOf(key: PlanKey): OfRows<NetnsPlan | undefined> {
    if (key !== 'host') return (rows) => planFor(key, rows, this.#uplink);
    return (rows) => {
      this.#computations.note(noteOfForwarding);
      return planFor(key, rows, this.#uplink, this.#facts.forwarding());
    };
  }

  #derive<Result>(name: string, formula: Formula<Result>): Result {
    const kept = this.#computations.named(name);
    if (kept === undefined) return formula(this.#image.rows, assumeUsable);
    return resultOf(this.#computations.update(kept).outcome) as Result;
  }

  #look(key: PlanKey, page: Page): Outcome {
    const { outcome } = this.#computations.update(page.plan);
    if (outcome !== page.seen) {
      page.seen = outcome;
      page.generation = this.#image.generation;
      this.#untold.add(key);
    }
    return outcome;
  }

  #lookAtDoubted(): void {
    for (let key = this.#nextDoubted(); key !== undefined; key = this.#nextDoubted()) this.generationOf(key);
  }

  #nextDoubted(): PlanKey | undefined {
    const [next] = this.#computations.doubted;
    return next?.name as PlanKey | undefined;
  }

  /** A plan that is gone is forgotten once that was said. */
  #tell(key: PlanKey): PlanKey | null {
    const page = this.#pages.get(key);
    if (page !== undefined && 'value' in page.seen && page.seen.value === undefined) {
      this.#pages.delete(key);
      this.#computations.drop(page.plan);
    }
    return this.#untold.delete(key) ? key : null;
  }
}

function planOf(outcome: Outcome): NetnsPlan | undefined {
  return resultOf(outcome) as NetnsPlan | undefined;
}

function notesOf(changes: readonly Change[]): Set<Note> {
  return new Set(changes.flatMap((change) => [...notesMetBy(change)]));
}

function addedBy(changes: readonly Change[]): PlanKey[] {
  const isPlanned = ({ table }: Change) => (plannedTables as readonly string[]).includes(table);
  return changes.filter((change) => isPlanned(change) && change.after !== null).map(({ key }) => key as PlanKey);
}
