type Fields = Readonly<Record<string, unknown>> | null;

export interface Difference {
  readonly field: string;
  /** As JSON; null: there was none. */
  readonly before: string | null;
  readonly after: string | null;
}

/** The fields of an object that a call changed; all of them where it made or removed the object. */
export function differences(before: Fields, after: Fields): readonly Difference[] {
  const fields = new Set([...Object.keys(before ?? {}), ...Object.keys(after ?? {})]);
  return [...fields]
    .map((field) => ({ field, before: written(before, field), after: written(after, field) }))
    .filter((difference) => difference.before !== difference.after);
}

function written(fields: Fields, field: string): string | null {
  return fields === null || !Object.hasOwn(fields, field) ? null : JSON.stringify(fields[field]);
}
