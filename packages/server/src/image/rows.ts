import type { Scope } from '../domain/owned.ts';
import type { Ranges } from './table-shape.ts';
import type { IndexOf, RangedOf, ResourceTable, RowOf, TableName } from './tables.ts';

/** The rows of one table, to be read. Lists stand in the order of the table (`image/tables.ts`) and never change. */
export interface TableRows<Row, Index extends string, Ranged extends string = never> {
  /** By its key, whoever's it is. */
  get(...key: readonly string[]): Row | undefined;
  /** Those that an index finds, such as `of('vpnGateway', id)`. */
  of(index: Index, ...value: readonly string[]): readonly Row[];
  /** Those whose ranges overlap these, such as `overlapping('mappings', [local, remote], gatewayId)`. */
  overlapping(index: Ranged, ranges: Ranges, ...value: readonly string[]): readonly Row[];
  /** How many ranges the rows have that an index of ranges finds. */
  countRanges(index: Ranged, ...value: readonly string[]): number;
  /** Over all accounts. What needs them all costs more the more there are. */
  all(): readonly Row[];
  /** How many they are, over all accounts. */
  size(): number;
}

/** What is bound to an account alone, such as a CCN, is found without a region. */
type Owner = Pick<Scope, 'accountId'> & Partial<Scope>;

/** As a tenant sees a table: nobody else's rows, and of no other region. */
export interface ResourceRows<Row, Index extends string, Ranged extends string = never> extends TableRows<
  Row,
  Index,
  Ranged
> {
  /** Undefined as well when it is another's. */
  find(scope: Owner, id: string): Row | undefined;
  /** All of them; with ids only those, as far as they are there, which costs what the ids are. */
  list(scope: Owner, ids?: readonly string[]): readonly Row[];
}

export type RowsOf<Name extends TableName> = Name extends ResourceTable
  ? ResourceRows<RowOf<Name>, IndexOf<Name>, RangedOf<Name>>
  : TableRows<RowOf<Name>, IndexOf<Name>, RangedOf<Name>>;

/** All desired rows. */
export type Rows = { readonly [Name in TableName]: RowsOf<Name> };
