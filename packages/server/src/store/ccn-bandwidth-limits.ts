import type { Selectable } from 'kysely';
import type { CcnBandwidthLimit, RegionScope } from '../domain/ccn/ccn-bandwidth-limit.ts';
import type { CcnId } from '../domain/resource-id.ts';
import type { Database } from './repository.ts';
import type { Tables } from './tables.ts';

export interface CcnBandwidthLimitRepository {
  insert(limit: CcnBandwidthLimit): Promise<void>;
  /** The scope as it was named when it was inserted. */
  remove(id: CcnId, scope: RegionScope): Promise<void>;
  removeOfCcn(id: CcnId): Promise<void>;
  /** Oldest first. */
  listOfCcn(id: CcnId): Promise<CcnBandwidthLimit[]>;
  /** Over all accounts. */
  all(): Promise<CcnBandwidthLimit[]>;
}

export function ccnBandwidthLimitRepository(db: Database): CcnBandwidthLimitRepository {
  const select = () => db.selectFrom('ccnBandwidthLimits').selectAll().orderBy('createdAt').orderBy('region');
  return {
    insert: async (limit) => {
      await db
        .insertInto('ccnBandwidthLimits')
        .values({ ...limit, peerRegion: limit.peerRegion ?? '' })
        .execute();
    },
    remove: async (id, { region, peerRegion }) => {
      await db
        .deleteFrom('ccnBandwidthLimits')
        .where('ccnId', '=', id)
        .where('region', '=', region)
        .where('peerRegion', '=', peerRegion ?? '')
        .execute();
    },
    removeOfCcn: async (id) => {
      await db.deleteFrom('ccnBandwidthLimits').where('ccnId', '=', id).execute();
    },
    listOfCcn: async (id) => (await select().where('ccnId', '=', id).execute()).map(fromRow),
    all: async () => (await select().execute()).map(fromRow),
  };
}

function fromRow(row: Selectable<Tables['ccnBandwidthLimits']>): CcnBandwidthLimit {
  return { ...row, peerRegion: row.peerRegion === '' ? null : row.peerRegion };
}
