import type { Selectable } from 'kysely';
import type { RowOf, TableName } from '../../image/tables.ts';
import type { Columns } from './columns.ts';

/** How the rows of an image's table are kept in the table of the same name. */
export interface RowMapping<Name extends TableName> {
  /** In the order of the key's parts (`image/tables.ts`). */
  readonly key: readonly (keyof Columns[Name] & string)[];
  /** Columns of which the table has each value, or each combination of them, once; those of the key are not named. */
  readonly unique?: readonly (keyof Columns[Name] & string)[];
  readonly toColumns: (row: RowOf<Name>) => Columns[Name];
  readonly fromColumns: (columns: Selectable<Columns[Name]>) => RowOf<Name>;
}

const mostShared = 1000;
const longestShared = 1000;
/** By text. Most tunnels have the same options, and most resources no tag: their rows share them. */
const shared = new Map<string, unknown>();

/**
 * A JSON column that we wrote ourselves: trusted to be of the type it was written as, like any other column. Equal texts may
 * give the same object, as rows are never changed.
 */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller's column has the type
export function parseJson<T>(text: string): T {
  const known = shared.get(text);
  if (known !== undefined) return known as T;
  const value = JSON.parse(text) as T;
  if (text.length > longestShared) return value;
  if (shared.size >= mostShared) shared.clear();
  shared.set(text, value);
  return value;
}
