import type { JsonObject } from '@landbridge/client';

/** One Action of any service; throws ApiError for an error answer. */
export type Call = (action: string, parameters?: JsonObject) => Promise<JsonObject>;

const pageSize = 100;

/** All rows of a list, page by page. */
export async function listAll<Row = JsonObject>(
  call: Call,
  action: string,
  set: string,
  parameters: JsonObject = {},
): Promise<Row[]> {
  const rows: Row[] = [];
  for (;;) {
    const reply = await call(action, { ...parameters, Offset: rows.length, Limit: pageSize });
    const page = reply[set] as Row[];
    rows.push(...page);
    if (page.length === 0 || rows.length >= Number(reply['TotalCount'])) return rows;
  }
}

/** The same with one more filter of many values, as many at a time as a call takes. */
export async function listByValues<Row = JsonObject>(
  call: Call,
  [action, set]: readonly [action: string, set: string],
  name: string,
  values: readonly string[],
  others: readonly JsonObject[] = [],
): Promise<Row[]> {
  const rows: Row[] = [];
  for (let first = 0; first < values.length; first += mostValues) {
    const filter = { Name: name, Values: values.slice(first, first + mostValues) };
    rows.push(...(await listAll<Row>(call, action, set, { Filters: [filter, ...others] })));
  }
  return rows;
}

/** The smallest of the limits that Actions have. */
const mostValues = 5;
