import type { Cidr } from '@landbridge/net';

/** Parts of a key, or of what an index looks up: `['acc', 'ap-guangzhou']`. */
export type KeyParts = readonly string[];

/** Ranges that belong together, such as the local and the remote one of a mapping: two of them overlap when each range does. */
export type Ranges = readonly Cidr[];

/** The ranges that a row has among those of the rows that it is looked up with. */
export interface RangesOfRow {
  readonly of: KeyParts;
  readonly ranges: readonly Ranges[];
}

/** What an image has to know of a table. */
export interface TableShape<Row, Index extends string = string, Ranged extends string = string> {
  /** What tells a row from the others of its table. */
  readonly key: (row: Row) => KeyParts;
  /** Rows that are looked up together, by name; a row that answers null is found by none. */
  readonly indexes: Readonly<Record<Index, (row: Row) => KeyParts | null>>;
  /** Rows that are looked up by the ranges that they have, by name: no name of an index. */
  readonly ranges?: Readonly<Record<Ranged, (row: Row) => RangesOfRow | null>>;
  /** What stands first in every list; rows that are equal here stand in the order of their keys. */
  readonly order: (a: Row, b: Row) => number;
}

/** Infers the names of the indexes, which a type parameter of the row alone would not leave to be inferred. */
export function shapeOf<Row>() {
  return <const Index extends string, const Ranged extends string = never>(
    shape: TableShape<Row, Index, Ranged>,
  ): TableShape<Row, Index, Ranged> => shape;
}

/** No name, address or id holds this character, so that two lists of parts never give one text. */
const separator = '\0';

export function joined(parts: KeyParts): string {
  return parts.join(separator);
}

/** The parts of a key again. */
export function splitKey(key: string): readonly string[] {
  return key.split(separator);
}

export function byAge(a: { readonly createdAt: number }, b: { readonly createdAt: number }): number {
  return a.createdAt - b.createdAt;
}

/** As rows stand in every list of the table. */
export function inOrderOf<Row>({ key, order }: TableShape<Row>): (a: Row, b: Row) => number {
  return (a, b) => {
    const byOrder = order(a, b);
    if (byOrder !== 0) return byOrder;
    const [keyOfA, keyOfB] = [joined(key(a)), joined(key(b))];
    if (keyOfA === keyOfB) return 0;
    return keyOfA < keyOfB ? -1 : 1;
  };
}
