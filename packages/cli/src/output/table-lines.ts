import { ownIdOf } from './id-lines.ts';
import { cellText, cellWidth, padCell } from './text-cells.ts';

type Row = Readonly<Record<string, unknown>>;

export interface TableOptions {
  readonly columns: number;
  /** Members that are not shown. */
  readonly hidden: ReadonlySet<string>;
}

/** A reply, or a piece of one: lists as tables with a title where there are several, everything else as names and values. */
export function tableLines(value: unknown, options: TableOptions): string[] {
  if (Array.isArray(value)) return listLines('', value as unknown[], options);
  if (!isRow(value)) return value === undefined || value === null ? [] : [cellText(value)];
  const lists = Object.entries(value).filter((entry): entry is [string, unknown[]] => Array.isArray(entry[1]));
  const rest = Object.entries(value).filter(([name, member]) => !Array.isArray(member) && name !== 'RequestId');
  const total = value['TotalCount'];
  const isPage = lists.length === 1 && rest.every(([name]) => name === 'TotalCount' || name === 'NextToken');
  if (isPage) {
    const [[name, list] = ['', []]] = lists;
    const isCut = typeof total === 'number' && total > list.length;
    return [
      ...listLines(name, list, options),
      ...(isCut ? [`${list.length} of ${total}; --offset and --limit show others`] : []),
    ];
  }
  if (rest.length === 0 && lists.length === 0)
    return typeof value['RequestId'] === 'string' ? [`done (request ${value['RequestId']})`] : [];
  const facts = factLines(Object.fromEntries(rest), options);
  const tables = lists.flatMap(([name, list]) =>
    list.length === 0 ? [] : ['', `${name}:`, ...listLines(name, list, options)],
  );
  return facts.length === 0 ? tables.slice(1) : [...facts, ...tables];
}

/** Name and value of everything, in objects inside as well. */
function factLines(object: Row, { hidden }: TableOptions): string[] {
  const facts = flatten(object, '', hidden);
  const width = Math.max(0, ...facts.map(([name]) => name.length));
  return facts.map(([name, text]) => `${name.padEnd(width)}  ${text}`);
}

function flatten(object: Row, prefix: string, hidden: ReadonlySet<string>): [string, string][] {
  return Object.entries(object).flatMap(([name, value]): [string, string][] => {
    const path = `${prefix}${name}`;
    if (isEmpty(value)) return [];
    if (hidden.has(name)) return [[path, '(not shown in tables)']];
    if (!isRow(value)) return [[path, Array.isArray(value) ? listText(value) : cellText(value)]];
    // The name of a whole reply's only object says nothing.
    const isWhole = prefix === '' && Object.keys(object).length === 1;
    return flatten(value, isWhole ? '' : `${path}.`, hidden);
  });
}

/** The few items of a list inside an object. */
function listText(list: readonly unknown[]): string {
  const shown = list
    .slice(0, 3)
    .map((item) => (isRow(item) ? Object.entries(item).map(pairText).join(' ') : cellText(item)));
  return `${shown.join('; ')}${list.length > shown.length ? `; … (${list.length} in all)` : ''}`;
}

function pairText([name, value]: [string, unknown]): string {
  return `${name}=${Array.isArray(value) ? value.map(cellText).join(',') : cellText(value)}`;
}

function isEmpty(value: unknown): boolean {
  return value === '' || value === null || value === undefined || (Array.isArray(value) && value.length === 0);
}

function listLines(name: string, list: readonly unknown[], options: TableOptions): string[] {
  if (list.length === 0) return ['none'];
  if (!list.every(isRow))
    return list.map((item) => (Array.isArray(item) ? item.map(cellText).join('  ') : cellText(item)));
  const columns = fitting(columnsOf(name, list, options.hidden), list, options.columns);
  const cells = [columns, ...list.map((row) => columns.map((column) => cellText(row[column])))];
  const widths = columns.map((_, index) => Math.max(...cells.map((row) => cellWidth(row[index] ?? ''))));
  return cells.map((row) =>
    row
      .map((cell, index) => padCell(cell, widths[index] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}

/** What tells the objects apart comes first; what none of them has, and what is a list or an object itself, does not come. */
function columnsOf(name: string, rows: readonly Row[], hidden: ReadonlySet<string>): string[] {
  const all = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const isTold = (column: string) => !hidden.has(column) && rows.some((row) => !isEmpty(row[column]));
  const plain = all.filter(
    (column) => isTold(column) && !rows.some((row) => typeof row[column] === 'object' && row[column] !== null),
  );
  const [first] = rows;
  const id = first === undefined ? undefined : ownIdOf(name, first);
  const rank = (column: string) => {
    if (column === id) return 0;
    if (column.endsWith('Name')) return 1;
    return /(State|Status|CidrBlock|IpAddress)$/.test(column) ? 2 : 3;
  };
  return plain.sort((a, b) => rank(a) - rank(b));
}

/** As many as the terminal has room for, two at least. */
function fitting(columns: readonly string[], rows: readonly Row[], room: number): string[] {
  const kept: string[] = [];
  let used = 0;
  for (const column of columns) {
    const width = Math.max(column.length, ...rows.map((row) => cellWidth(cellText(row[column]))));
    used += width + (kept.length === 0 ? 0 : 2);
    if (used > room && kept.length >= 2) break;
    kept.push(column);
  }
  return kept;
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
