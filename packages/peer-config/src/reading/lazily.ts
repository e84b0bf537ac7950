/**
 * An object some of whose properties are found out when somebody looks at them, and once. Of the tunnels of a file only one is
 * compared: what takes a walk through the file is for that one alone.
 */
export function lazily<T extends object, K extends keyof T>(
  known: Omit<T, K>,
  later: { readonly [Name in K]: () => T[Name] },
): T {
  const result = { ...known } as T;
  for (const name of Object.keys(later) as K[]) {
    Object.defineProperty(result, name, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = later[name]();
        Object.defineProperty(result, name, { enumerable: true, value });
        return value;
      },
    });
  }
  return result;
}
