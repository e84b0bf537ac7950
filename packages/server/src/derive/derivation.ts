import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Rows } from '../image/rows.ts';

/** What follows from rows and from which tunnels work, and from nothing else that is not a part of its name. */
export type Formula<Result> = (rows: Rows, isUsable: IsUsable) => Result;

/** Knows what formulas came to, until something changes that they looked up. */
export interface DerivationKeeper {
  /**
   * @param name the same for the same formula.
   * @param isUsable what the formula is to go by. It is given this one, or one that answers the same.
   */
  derive<Result>(name: string, formula: Formula<Result>, isUsable: IsUsable): Result;
}

const keepers = new WeakMap<Rows, DerivationKeeper>();

/** Derivations from these rows are kept from now on. */
export function keepDerivations(rows: Rows, keeper: DerivationKeeper): void {
  keepers.set(rows, keeper);
}

/** The same rows; what follows from them is kept as long as these are, beside what their own keeper keeps. */
export function rowsKeepingAll(rows: Rows): Rows {
  const [same, keeper, results] = [{ ...rows }, keepers.get(rows), new Map<IsUsable, Map<string, unknown>>()];
  keepDerivations(same, {
    derive: <Result>(name: string, formula: Formula<Result>, isUsable: IsUsable) => {
      const known = results.get(isUsable) ?? new Map<string, unknown>();
      results.set(isUsable, known);
      if (!known.has(name)) known.set(name, keeper?.derive(name, formula, isUsable) ?? formula(same, isUsable));
      return known.get(name) as Result;
    },
  });
  return same;
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
    if (keeper === undefined) return derive(subject, rows, isUsable);
    const formula = (kept: Rows, usable: IsUsable) => derive(subject, kept, usable);
    return keeper.derive(`${name} of ${JSON.stringify(subject)}`, formula, isUsable);
  };
}
