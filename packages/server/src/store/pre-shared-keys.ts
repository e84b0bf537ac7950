import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { Database } from './repository.ts';
import type { Sealer } from './sealing.ts';

/** Keys are sealed in the database and go away with their VPN connection. */
export interface PreSharedKeyRepository {
  /** Inserts or replaces. */
  put(id: VpnConnectionId, key: string): Promise<void>;
  find(id: VpnConnectionId): Promise<string | undefined>;
}

export function preSharedKeyRepository(db: Database, sealer: Sealer): PreSharedKeyRepository {
  const context = (id: VpnConnectionId) => `pre-shared-key:${id}`;
  return {
    put: async (id, key) => {
      const sealedKey = sealer.seal(context(id), key);
      await db
        .insertInto('preSharedKeys')
        .values({ vpnConnectionId: id, sealedKey })
        .onConflict((conflict) => conflict.column('vpnConnectionId').doUpdateSet({ sealedKey }))
        .execute();
    },
    find: async (id) => {
      const row = await db
        .selectFrom('preSharedKeys')
        .select('sealedKey')
        .where('vpnConnectionId', '=', id)
        .executeTakeFirst();
      return row && sealer.open(context(id), row.sealedKey);
    },
  };
}
