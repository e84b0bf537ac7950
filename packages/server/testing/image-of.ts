import { Image } from '../src/image/image.ts';
import type { AllRows } from '../src/image/tables.ts';
import type { Rows } from '../src/image/rows.ts';
import { tableNames } from '../src/image/tables.ts';

/** What tenants asked for, written down table by table: without accounts, keys and counters. */
export type NetworkRows = Omit<
  AllRows,
  | 'accounts'
  | 'accessKeys'
  | 'clientTokens'
  | 'findingMutes'
  | 'webhooks'
  | 'counters'
  | 'preSharedKeys'
  | 'ccnAttachmentRequests'
>;

/** The same as planner and services look it up. */
export function rowsOf(rows: Partial<AllRows>): Rows {
  return new Image(0, rows).rows;
}

/** Everything that an image holds, in the order of its tables. */
export function rowsIn(image: Image): AllRows {
  return Object.fromEntries(tableNames.map((table) => [table, image.all(table)])) as unknown as AllRows;
}
