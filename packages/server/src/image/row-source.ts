import type { Scope } from '../domain/owned.ts';
import type { ResourceRows, Rows } from './rows.ts';
import { inOrderOf, joined, type Ranges, type TableShape } from './table-shape.ts';
import { tableNames, tables, type TableName } from './tables.ts';

/** Where rows are looked up: an image, a draft over it, or one that notes what it is asked. Keys and values are joined. */
export interface RowSource {
  get(table: TableName, key: string): unknown;
  of(table: TableName, index: string, value: string): readonly unknown[];
  overlapping(table: TableName, index: string, value: string, ranges: Ranges): readonly unknown[];
  countRanges(table: TableName, index: string, value: string): number;
  all(table: TableName): readonly unknown[];
  size(table: TableName): number;
}

/** The tables of a source, each with the types of its rows. */
export function rowsOver(source: RowSource): Rows {
  return Object.fromEntries(tableNames.map((table) => [table, tableOver(source, table)])) as unknown as Rows;
}

interface AnyRow {
  readonly id: string;
}

/** A table without `scope` has neither `find` nor `list`, as its type says. */
export function tableOver(source: RowSource, table: TableName): ResourceRows<AnyRow, string, string> {
  const scopeOf = (tables[table].indexes as Record<string, (row: never) => readonly string[]>)['scope'];
  const boundTo = ({ accountId, region = '' }: Pick<Scope, 'accountId'> & Partial<Scope>) =>
    joined(scopeOf?.({ accountId, region } as never) ?? []);
  const find = (scope: Pick<Scope, 'accountId'> & Partial<Scope>, id: string) => {
    const row = source.get(table, id) as AnyRow | undefined;
    return row !== undefined && boundTo(row as unknown as Scope) === boundTo(scope) ? row : undefined;
  };
  return {
    get: (...key) => source.get(table, joined(key)) as AnyRow | undefined,
    of: (index, ...value) => source.of(table, index, joined(value)) as readonly AnyRow[],
    overlapping: (index, ranges, ...value) =>
      source.overlapping(table, index, joined(value), ranges) as readonly AnyRow[],
    countRanges: (index, ...value) => source.countRanges(table, index, joined(value)),
    all: () => source.all(table) as readonly AnyRow[],
    size: () => source.size(table),
    find,
    list: (scope, ids) => {
      if (ids === undefined) return source.of(table, 'scope', boundTo(scope)) as readonly AnyRow[];
      const found = Array.from(new Set(ids), (id) => find(scope, id)).filter((row) => row !== undefined);
      return found.length < 2 ? found : found.sort(orderOf(table));
    },
  };
}

function orderOf(table: TableName): (a: unknown, b: unknown) => number {
  return inOrderOf(tables[table] as unknown as TableShape<unknown>);
}
