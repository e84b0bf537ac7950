import type { CcnRoutePolicy, CcnRoutePolicyList } from '../../domain/ccn/ccn-route-policy.ts';
import { refuse } from '../../domain/refusal.ts';
import type { CcnId, CcnRouteTableId } from '../../domain/resource-id.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';

/** Names a list of policies. */
export interface PolicyListReference {
  readonly ccnId: CcnId;
  readonly routeTableId: CcnRouteTableId;
  readonly direction: CcnRoutePolicyList['direction'];
}

/** Versions of a list that can be read again. */
const keptVersions = 100;

export type CcnRoutePolicyService = ReturnType<typeof ccnRoutePolicyService>;

export function ccnRoutePolicyService({ decide, read, quotas, clock }: ServiceDependencies) {
  const checkSize = (id: CcnRouteTableId, policies: readonly CcnRoutePolicy[]): void => {
    const { policiesPerCcnRouteTable: most, valuesPerCcnRouteCondition: mostValues } = quotas;
    if (policies.length > most) refuse('ccn-route-policies-too-many', { id, limit: most });
    for (const [index, { conditions, audience }] of policies.entries()) {
      const isFull = [...conditions, ...audience].some(({ values }) => values.length > mostValues);
      if (isFull) refuse('ccn-route-condition-values-too-many', { name: `Policys.${index}`, limit: mostValues });
    }
  };

  return {
    /** Puts a new list in the place of the one in force. */
    replace: (caller: Caller, reference: PolicyListReference, policies: readonly CcnRoutePolicy[]): Promise<void> =>
      decide(caller, (rows) => {
        const { routeTableId, direction } = reference;
        versionsOf(rows, caller, reference);
        checkSize(routeTableId, policies);
        const [newest] = rows.ccnRoutePolicyLists.of('list', routeTableId, direction);
        const version = (newest?.version ?? 0) + 1;
        rows.ccnRoutePolicyLists.insert({ routeTableId, direction, version, policies, createdAt: clock.now() });
        rows.ccnRoutePolicyLists.remove(routeTableId, direction, String(version - keptVersions));
      }),

    /** The list in force, or a past version of it. */
    find: (caller: Caller, reference: PolicyListReference, version?: number): Promise<CcnRoutePolicyList> =>
      read((rows) => {
        const versions = versionsOf(rows, caller, reference);
        const found = version === undefined ? versions[0] : versions.find((list) => list.version === version);
        return orNotFound(found, `${reference.routeTableId} version ${version ?? ''}`);
      }),
  };
}

/** The newest first; a table without a list has an empty one since it was made. */
function versionsOf(
  rows: Rows,
  caller: Caller,
  { ccnId, routeTableId, direction }: PolicyListReference,
): readonly CcnRoutePolicyList[] {
  orNotFound(rows.ccns.find(caller, ccnId), ccnId);
  const found = rows.ccnRouteTables.find(caller, routeTableId);
  const table = orNotFound(found?.ccnId === ccnId ? found : undefined, routeTableId);
  const versions = rows.ccnRoutePolicyLists.of('list', routeTableId, direction);
  return versions.length > 0
    ? versions
    : [{ routeTableId, direction, version: 0, policies: [], createdAt: table.createdAt }];
}
