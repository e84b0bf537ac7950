import type { ActionDefinition, FilterOf, RequestOf, ResponseOf } from '@landbridge/catalogue/action-definition';
import type { Tag } from '../domain/owned.ts';
import type { Caller } from '../services/caller.ts';
import type { Handler } from './action.ts';
import { selectRows, type RowFilter, type Selection } from './wire/row-selection.ts';

/** Filters of the catalogue that `tagsOf` answers. */
type TagFilter = 'tag-key' | 'tag:KEY';

/** What a parameter such as `VpcIds` holds. */
type IdsOf<Request> = { [Name in keyof Request]: Name extends `${string}Ids` ? Request[Name] : never }[keyof Request];

/** What the one list of an answer holds. */
type ItemOf<Response> = {
  [Name in keyof Response]: Response[Name] extends readonly (infer Item)[] ? Item : never;
}[keyof Response];

/**
 * `list` stands first where this is written: the others take their rows' type from it. Where there is no `idOf`, `show`
 * stands before `filters`.
 */
interface DescribeRules<Definition extends ActionDefinition, Row> {
  /** With ids, those at least. */
  readonly list: (
    caller: Caller,
    ids: IdsOf<RequestOf<Definition>> | undefined,
    parameters: RequestOf<Definition>,
  ) => Promise<readonly Row[]>;
  /** What the ids are compared with. */
  readonly idOf?: (row: Row) => string;
  readonly filters: Readonly<Record<Exclude<FilterOf<Definition>, TagFilter>, RowFilter<Row>>>;
  readonly tagsOf?: (row: Row) => readonly Tag[];
  /** Rows of a page when no `Limit` is given. */
  readonly defaultLimit?: number;
  /** The rows of a page as replies show them. */
  readonly show: (
    page: readonly Row[],
    caller: Caller,
  ) => readonly ItemOf<ResponseOf<Definition>>[] | Promise<readonly ItemOf<ResponseOf<Definition>>[]>;
}

/** The handler of an Action that lists rows by ids or by filters, a page at a time (`page` of the catalogue). */
export function describing<Definition extends ActionDefinition, Row>(
  { request, response }: Definition,
  { list, show, ...rules }: DescribeRules<Definition, Row>,
): Handler<Definition> {
  const idsName = Object.keys(request.properties).find((name) => name.endsWith('Ids')) ?? 'Ids';
  const setName = Object.keys(response.properties).find((name) => name !== 'TotalCount') ?? '';
  return async (caller, parameters) => {
    const asked = parameters as Selection & Readonly<Record<string, unknown>>;
    const ids = asked[idsName] as readonly string[] | undefined;
    const rows = await list(caller, ids as IdsOf<RequestOf<Definition>> | undefined, parameters);
    const { total, page } = selectRows(rows, { ...asked, ids }, { ...rules, idsName });
    return { TotalCount: total, [setName]: await show(page, caller) } as unknown as ResponseOf<Definition>;
  };
}
