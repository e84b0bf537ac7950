import type { Tag } from '../../domain/owned.ts';
import { reject } from '../protocol/api-error.ts';

/** True when the row meets one value of a filter. */
export type RowFilter<Row> = (row: Row, value: string) => boolean;

export interface SelectionRules<Row> {
  /** Name of the id parameter, such as `VpcIds`. */
  readonly idsName?: string;
  readonly idOf?: (row: Row) => string;
  readonly filters: Readonly<Record<string, RowFilter<Row>>>;
  /** Rows that can be found by the filters `tag-key` and `tag:KEY`. */
  readonly tagsOf?: (row: Row) => readonly Tag[];
  /** Rows of a page when no `Limit` is given. */
  readonly defaultLimit?: number;
}

export interface Selection {
  readonly ids?: readonly string[] | undefined;
  readonly Filters?: readonly { readonly Name: string; readonly Values: readonly string[] }[];
  readonly Offset?: number;
  readonly Limit?: number;
}

const usualLimit = 20;

/**
 * The rows that a Describe call asks for: by ids or by filters (ANDed, their values ORed), then one page of them. `total`
 * counts before paging; an unknown id simply finds nothing (docs/spec/actions.md, "Describe conventions").
 */
export function selectRows<Row>(
  rows: readonly Row[],
  selection: Selection,
  rules: SelectionRules<Row>,
): { readonly total: number; readonly page: Row[] } {
  const { ids, Filters: filters } = selection;
  if (ids !== undefined && filters !== undefined) {
    reject('parameters-exclude-each-other', { name: rules.idsName ?? 'Ids', other: 'Filters' });
  }
  const matching = matchingRows(rows, selection, rules);
  const offset = selection.Offset ?? 0;
  const limit = selection.Limit ?? rules.defaultLimit ?? usualLimit;
  return { total: matching.length, page: matching.slice(offset, offset + limit) };
}

function matchingRows<Row>(
  rows: readonly Row[],
  { ids, Filters: filters = [] }: Selection,
  rules: SelectionRules<Row>,
): readonly Row[] {
  const { idOf } = rules;
  // Also for calls that find no row: a mistyped filter is an error, not an empty answer.
  const tests = filters.map(({ Name, Values }) => {
    const matches = filterNamed(Name, rules);
    return (row: Row) => Values.some((value) => matches(row, value));
  });
  if (ids !== undefined && idOf !== undefined) {
    const wanted = new Set(ids);
    tests.push((row) => wanted.has(idOf(row)));
  }
  return tests.length === 0 ? rows : rows.filter((row) => tests.every((test) => test(row)));
}

function filterNamed<Row>(name: string, { filters, tagsOf }: SelectionRules<Row>): RowFilter<Row> {
  const known = Object.hasOwn(filters, name) ? filters[name] : undefined;
  if (known !== undefined) return known;
  if (tagsOf !== undefined) {
    if (name === 'tag-key') return (row, value) => tagsOf(row).some(({ key }) => key === value);
    if (name.startsWith('tag:')) {
      const wantedKey = name.slice('tag:'.length);
      return (row, value) => tagsOf(row).some((tag) => tag.key === wantedKey && tag.value === value);
    }
  }
  const names = [...Object.keys(filters), ...(tagsOf === undefined ? [] : ['tag-key', 'tag:KEY'])];
  return reject('filter-unknown', { name, known: names.join(', ') });
}

/** The value, or one of the values, is exactly this text. */
export function equals<Row>(read: (row: Row) => string | readonly string[]): RowFilter<Row> {
  return (row, value) => {
    const actual = read(row);
    return typeof actual === 'string' ? actual === value : actual.includes(value);
  };
}

export function equalsIgnoringCase<Row>(read: (row: Row) => string): RowFilter<Row> {
  return (row, value) => {
    const actual = read(row);
    // What callers send may be long, and is compared with every row.
    return actual.length === value.length && actual.toLowerCase() === value.toLowerCase();
  };
}

export function contains<Row>(read: (row: Row) => string): RowFilter<Row> {
  return (row, value) => read(row).includes(value);
}

export function startsWith<Row>(read: (row: Row) => string): RowFilter<Row> {
  return (row, value) => read(row).startsWith(value);
}

/** Truth values come as `true` or `TRUE`. */
export function isTruth<Row>(read: (row: Row) => boolean): RowFilter<Row> {
  return (row, value) => {
    const actual = String(read(row));
    return actual.length === value.length && actual === value.toLowerCase();
  };
}

/** For what nothing here has, such as IPv6 blocks: only the empty text fits. */
export function isAbsent<Row>(): RowFilter<Row> {
  return (_row, value) => value === '';
}
