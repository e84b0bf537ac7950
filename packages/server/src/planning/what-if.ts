import { keepDerivations, type Formula } from '../derive/derivation.ts';
import { assumeUsable, type IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Note } from '../image/noting-source.ts';
import { rowsOver, type RowSource } from '../image/row-source.ts';
import type { Rows } from '../image/rows.ts';
import { outcomeOf, resultOf, sharedOutcome, type Computation, type OfRows, type Outcome } from './computation.ts';
import type { Computations } from './computations.ts';

/** What computations would come to over other rows. Those that are kept stay as they are. */
export class WhatIf {
  readonly #computations: Computations;
  /** The other rows, with what follows from them kept. */
  readonly rows: Rows;
  readonly #stale: ReadonlySet<Computation>;
  readonly #doubtful = new Set<Computation>();
  readonly #outcomes = new Map<string, Outcome>();

  /** @param met what the other rows differ in. Those of the kept computations that somebody watches are up to date. */
  constructor(computations: Computations, source: RowSource, met: Iterable<Note>) {
    this.#computations = computations;
    this.rows = rowsOver(source);
    keepDerivations(this.rows, {
      derive: <Result>(name: string, formula: Formula<Result>, isUsable: IsUsable) => {
        if (isUsable !== assumeUsable) throw new Error(`${name}: what may be depends on rows alone`);
        return resultOf(this.outcomeOf(name, (rows) => formula(rows, assumeUsable))) as Result;
      },
    });
    this.#stale = computations.readersOf(met);
    for (const each of this.#stale) this.#doubt(each);
  }

  /** Those that may come out different. */
  get touched(): ReadonlySet<Computation> {
    return this.#doubtful;
  }

  /** The very object of the computation of that name where it would stay the same. */
  outcomeOf(name: string, formula: OfRows<unknown>): Outcome {
    const known = this.#outcomes.get(name);
    if (known !== undefined) return known;
    const kept = this.#computations.named(name);
    const outcome = kept !== undefined && !this.#mayDiffer(kept) ? kept.outcome : this.#compute(formula, kept?.outcome);
    this.#outcomes.set(name, outcome);
    return outcome;
  }

  #mayDiffer(kept: Computation): boolean {
    // One that is held alone may have been out of date before.
    if (this.#stale.has(kept) || kept.state !== 'current') return true;
    if (!this.#doubtful.has(kept)) return false;
    return [...kept.uses].some(({ name, formula, outcome }) => this.outcomeOf(name, formula) !== outcome);
  }

  #compute(formula: OfRows<unknown>, kept: Outcome | undefined): Outcome {
    const outcome = outcomeOf(() => formula(this.rows));
    return kept === undefined ? outcome : sharedOutcome(kept, outcome);
  }

  #doubt(each: Computation): void {
    if (this.#doubtful.has(each)) return;
    this.#doubtful.add(each);
    for (const user of each.usedBy) this.#doubt(user);
  }
}
