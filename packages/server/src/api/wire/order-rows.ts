/** What rows can be sorted by, under the names of the wire. */
export type Orders<Row> = Readonly<Record<string, (row: Row) => string | number>>;

/** Rows sorted as `OrderField` and `OrderDirection` ask; without a field they stay as they are, ascending by time. */
export function orderRows<Row>(
  rows: readonly Row[],
  request: { readonly OrderField?: string; readonly OrderDirection?: 'ASC' | 'DESC' },
  orders: Orders<Row>,
): Row[] {
  const read = request.OrderField === undefined ? undefined : orders[request.OrderField];
  const sorted = read === undefined ? [...rows] : [...rows].sort((a, b) => compare(read(a), read(b)));
  return request.OrderDirection === 'DESC' ? sorted.reverse() : sorted;
}

function compare(a: string | number, b: string | number): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
