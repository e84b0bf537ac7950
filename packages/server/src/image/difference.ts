import { isDeepStrictEqual } from 'node:util';
import type { Change } from './change.ts';
import type { AllRows, Image } from './image.ts';
import { tableNames } from './tables.ts';

/** What leads from the rows of an image to these, compared by value. */
export function differenceTo(image: Image, rows: Partial<AllRows>): readonly Change[] {
  return tableNames.flatMap((table) => {
    const shape = image.table(table);
    const left = new Map<string, unknown>(image.all(table).map((row) => [shape.keyOf(row), row]));
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
