import type { TableRows } from '../image/rows.ts';
import type { Caller } from './caller.ts';

type Viewer = Pick<Caller, 'isAdministrator' | 'accountId'>;

/** An administrator sees what is everybody's, others their own; either in every region. */
export function sees({ isAdministrator, accountId }: Viewer, row: { readonly accountId: string }): boolean {
  return isAdministrator || row.accountId === accountId;
}

/** All that the caller sees of a table. */
export function visibleRows<Row>(
  { isAdministrator, accountId }: Viewer,
  table: Pick<TableRows<Row, 'account'>, 'all' | 'of'>,
): readonly Row[] {
  return isAdministrator ? table.all() : table.of('account', accountId);
}
