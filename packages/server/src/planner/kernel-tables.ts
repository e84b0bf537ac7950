const firstTable = 1000;
const tableCount = 2_000_000_000;

/**
 * Kernel table numbers that do not move when another table comes or goes: from the digits of the id, `rtb-…`.
 * @param tables the oldest first, as the image lists them: of two that want the same number, it has it.
 */
export function kernelTables<Id extends string>(tables: readonly { readonly id: Id }[]): Map<Id, number> {
  return tableNumbers(tables.map(({ id }) => [id, Number.parseInt(id.slice(id.indexOf('-') + 1), 36)]));
}

/**
 * The same for anything else.
 * @param wanted each with a number that says what it is, 0 to 2^53.
 */
export function tableNumbers<Key>(wanted: Iterable<readonly [Key, number]>): Map<Key, number> {
  const taken = new Set<number>();
  const numbers = new Map<Key, number>();
  for (const [key, digits] of wanted) {
    let number = firstTable + (digits % tableCount);
    while (taken.has(number)) number++;
    taken.add(number);
    numbers.set(key, number);
  }
  return numbers;
}
