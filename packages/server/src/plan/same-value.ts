/** Whether two values that JSON can carry are equal. What they share is not looked into. */
export function isSameValue(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a)) {
    return Array.isArray(b) && a.length === b.length && a.every((item, place) => isSameValue(item, b[place]));
  }
  const names = Object.keys(a);
  return (
    !Array.isArray(b) &&
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && isSameValue(valueAt(a, name), valueAt(b, name)))
  );
}

function valueAt(object: object, name: string): unknown {
  return (object as Readonly<Record<string, unknown>>)[name];
}
