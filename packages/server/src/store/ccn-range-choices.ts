import type { CcnRangeChoice } from '../domain/ccn/ccn.ts';
import type { Database } from './repository.ts';
import { flag } from './tables.ts';

export interface CcnRangeChoiceRepository {
  /** Replaces an earlier choice about the same range. */
  put(choice: CcnRangeChoice): Promise<void>;
  /** Over all accounts. */
  all(): Promise<CcnRangeChoice[]>;
}

export function ccnRangeChoiceRepository(db: Database): CcnRangeChoiceRepository {
  return {
    put: async (choice) => {
      const enabled = flag(choice.enabled);
      const { updatedAt } = choice;
      await db
        .insertInto('ccnRangeChoices')
        .values({ ...choice, enabled })
        .onConflict((conflict) => conflict.columns(['vpnGatewayId', 'destination']).doUpdateSet({ enabled, updatedAt }))
        .execute();
    },
    all: async () => {
      const rows = await db.selectFrom('ccnRangeChoices').selectAll().orderBy('destination').execute();
      return rows.map((row) => ({ ...row, enabled: row.enabled === 1 }));
    },
  };
}
