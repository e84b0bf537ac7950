/** What a form holds, by the paths of its fields in the request, such as `IKEOptionsSpecification.DhGroupName`. */
export type Form = Readonly<Record<string, string>>;

/** A field that somebody else has given another value since the form was filled. */
export interface Clash {
  readonly field: string;
  readonly theirs: string;
  readonly yours: string;
}

/** The fields that a call has to name so that the object becomes what the form says. */
export function changedFields(now: Form, draft: Form): readonly string[] {
  return Object.keys(draft).filter((field) => draft[field] !== now[field]);
}

/**
 * Where the object moved while the form was open, and the form says something else.
 * @param base what the form was filled from
 */
export function clashesOf(base: Form, now: Form, draft: Form): readonly Clash[] {
  return changedFields(now, draft)
    .filter((field) => base[field] !== now[field])
    .map((field) => ({ field, theirs: now[field] ?? '', yours: draft[field] ?? '' }));
}

/** Values by their paths, as the nested parameters of a call. */
export function nested(values: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const parameters: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(values)) {
    const [outer = '', inner] = path.split('.');
    if (inner === undefined) parameters[outer] = value;
    else parameters[outer] = { ...(parameters[outer] as object | undefined), [inner]: value };
  }
  return parameters;
}
