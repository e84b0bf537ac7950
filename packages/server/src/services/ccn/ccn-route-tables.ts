import type { CcnAttachment, CcnInstance } from '../../domain/ccn/ccn.ts';
import type { CcnRouteTable } from '../../domain/ccn/ccn-route-table.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId, CcnRouteTableId } from '../../domain/resource-id.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { Caller } from '../caller.ts';
import { attachmentTo } from './ccn-attachments.ts';
import { touchCcn } from './ccn-changes.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type NewCcnRouteTable = Pick<CcnRouteTable, 'ccnId' | 'name' | 'description'>;
export type CcnRouteTableChanges = Partial<Pick<CcnRouteTable, 'name' | 'description'>>;

export type CcnRouteTableService = ReturnType<typeof ccnRouteTableService>;

export function ccnRouteTableService({ store, quotas, clock, ids }: ServiceDependencies) {
  const insert = async (transaction: Transaction, caller: Caller, input: NewCcnRouteTable): Promise<CcnRouteTable> => {
    const { ccnId } = input;
    const ccn = orNotFound(await transaction.ccns.find(caller, ccnId), ccnId);
    const siblings = (await transaction.ccnRouteTables.list(caller)).filter((table) => table.ccnId === ccnId);
    const limit = quotas.routeTablesPerCcn;
    if (siblings.length >= limit) refuse('ccn-route-table-quota-reached', { id: ccnId, limit });
    const { accountId, region } = ccn;
    const id = ids.resourceId('ccnrtb');
    const table: CcnRouteTable = { ...input, accountId, region, createdAt: clock.now(), id, isDefault: false };
    await transaction.ccnRouteTables.insert(table);
    return table;
  };

  return {
    /** All or none. */
    create: (caller: Caller, inputs: readonly NewCcnRouteTable[]): Promise<CcnRouteTable[]> =>
      store.transaction(async (transaction) => {
        const tables: CcnRouteTable[] = [];
        for (const input of inputs) tables.push(await insert(transaction, caller, input));
        for (const ccnId of new Set(inputs.map((input) => input.ccnId))) await touchCcn(transaction, ccnId);
        return tables;
      }),

    /** Of all CCNs of the account. */
    list: (caller: Caller): Promise<CcnRouteTable[]> =>
      store.transaction((transaction) => transaction.ccnRouteTables.list(caller)),

    /** All or none. Names decide nothing: no plan changes. */
    modify: (
      caller: Caller,
      changes: readonly (CcnRouteTableChanges & { readonly id: CcnRouteTableId })[],
    ): Promise<void> =>
      store.transaction(async (transaction) => {
        for (const { id, ...change } of changes) {
          const table = await ownTable(transaction, caller, id);
          if (table.isDefault) refuse('ccn-default-route-table-fixed', { id, ccn: table.ccnId });
          await transaction.ccnRouteTables.update({ ...table, ...change });
        }
      }),

    /** All or none. */
    remove: (caller: Caller, tableIds: readonly CcnRouteTableId[]): Promise<void> =>
      store.transaction(async (transaction) => {
        const own = await transaction.ccnRouteTables.list(caller);
        for (const id of new Set(tableIds)) {
          const table = orNotFound(
            own.find((candidate) => candidate.id === id),
            id,
          );
          if (table.isDefault) refuse('ccn-default-route-table-stays', { id, ccn: table.ccnId });
          const blocking = await usersOf(transaction, table);
          if (blocking.length > 0) refuse('ccn-route-table-in-use', { id, blocking: blocking.join(', ') });
          await transaction.ccnRouteTables.remove(id);
          await touchCcn(transaction, table.ccnId);
        }
      }),

    /** All or none. */
    associate: (
      caller: Caller,
      ccnId: CcnId,
      tableId: CcnRouteTableId,
      instanceIds: readonly CcnInstance['id'][],
    ): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find(caller, ccnId), ccnId);
        await tableOfCcn(transaction, caller, ccnId, tableId);
        for (const id of instanceIds) {
          const attachment = await attachmentTo(transaction, ccnId, id);
          if (attachment === undefined) refuse('ccn-association-without-attachment', { id, ccn: ccnId });
          await bind(transaction, attachment, tableId, clock.now());
        }
        await touchCcn(transaction, ccnId);
      }),
  };
}

/** A binding that is there already keeps its time. */
async function bind(
  transaction: Transaction,
  attachment: CcnAttachment,
  routeTableId: CcnRouteTableId,
  now: number,
): Promise<void> {
  if (attachment.routeTableId === routeTableId) return;
  await transaction.ccnAttachments.update({ ...attachment, routeTableId, boundAt: now });
}

/** What keeps a table from being deleted, in words. */
async function usersOf(transaction: Transaction, { id, ccnId }: CcnRouteTable): Promise<string[]> {
  const bound = (await transaction.ccnAttachments.listOfCcn(ccnId)).filter(({ routeTableId }) => routeTableId === id);
  const selecting = (await transaction.ccnSelectionPolicies.all()).filter(({ routeTableId }) => routeTableId === id);
  return [
    ...bound.map(({ instance }) => instance.id),
    ...selecting.map(({ instance, source }) => `${instance.id} from ${source}`),
  ];
}

async function ownTable(transaction: Transaction, caller: Caller, id: CcnRouteTableId): Promise<CcnRouteTable> {
  const table = (await transaction.ccnRouteTables.list(caller)).find((candidate) => candidate.id === id);
  return table ?? refuse('ccn-route-table-unknown', { id });
}

/** The table, or a refusal when it is none of this CCN. */
export async function tableOfCcn(
  transaction: Transaction,
  caller: Pick<Caller, 'accountId'>,
  ccnId: CcnId,
  id: CcnRouteTableId,
): Promise<CcnRouteTable> {
  const tables = await transaction.ccnRouteTables.list(caller);
  const table = tables.find((candidate) => candidate.id === id && candidate.ccnId === ccnId);
  return table ?? refuse('ccn-route-table-unknown', { id });
}
