import type { RowOf, TableName } from './tables.ts';

/** What became of one row: null before an insertion, null after a removal. */
export type Change = {
  [Name in TableName]: {
    readonly table: Name;
    readonly key: string;
    readonly before: RowOf<Name> | null;
    readonly after: RowOf<Name> | null;
  };
}[TableName];
