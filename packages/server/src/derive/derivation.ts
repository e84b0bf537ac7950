import { assumeUsable, type IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Rows } from '../image/rows.ts';

/** What follows from rows and from which tunnels work, and from nothing else. */
export type Formula<Result> = (rows: Rows, isUsable: IsUsable) => Result;

/** Knows what formulas came to, until something changes that they looked up. */
export interface DerivationKeeper {
  /** The usability that it keeps results for. */
  readonly isUsable: IsUsable;
  /** @param name the same for the same formula. */
  derive<Result>(name: string, formula: Formula<Result>): Result;
}

const keepers = new WeakMap<Rows, DerivationKeeper>();

/** Derivations from these rows are kept from now on. */
export function keepDerivations(rows: Rows, keeper: DerivationKeeper): void {
  keepers.set(rows, keeper);
}

/**
 * A function of rows whose result is kept and shared where the rows have a keeper, and made anew where they have none. Nobody
 * may change a result.
 * @param subjectOf all that the result depends on but for rows and usability, and no more: a result is kept for each subject.
 */
export function derivation<Given, Subject, Result>(
  name: string,
  subjectOf: (given: Given) => Subject,
  derive: (subject: Subject, rows: Rows, isUsable: IsUsable) => Result,
): (given: Given, rows: Rows, isUsable: IsUsable) => Result {
  return (given, rows, isUsable) => {
    const [subject, keeper] = [subjectOf(given), keepers.get(rows)];
    const nameOf = (kind: string) => `${name} (${kind}) of ${JSON.stringify(subject)}`;
    if (keeper === undefined) return derive(subject, rows, isUsable);
    if (isUsable === assumeUsable) {
      return keeper.derive(nameOf('assumed'), (kept) => derive(subject, kept, assumeUsable));
    }
    if (isUsable === keeper.isUsable) {
      return keeper.derive(nameOf('usable'), (kept, isKnown) => derive(subject, kept, isKnown));
    }
    return derive(subject, rows, isUsable);
  };
}
