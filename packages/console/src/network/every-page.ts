export interface Paging {
  readonly Offset: number;
  readonly Limit: number;
}

const pageSize = 100;

/** All that a list has, page after page. */
export async function everyPage<Item>(
  readPage: (paging: Paging) => Promise<{ readonly TotalCount: number; readonly items: readonly Item[] }>,
): Promise<Item[]> {
  const all: Item[] = [];
  for (;;) {
    const { TotalCount, items } = await readPage({ Offset: all.length, Limit: pageSize });
    all.push(...items);
    if (items.length === 0 || all.length >= TotalCount) return all;
  }
}
