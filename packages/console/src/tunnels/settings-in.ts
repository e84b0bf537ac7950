/** The parameters that the field of a finding names, each with its whole path: `Options.A, B (swapped)` is `Options.A` and `Options.B`. */
export function settingsIn(field: string): readonly string[] {
  const [first = '', ...others] = field.replace(/ \(.*\)$|\.N\..*$/, '').split(', ');
  const within = first.slice(0, first.lastIndexOf('.') + 1);
  return [first, ...others.map((name) => within + name)];
}
