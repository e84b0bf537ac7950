import type { CcnInstance, CcnRouteChoice } from '../domain/ccn/ccn.ts';
import type { Database } from './repository.ts';
import { flag } from './tables.ts';

export interface CcnRouteChoiceRepository {
  /** Replaces an earlier choice about the same route. */
  put(choice: CcnRouteChoice): Promise<void>;
  removeOfInstance(instanceId: CcnInstance['id']): Promise<void>;
  /** Over all accounts. */
  all(): Promise<CcnRouteChoice[]>;
}

export function ccnRouteChoiceRepository(db: Database): CcnRouteChoiceRepository {
  return {
    put: async (choice) => {
      const enabled = flag(choice.enabled);
      const { updatedAt } = choice;
      await db
        .insertInto('ccnRouteChoices')
        .values({ ...choice, enabled })
        .onConflict((conflict) =>
          conflict.columns(['routeTableId', 'instanceId', 'destination']).doUpdateSet({ enabled, updatedAt }),
        )
        .execute();
    },
    removeOfInstance: async (instanceId) => {
      await db.deleteFrom('ccnRouteChoices').where('instanceId', '=', instanceId).execute();
    },
    all: async () => {
      const rows = await db.selectFrom('ccnRouteChoices').selectAll().orderBy('destination').execute();
      return rows.map((row) => ({ ...row, enabled: row.enabled === 1 }));
    },
  };
}
