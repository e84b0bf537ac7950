/** What of two lists of parts differs. */
export interface ChangedParts<Part> {
  readonly come: readonly Part[];
  readonly gone: readonly Part[];
}

/**
 * Parts that are the same objects are not looked into, so that a change costs what it is, however many there are. A part of which an equal
 * one stays has neither come nor gone.
 * @param keyOf tells parts apart.
 */
export function changed<Part extends object>(
  before: readonly Part[],
  after: readonly Part[],
  keyOf: (part: Part) => string,
): ChangedParts<Part> {
  if (before === after) return { come: [], gone: [] };
  const [had, has] = [new Set(before), new Set(after)];
  const [come, gone] = [after.filter((part) => !had.has(part)), before.filter((part) => !has.has(part))];
  if (come.length === 0 && gone.length === 0) return { come, gone };
  const stay = new Set(after.filter((part) => had.has(part)).map(keyOf));
  const isOther = (part: Part) => !stay.has(keyOf(part));
  return { come: come.filter(isOther), gone: gone.filter(isOther) };
}
