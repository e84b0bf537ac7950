import type { Kysely, Selectable } from 'kysely';
import type { Owned } from '../domain/owned.ts';
import type { Database, Scope } from './repository.ts';
import type { Tables } from './tables.ts';

/** What every repository of resources can do. `In` is what a tenant's query is bound to. */
export interface ResourceRows<Resource extends ResourceColumns, In = Scope> {
  insert(resource: Resource): Promise<void>;
  /** Replaces the whole row. */
  update(resource: Resource): Promise<void>;
  remove(id: Resource['id']): Promise<void>;
  find(scope: In, id: Resource['id']): Promise<Resource | undefined>;
  /** Oldest first. */
  list(scope: In): Promise<Resource[]>;
  /** Of an account in one region, or in all of them. */
  count(scope: Partial<Scope> & Pick<Scope, 'accountId'>): Promise<number>;
  /** Over all accounts and regions. */
  all(): Promise<Resource[]>;
}

/** How the rows of a table stand for resources. */
export interface RowMapping<Table extends ResourceTable, Resource> {
  readonly toRow: (resource: Resource) => Tables[Table];
  readonly fromRow: (row: Row<Table>) => Resource;
  /** What tells which of two rows is older, when times of creation do not; the id unless given. */
  readonly orderBy?: keyof Row<Table>;
  /** What a tenant's query is bound to; account and region unless given. */
  readonly boundTo?: readonly (keyof Scope)[];
}

type Row<Table extends keyof Tables> = Selectable<Tables[Table]>;

/** The tables whose rows are resources. */
type ResourceTable = {
  [Table in keyof Tables]: Row<Table> extends ResourceColumns ? Table : never;
}[keyof Tables];

type ResourceColumns = { readonly id: string } & Owned;

/** The repository of a table; `where` finds the rows with given values, oldest first, for what a resource needs besides. */
export function resourceRows<Table extends ResourceTable, Resource extends ResourceColumns>(
  database: Database,
  tableName: Table,
  { toRow, fromRow, orderBy, boundTo = ['accountId', 'region'] }: RowMapping<Table, Resource>,
) {
  // Kysely infers nothing of a table that is a type parameter: here it sees the columns that all resources have.
  const db = database as unknown as Kysely<{ resources: ResourceColumns }>;
  const table = tableName as unknown as 'resources';
  const rowOf = toRow as unknown as (resource: Resource) => ResourceColumns;
  const resourceOf = fromRow as unknown as (row: ResourceColumns) => Resource;
  const select = async (condition: Partial<ResourceColumns>): Promise<Resource[]> => {
    const matching = db
      .selectFrom(table)
      .selectAll()
      .where((row) => row.and(condition));
    const rows = await matching
      .orderBy('createdAt')
      .orderBy((orderBy ?? 'id') as 'id')
      .execute();
    return rows.map(resourceOf);
  };
  const count = async (condition: Partial<ResourceColumns>): Promise<number> => {
    const matching = db.selectFrom(table).where((row) => row.and(condition));
    const { total } = await matching.select((row) => row.fn.countAll().as('total')).executeTakeFirstOrThrow();
    return Number(total);
  };
  const within = (scope: Partial<Scope>) => Object.fromEntries(boundTo.map((column) => [column, scope[column]]));

  const rows: ResourceRows<Resource, Partial<Scope>> = {
    insert: async (resource) => {
      await db.insertInto(table).values(rowOf(resource)).execute();
    },
    update: async (resource) => {
      await db.updateTable(table).set(rowOf(resource)).where('id', '=', resource.id).execute();
    },
    remove: async (id) => {
      await db.deleteFrom(table).where('id', '=', id).execute();
    },
    find: async (scope, id) => (await select({ ...within(scope), id }))[0],
    list: (scope) => select(within(scope)),
    count: ({ accountId, region }) => count(region === undefined ? { accountId } : { accountId, region }),
    all: () => select({}),
  };
  return {
    ...rows,
    where: (condition: Partial<Row<Table>>) => select(condition),
    countWhere: (condition: Partial<Row<Table>>) => count(condition),
  };
}
