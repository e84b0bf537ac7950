import type { CcnSelectionPolicy } from '../../domain/ccn/ccn-route-table.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId } from '../../domain/resource-id.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { attachmentTo, nameOf } from './ccn-attachments.ts';
import { tableOfCcn } from './ccn-route-tables.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type NewSelectionPolicy = Omit<CcnSelectionPolicy, 'ccnId' | 'position'>;

export interface CcnSelectionPolicyView extends CcnSelectionPolicy {
  readonly routeTableName: string;
  readonly instanceName: string;
  readonly instanceAccountId: string;
}

export type CcnSelectionPolicyService = ReturnType<typeof ccnSelectionPolicyService>;

export function ccnSelectionPolicyService({ decide, read, quotas }: ServiceDependencies) {
  return {
    /** Puts a new list in the place of all that the CCN had; an empty one selects nothing. */
    replace: (caller: Caller, ccnId: CcnId, policies: readonly NewSelectionPolicy[]): Promise<void> =>
      decide(caller, (rows) => {
        orNotFound(rows.ccns.find(caller, ccnId), ccnId);
        const limit = quotas.selectionPoliciesPerCcn;
        if (policies.length > limit) refuse('ccn-selection-quota-reached', { id: ccnId, limit });
        for (const { instance, source } of rows.ccnSelectionPolicies.of('ccn', ccnId)) {
          rows.ccnSelectionPolicies.remove(instance.id, source);
        }
        const seen = new Set<string>();
        for (const [position, policy] of policies.entries()) {
          const { instance, source } = policy;
          const key = `${instance.id} ${source}`;
          if (seen.has(key)) refuse('ccn-selection-twice', { id: instance.id, source });
          seen.add(key);
          checkPolicy(rows, caller, ccnId, policy);
          rows.ccnSelectionPolicies.insert({ ...policy, ccnId, position });
        }
      }),

    /** Of all CCNs of the account. */
    list: (caller: Caller): Promise<CcnSelectionPolicyView[]> =>
      read((rows) => {
        const policies = rows.ccns
          .list(caller)
          .flatMap(({ id }) => rows.ccnSelectionPolicies.of('ccn', id).toSorted((a, b) => a.position - b.position));
        return policies.map((policy) => ({
          ...policy,
          routeTableName: rows.ccnRouteTables.get(policy.routeTableId)?.name ?? '',
          instanceName: nameOf(policy.instance, rows),
          instanceAccountId: rows.ccnAttachments.get(policy.instance.id)?.accountId ?? '',
        }));
      }),
  };
}

function checkPolicy(
  rows: Rows,
  caller: Caller,
  ccnId: CcnId,
  { instance: { id }, routeTableId }: NewSelectionPolicy,
): void {
  const attachment = attachmentTo(rows, ccnId, id);
  if (attachment === undefined) refuse('ccn-selection-without-attachment', { id, ccn: ccnId });
  const table = tableOfCcn(rows, caller, ccnId, routeTableId);
  if (table.isDefault) refuse('ccn-selection-of-default-table', { id: routeTableId, ccn: ccnId });
}
