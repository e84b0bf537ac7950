import type { CcnAttachment, CcnInstance } from '../../domain/ccn/ccn.ts';
import type { CcnRouteTable } from '../../domain/ccn/ccn-route-table.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId, CcnRouteTableId } from '../../domain/resource-id.ts';
import type { DraftRows } from '../../image/draft.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { attachmentTo } from './ccn-attachments.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type NewCcnRouteTable = Pick<CcnRouteTable, 'ccnId' | 'name' | 'description'>;
export type CcnRouteTableChanges = Partial<Pick<CcnRouteTable, 'name' | 'description'>>;

export type CcnRouteTableService = ReturnType<typeof ccnRouteTableService>;

export function ccnRouteTableService({ decide, read, quotas, clock, ids }: ServiceDependencies) {
  const insert = (rows: DraftRows, caller: Caller, input: NewCcnRouteTable): CcnRouteTable => {
    const { ccnId } = input;
    const ccn = orNotFound(rows.ccns.find(caller, ccnId), ccnId);
    const siblings = rows.ccnRouteTables.of('ccn', ccnId);
    const limit = quotas.routeTablesPerCcn;
    if (siblings.length >= limit) refuse('ccn-route-table-quota-reached', { id: ccnId, limit });
    const { accountId, region } = ccn;
    const id = ids.resourceId('ccnrtb');
    const table: CcnRouteTable = { ...input, accountId, region, createdAt: clock.now(), id, isDefault: false };
    rows.ccnRouteTables.insert(table);
    return table;
  };

  return {
    /** All or none. */
    create: (caller: Caller, inputs: readonly NewCcnRouteTable[]): Promise<CcnRouteTable[]> =>
      decide(caller, (rows) => {
        const tables: CcnRouteTable[] = [];
        for (const input of inputs) tables.push(insert(rows, caller, input));
        return tables;
      }),

    /** Of all CCNs of the account. */
    list: (caller: Caller): Promise<readonly CcnRouteTable[]> => read((rows) => rows.ccnRouteTables.list(caller)),

    /** All or none. Names decide nothing: no plan changes. */
    modify: (
      caller: Caller,
      changes: readonly (CcnRouteTableChanges & { readonly id: CcnRouteTableId })[],
    ): Promise<void> =>
      decide(caller, (rows) => {
        for (const { id, ...change } of changes) {
          const table = ownTable(rows, caller, id);
          if (table.isDefault) refuse('ccn-default-route-table-fixed', { id, ccn: table.ccnId });
          rows.ccnRouteTables.update({ ...table, ...change });
        }
      }),

    /** All or none. */
    remove: (caller: Caller, tableIds: readonly CcnRouteTableId[]): Promise<void> =>
      decide(caller, (rows) => {
        for (const id of new Set(tableIds)) {
          const table = orNotFound(rows.ccnRouteTables.find(caller, id), id);
          if (table.isDefault) refuse('ccn-default-route-table-stays', { id, ccn: table.ccnId });
          const blocking = usersOf(rows, table);
          if (blocking.length > 0) refuse('ccn-route-table-in-use', { id, blocking: blocking.join(', ') });
          rows.ccnRouteTables.remove(id);
        }
      }),

    /** All or none. */
    associate: (
      caller: Caller,
      ccnId: CcnId,
      tableId: CcnRouteTableId,
      instanceIds: readonly CcnInstance['id'][],
    ): Promise<void> =>
      decide(caller, (rows) => {
        orNotFound(rows.ccns.find(caller, ccnId), ccnId);
        tableOfCcn(rows, caller, ccnId, tableId);
        for (const id of instanceIds) {
          const attachment = attachmentTo(rows, ccnId, id);
          if (attachment === undefined) refuse('ccn-association-without-attachment', { id, ccn: ccnId });
          bind(rows, attachment, tableId, clock.now());
        }
      }),
  };
}

/** A binding that is there already keeps its time. */
function bind(rows: DraftRows, attachment: CcnAttachment, routeTableId: CcnRouteTableId, now: number): void {
  if (attachment.routeTableId === routeTableId) return;
  rows.ccnAttachments.update({ ...attachment, routeTableId, boundAt: now });
}

/** What keeps a table from being deleted, in words. */
function usersOf(rows: Rows, { id }: CcnRouteTable): string[] {
  const bound = rows.ccnAttachments.of('routeTable', id);
  const selecting = rows.ccnSelectionPolicies.of('routeTable', id);
  return [
    ...bound.map(({ instance }) => instance.id),
    ...selecting.map(({ instance, source }) => `${instance.id} from ${source}`),
  ];
}

function ownTable(rows: Rows, caller: Caller, id: CcnRouteTableId): CcnRouteTable {
  return rows.ccnRouteTables.find(caller, id) ?? refuse('ccn-route-table-unknown', { id });
}

/** The table, or a refusal when it is none of this CCN. */
export function tableOfCcn(
  rows: Rows,
  caller: Pick<Caller, 'accountId'>,
  ccnId: CcnId,
  id: CcnRouteTableId,
): CcnRouteTable {
  const table = rows.ccnRouteTables.find(caller, id);
  return table?.ccnId === ccnId ? table : refuse('ccn-route-table-unknown', { id });
}
