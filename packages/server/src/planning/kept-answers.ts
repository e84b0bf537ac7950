import type { Formula } from '../derive/derivation.ts';
import { resultOf, type Computation } from './computation.ts';
import type { Computations } from './computations.ts';

/** Of more, the one goes that was asked for the longest ago. */
const mostKept = 1000;

/** Derivations with the tunnels that work now, for answers: kept until a row changes that they looked up, or whether a tunnel works that they asked about. */
export class KeptAnswers {
  readonly #computations: Computations;
  /** The one that was asked for last stands last. */
  readonly #kept = new Map<string, Computation>();

  constructor(computations: Computations) {
    this.#computations = computations;
  }

  derive<Result>(name: string, formula: Formula<Result>): Result {
    const answer = this.#kept.get(name) ?? this.#computations.holdNow(name, formula);
    this.#kept.delete(name);
    this.#kept.set(name, answer);
    for (const [oldest, kept] of this.#kept) {
      if (this.#kept.size <= mostKept) break;
      this.#kept.delete(oldest);
      this.#computations.drop(kept);
    }
    return resultOf(this.#computations.update(answer).outcome) as Result;
  }
}
