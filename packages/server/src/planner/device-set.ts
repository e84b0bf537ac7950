/** A set of device names as nft writes it. */
export function deviceSet(names: readonly string[]): string {
  return `{ ${names.map((name) => `"${name}"`).join(', ')} }`;
}
