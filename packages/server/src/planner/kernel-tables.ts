const firstTable = 1000;
const tableCount = 2_000_000_000;

interface Table<Id> {
  readonly id: Id;
  readonly createdAt: number;
}

/** Kernel table numbers that do not move when another table comes or goes: from the digits of the id, `rtb-…`. */
export function kernelTables<Id extends string>(tables: readonly Table<Id>[]): Map<Id, number> {
  const taken = new Set<number>();
  const numbers = new Map<Id, number>();
  for (const { id } of [...tables].sort((a, b) => a.createdAt - b.createdAt || (a.id < b.id ? -1 : 1))) {
    let number = firstTable + (Number.parseInt(id.slice(id.indexOf('-') + 1), 36) % tableCount);
    while (taken.has(number)) number++;
    taken.add(number);
    numbers.set(id, number);
  }
  return numbers;
}
