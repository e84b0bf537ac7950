import { isDeepStrictEqual } from 'node:util';
import type { Change } from './change.ts';
import type { Table } from './table.ts';
import { tableNames, type AllRows, type TableName } from './tables.ts';

/** Rows that are there now. */
interface Present {
  all(table: TableName): readonly unknown[];
  table(name: TableName): Table<unknown>;
}

/** What leads from rows that are there to these, compared by value. */
export function differenceTo(present: Present, rows: Partial<AllRows>): readonly Change[] {
  return tableNames.flatMap((table) => {
    const shape = present.table(table);
    const left = new Map<string, unknown>(present.all(table).map((row) => [shape.keyOf(row), row]));
    const changes: Change[] = [];
    for (const after of rows[table] ?? []) {
      const key = shape.keyOf(after);
      const before = left.get(key) ?? null;
      left.delete(key);
      if (!isDeepStrictEqual(before, after)) changes.push({ table, key, before, after } as Change);
    }
    for (const [key, before] of left) changes.push({ table, key, before, after: null } as Change);
    return changes;
  });
}
