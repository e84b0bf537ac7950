import { isSameValue } from '../plan/same-value.ts';

/**
 * A pure function of a row and of little else, whose results are kept as long as the row is: a change is another row. The same
 * object is returned until something beside the row comes to another value, so that a plan shares with the one before what did
 * not change. Nobody may change a result.
 */
export function keptPerRow<Row extends object, Beside extends readonly unknown[], Result extends object>(
  make: (row: Row, ...beside: Beside) => Result,
): (row: Row, ...beside: Beside) => Result {
  const kept = new WeakMap<Row, { readonly beside: Beside; readonly result: Result }>();
  return (row, ...beside) => {
    const known = kept.get(row);
    if (known !== undefined && isSameValue(known.beside, beside)) return known.result;
    const result = make(row, ...beside);
    kept.set(row, { beside, result });
    return result;
  };
}
