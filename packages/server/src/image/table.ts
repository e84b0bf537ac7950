import { RangeIndex } from './range-index.ts';
import { inOrderOf, joined, type KeyParts, type Ranges, type TableShape } from './table-shape.ts';

const none: readonly never[] = Object.freeze([]);

/** A copy of a shorter list costs less than to know that it needs none. */
const shortList = 32;

/**
 * The rows of one table with their indexes. A lookup costs the same with ten rows and with ten thousand. A list once handed out
 * never changes: the next change of it is made in a copy, those after it in the same copy until that is handed out.
 */
export class Table<Row> {
  readonly #shape: TableShape<Row>;
  readonly #rows = new Map<string, Row>();
  /** Index, then what it is asked for: rows in order. */
  readonly #lists = new Map<string, Map<string, readonly Row[]>>();
  readonly #ranges = new Map<string, RangeIndex<Row>>();
  #all: readonly Row[] = none;
  /** Copies that nobody was handed yet. */
  readonly #ours = new Set<readonly Row[]>();

  constructor(shape: TableShape<Row>, rows: readonly Row[] = []) {
    this.#shape = shape;
    this.compare = inOrderOf(shape);
    for (const index of Object.keys(shape.indexes)) this.#lists.set(index, new Map());
    this.#fill(rows);
  }

  get size(): number {
    return this.#rows.size;
  }

  get(key: string): Row | undefined {
    return this.#rows.get(key);
  }

  /** In the order of the table. Throws where there is no such index. */
  of(index: string, value: string): readonly Row[] {
    return this.#handOut(this.#listsOf(index).get(value) ?? none);
  }

  /** Those with ranges that overlap these, in the order of the table. Throws where there is no such index of ranges. */
  overlapping(index: string, value: string, ranges: Ranges): readonly Row[] {
    return this.#rangesOf(index).overlapping(value, ranges).sort(this.compare);
  }

  /** How many ranges its rows have in such an index. */
  countRanges(index: string, value: string): number {
    return this.#rangesOf(index).count(value);
  }

  all(): readonly Row[] {
    return this.#handOut(this.#all);
  }

  /** Inserts, or replaces what has the same key. */
  put(row: Row): void {
    const key = this.keyOf(row);
    const before = this.#rows.get(key);
    this.#rows.set(key, row);
    this.#change(before, row);
  }

  remove(key: string): void {
    const before = this.#rows.get(key);
    if (before === undefined) return;
    this.#rows.delete(key);
    this.#change(before, undefined);
  }

  keyOf(row: Row): string {
    return joined(this.#shape.key(row));
  }

  /** What the index finds the row by; null where it does not. */
  valueOf(index: string, row: Row): string | null {
    const read = this.#shape.indexes[index] as ((row: Row) => KeyParts | null) | undefined;
    if (read === undefined) throw new Error(`there is no index ${index}`);
    const parts = read(row);
    return parts === null ? null : joined(parts);
  }

  readonly compare: (a: Row, b: Row) => number;

  #fill(rows: readonly Row[]): void {
    this.#all = [...rows].sort(this.compare);
    const growing = new Map([...this.#lists.keys()].map((index) => [index, new Map<string, Row[]>()]));
    for (const row of this.#all) {
      this.#rows.set(this.keyOf(row), row);
      for (const [index, lists] of growing) {
        const value = this.valueOf(index, row);
        if (value === null) continue;
        const list = lists.get(value);
        if (list === undefined) lists.set(value, [row]);
        else list.push(row);
      }
    }
    for (const [index, read] of Object.entries(this.#shape.ranges ?? {})) {
      this.#ranges.set(index, new RangeIndex(read, this.#all));
    }
    for (const [index, lists] of growing) for (const [value, list] of lists) this.#listsOf(index).set(value, list);
  }

  #listsOf(index: string): Map<string, readonly Row[]> {
    const lists = this.#lists.get(index);
    if (lists === undefined) throw new Error(`there is no index ${index}`);
    return lists;
  }

  #rangesOf(index: string): RangeIndex<Row> {
    const ranges = this.#ranges.get(index);
    if (ranges === undefined) throw new Error(`there is no index of ranges ${index}`);
    return ranges;
  }

  #change(before: Row | undefined, after: Row | undefined): void {
    this.#all = this.#changedOurs(this.#all, before, after);
    for (const ranges of this.#ranges.values()) {
      if (before !== undefined) ranges.remove(before);
      if (after !== undefined) ranges.add(after);
    }
    for (const [index, lists] of this.#lists) {
      const from = before === undefined ? null : this.valueOf(index, before);
      const to = after === undefined ? null : this.valueOf(index, after);
      if (from === to) {
        if (from !== null) this.#set(lists, from, before, after);
        continue;
      }
      if (from !== null) this.#set(lists, from, before, undefined);
      if (to !== null) this.#set(lists, to, undefined, after);
    }
  }

  #set(lists: Map<string, readonly Row[]>, value: string, before: Row | undefined, after: Row | undefined): void {
    const list = this.#changedOurs(lists.get(value) ?? none, before, after);
    if (list.length === 0) lists.delete(value);
    else lists.set(value, list);
  }

  #handOut(list: readonly Row[]): readonly Row[] {
    this.#ours.delete(list);
    return list;
  }

  #changedOurs(list: readonly Row[], before: Row | undefined, after: Row | undefined): readonly Row[] {
    const isOurs = this.#ours.has(list);
    const changed = isOurs ? this.#changeInPlace(list as Row[], before, after) : this.changed(list, before, after);
    if (changed.length > shortList) this.#ours.add(changed);
    else this.#ours.delete(changed);
    return changed;
  }

  /** A list of this table with another row in the place of one that stands in it; undefined: none. */
  changed(list: readonly Row[], before: Row | undefined, after: Row | undefined): readonly Row[] {
    return this.#changeInPlace([...list], before, after);
  }

  #changeInPlace(list: Row[], before: Row | undefined, after: Row | undefined): readonly Row[] {
    if (before !== undefined) list.splice(this.#place(list, before), 1);
    if (after !== undefined) list.splice(this.#place(list, after), 0, after);
    return list;
  }

  /** Where the row stands, or would. */
  #place(list: readonly Row[], row: Row): number {
    let [low, high] = [0, list.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (this.compare(list[middle] as Row, row) < 0) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
