import { CidrIndex, cidrsOverlap } from '@landbridge/net';
import { joined, type Ranges, type RangesOfRow } from './table-shape.ts';

/**
 * Rows by the ranges that they have. What overlaps is found without a look at all the others, as long as few of them overlap
 * one of the ranges that are asked for.
 */
export class RangeIndex<Row> {
  readonly #read: (row: Row) => RangesOfRow | null;
  /** By value; one for each of the ranges that belong together, with a row as often as it has such ranges. */
  readonly #indexes = new Map<string, readonly CidrIndex<Row>[]>();

  constructor(read: (row: Row) => RangesOfRow | null, rows: readonly Row[] = []) {
    this.#read = read;
    const found = rows.flatMap((row) => this.#placesOf(row).map((place) => ({ ...place, row })));
    for (const [value, places] of Map.groupBy(found, (place) => place.value)) {
      const dimensions = [...(places[0]?.ranges.keys() ?? [])];
      const indexOf = (dimension: number) =>
        new CidrIndex(places.map(({ ranges, row }) => [at(ranges, dimension), row] as const));
      this.#indexes.set(value, dimensions.map(indexOf));
    }
  }

  add(row: Row): void {
    for (const { value, ranges } of this.#placesOf(row)) {
      const indexes = this.#indexes.get(value) ?? ranges.map(() => new CidrIndex<Row>());
      this.#indexes.set(value, indexes);
      for (const [dimension, index] of indexes.entries()) index.add(at(ranges, dimension), row);
    }
  }

  /** The very row that was added. */
  remove(row: Row): void {
    for (const { value, ranges } of this.#placesOf(row)) {
      const indexes = this.#indexes.get(value) ?? [];
      for (const [dimension, index] of indexes.entries()) index.remove(at(ranges, dimension), row);
      if (indexes[0]?.size === 0) this.#indexes.delete(value);
    }
  }

  /** Each once, in no order. */
  overlapping(value: string, ranges: Ranges): Row[] {
    const indexes = this.#indexes.get(value) ?? [];
    const candidates = fewest(indexes.map((index, dimension) => index.eachOverlapping(at(ranges, dimension))));
    if (indexes.length < 2) return [...candidates];
    return [...candidates].filter((row) => this.#read(row)?.ranges.some((own) => overlap(own, ranges)) === true);
  }

  /** How many ranges there are that belong together. */
  count(value: string): number {
    return this.#indexes.get(value)?.[0]?.size ?? 0;
  }

  #placesOf(row: Row): { readonly value: string; readonly ranges: Ranges }[] {
    const found = this.#read(row);
    return found === null ? [] : found.ranges.map((ranges) => ({ value: joined(found.of), ranges }));
  }
}

/** The shortest of the lists, read no further than that takes. */
function fewest<T>(lists: readonly Iterator<T>[]): Set<T> {
  const read = lists.map((list) => ({ list, found: new Set<T>() }));
  for (;;) {
    for (const { list, found } of read) {
      const next = list.next();
      if (next.done === true) return found;
      found.add(next.value);
    }
    if (read.length === 0) return new Set();
  }
}

function overlap(a: Ranges, b: Ranges): boolean {
  return a.every((range, dimension) => cidrsOverlap(range, at(b, dimension)));
}

function at(ranges: Ranges, dimension: number): Ranges[number] {
  const range = ranges[dimension];
  if (range === undefined) throw new Error(`there is no range ${dimension} in ${ranges.join(' ')}`);
  return range;
}
