const firstTable = 1000;
const tableCount = 2_000_000_000;

/**
 * Kernel table numbers that do not move when another table comes or goes: from the digits of the id, `rtb-…`.
 * @param tables the oldest first, as the image lists them: of two that want the same number, it has it.
 */
export function kernelTables<Id extends string>(tables: readonly { readonly id: Id }[]): Map<Id, number> {
  const taken = new Set<number>();
  const numbers = new Map<Id, number>();
  for (const { id } of tables) {
    let number = firstTable + (Number.parseInt(id.slice(id.indexOf('-') + 1), 36) % tableCount);
    while (taken.has(number)) number++;
    taken.add(number);
    numbers.set(id, number);
  }
  return numbers;
}
