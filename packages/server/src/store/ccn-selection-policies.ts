import type { CcnInstance } from '../domain/ccn/ccn.ts';
import type { CcnSelectionPolicy } from '../domain/ccn/ccn-route-table.ts';
import type { CcnId } from '../domain/resource-id.ts';
import type { Database } from './repository.ts';

/** A policy goes with the attachment of its instance. */
export interface CcnSelectionPolicyRepository {
  insert(policy: CcnSelectionPolicy): Promise<void>;
  removeOfCcn(id: CcnId): Promise<void>;
  /** Over all accounts. */
  all(): Promise<CcnSelectionPolicy[]>;
}

export function ccnSelectionPolicyRepository(db: Database): CcnSelectionPolicyRepository {
  return {
    insert: async ({ instance, ...policy }) => {
      const row = { ...policy, instanceKind: instance.kind, instanceId: instance.id };
      await db.insertInto('ccnSelectionPolicies').values(row).execute();
    },
    removeOfCcn: async (id) => {
      await db.deleteFrom('ccnSelectionPolicies').where('ccnId', '=', id).execute();
    },
    all: async () => {
      const rows = await db
        .selectFrom('ccnSelectionPolicies')
        .selectAll()
        .orderBy('instanceId')
        .orderBy('source')
        .execute();
      return rows.map(({ instanceKind, instanceId, ...row }) => {
        return { ...row, instance: { kind: instanceKind, id: instanceId } as CcnInstance };
      });
    },
  };
}
