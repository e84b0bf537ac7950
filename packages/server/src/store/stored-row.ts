import { isDeepStrictEqual } from 'node:util';
import { joined } from '../image/table-shape.ts';
import type { TableName } from '../image/tables.ts';
import type { Values } from './read-slice.ts';
import { rowMappings } from './schema/row-mappings.ts';

/** A row as it is kept, to be compared with that of an image. */
export interface StoredRow {
  /** As the image joins it. */
  readonly key: string;
  /** By value. */
  isSameAs(row: unknown): boolean;
}

export function storedRow(table: TableName, values: Values): StoredRow {
  const key: readonly string[] = rowMappings[table].key;
  return {
    key: joined(key.map((column) => String(values[column]))),
    isSameAs: (row) => isSame(table, values, row),
  };
}

function isSame(table: TableName, stored: Values, row: unknown): boolean {
  const mapping = rowMappings[table] as unknown as {
    readonly toColumns: (row: unknown) => Values;
    readonly fromColumns: (columns: Values) => unknown;
  };
  const held = mapping.toColumns(row);
  if (Object.entries(held).every(([column, value]) => stored[column] === value)) return true;
  // The same may be written in two ways.
  return isDeepStrictEqual(mapping.fromColumns(stored), mapping.fromColumns(held));
}
