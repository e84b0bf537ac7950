import type { DerivationKeeper, Formula } from '../derive/derivation.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Rows } from '../image/rows.ts';

/** Derivations that depend on which tunnels work, for answers: kept until any row changes, or the usability of any tunnel. */
export class KeptAnswers implements DerivationKeeper {
  readonly #rows: Rows;
  readonly #isUsable: IsUsable;
  readonly #results = new Map<string, unknown>();

  /** @param isUsable the one that results are kept for. */
  constructor(rows: Rows, isUsable: IsUsable) {
    this.#rows = rows;
    this.#isUsable = isUsable;
  }

  derive<Result>(name: string, formula: Formula<Result>, isUsable: IsUsable): Result {
    if (isUsable !== this.#isUsable) return formula(this.#rows);
    if (!this.#results.has(name)) this.#results.set(name, formula(this.#rows));
    return this.#results.get(name) as Result;
  }

  forget(): void {
    this.#results.clear();
  }
}
