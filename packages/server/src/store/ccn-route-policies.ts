import type { Selectable } from 'kysely';
import type { CcnRoutePolicyList } from '../domain/ccn/ccn-route-policy.ts';
import type { CcnRouteTableId } from '../domain/resource-id.ts';
import { parseJson, type Database } from './repository.ts';
import type { Tables } from './tables.ts';

/** Every version of a list of policies is kept until it is removed as too old. */
export interface CcnRoutePolicyRepository {
  insert(list: CcnRoutePolicyList): Promise<void>;
  /** Removes the versions up to this one. */
  removeUpTo(list: Pick<CcnRoutePolicyList, 'routeTableId' | 'direction' | 'version'>): Promise<void>;
  /** All versions, the newest first. */
  versions(id: CcnRouteTableId, direction: CcnRoutePolicyList['direction']): Promise<CcnRoutePolicyList[]>;
  /** The newest version of every list, over all accounts. */
  inForce(): Promise<CcnRoutePolicyList[]>;
}

export function ccnRoutePolicyRepository(db: Database): CcnRoutePolicyRepository {
  return {
    insert: async ({ policies, ...list }) => {
      const row = { ...list, policiesJson: JSON.stringify(policies) };
      await db.insertInto('ccnRoutePolicyLists').values(row).execute();
    },
    removeUpTo: async ({ routeTableId, direction, version }) => {
      await db
        .deleteFrom('ccnRoutePolicyLists')
        .where('routeTableId', '=', routeTableId)
        .where('direction', '=', direction)
        .where('version', '<=', version)
        .execute();
    },
    versions: async (id, direction) => {
      const rows = await db
        .selectFrom('ccnRoutePolicyLists')
        .selectAll()
        .where('routeTableId', '=', id)
        .where('direction', '=', direction)
        .orderBy('version', 'desc')
        .execute();
      return rows.map(fromRow);
    },
    inForce: async () => {
      const rows = await db
        .selectFrom('ccnRoutePolicyLists as list')
        .selectAll()
        .where((list) =>
          list(
            'list.version',
            '=',
            list
              .selectFrom('ccnRoutePolicyLists as other')
              .select((other) => other.fn.max('other.version').as('newest'))
              .whereRef('other.routeTableId', '=', 'list.routeTableId')
              .whereRef('other.direction', '=', 'list.direction'),
          ),
        )
        .orderBy('list.routeTableId')
        .orderBy('list.direction')
        .execute();
      return rows.map(fromRow);
    },
  };
}

function fromRow({ policiesJson, ...row }: Selectable<Tables['ccnRoutePolicyLists']>): CcnRoutePolicyList {
  return { ...row, policies: parseJson(policiesJson) };
}
