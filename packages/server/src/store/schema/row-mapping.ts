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

/** A JSON column that we wrote ourselves: trusted to be of the type it was written as, like any other column. */
// eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller's column has the type
export function parseJson<T>(text: string): T {
  return JSON.parse(text) as T;
}
