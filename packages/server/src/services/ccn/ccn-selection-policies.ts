import type { CcnSelectionPolicy } from '../../domain/ccn/ccn-route-table.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId } from '../../domain/resource-id.ts';
import { readDesiredState } from '../../store/desired-state.ts';
import type { Transaction } from '../../store/transaction.ts';
import type { Caller } from '../caller.ts';
import { attachmentTo, instanceNames } from './ccn-attachments.ts';
import { touchCcn } from './ccn-changes.ts';
import { tableOfCcn } from './ccn-route-tables.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type NewSelectionPolicy = Omit<CcnSelectionPolicy, 'ccnId'>;

export interface CcnSelectionPolicyView extends CcnSelectionPolicy {
  readonly routeTableName: string;
  readonly instanceName: string;
  readonly instanceAccountId: string;
}

export type CcnSelectionPolicyService = ReturnType<typeof ccnSelectionPolicyService>;

export function ccnSelectionPolicyService({ store, quotas }: ServiceDependencies) {
  return {
    /** Puts a new list in the place of all that the CCN had; an empty one selects nothing. */
    replace: (caller: Caller, ccnId: CcnId, policies: readonly NewSelectionPolicy[]): Promise<void> =>
      store.transaction(async (transaction) => {
        orNotFound(await transaction.ccns.find(caller, ccnId), ccnId);
        const limit = quotas.selectionPoliciesPerCcn;
        if (policies.length > limit) refuse('ccn-selection-quota-reached', { id: ccnId, limit });
        await transaction.ccnSelectionPolicies.removeOfCcn(ccnId);
        const seen = new Set<string>();
        for (const policy of policies) {
          const { instance, source } = policy;
          const key = `${instance.id} ${source}`;
          if (seen.has(key)) refuse('ccn-selection-twice', { id: instance.id, source });
          seen.add(key);
          await checkPolicy(transaction, caller, ccnId, policy);
          await transaction.ccnSelectionPolicies.insert({ ...policy, ccnId });
        }
        await touchCcn(transaction, ccnId);
      }),

    /** Of all CCNs of the account. */
    list: (caller: Caller): Promise<CcnSelectionPolicyView[]> =>
      store.transaction(async (transaction) => {
        const tables = new Map((await transaction.ccnRouteTables.list(caller)).map((table) => [table.id, table]));
        const rows = await readDesiredState(transaction);
        const names = instanceNames(rows);
        const owners = new Map<string, string>(rows.ccnAttachments.map((row) => [row.instance.id, row.accountId]));
        return rows.ccnSelectionPolicies.flatMap((policy) => {
          const table = tables.get(policy.routeTableId);
          if (table === undefined) return [];
          const instanceName = names.get(policy.instance.id) ?? '';
          return [
            {
              ...policy,
              routeTableName: table.name,
              instanceName,
              instanceAccountId: owners.get(policy.instance.id) ?? '',
            },
          ];
        });
      }),
  };
}

async function checkPolicy(
  transaction: Transaction,
  caller: Caller,
  ccnId: CcnId,
  { instance: { id }, routeTableId }: NewSelectionPolicy,
): Promise<void> {
  const attachment = await attachmentTo(transaction, ccnId, id);
  if (attachment === undefined) refuse('ccn-selection-without-attachment', { id, ccn: ccnId });
  const table = await tableOfCcn(transaction, caller, ccnId, routeTableId);
  if (table.isDefault) refuse('ccn-selection-of-default-table', { id: routeTableId, ccn: ccnId });
}
