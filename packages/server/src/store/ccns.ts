import type { Selectable } from 'kysely';
import type { Ccn } from '../domain/ccn.ts';
import type { CcnId } from '../domain/resource-id.ts';
import { parseJson, type Database, type Scope } from './repository.ts';
import { flag, type Tables } from './tables.ts';

/** A CCN belongs to no region: only the account counts. */
export interface CcnRepository {
  insert(ccn: Ccn): Promise<void>;
  /** Replaces the whole row. */
  update(ccn: Ccn): Promise<void>;
  remove(id: CcnId): Promise<void>;
  find(scope: Pick<Scope, 'accountId'>, id: CcnId): Promise<Ccn | undefined>;
  /** Oldest first. */
  list(scope: Pick<Scope, 'accountId'>): Promise<Ccn[]>;
  /** Over all accounts. */
  all(): Promise<Ccn[]>;
}

export function ccnRepository(db: Database): CcnRepository {
  const select = () => db.selectFrom('ccns').selectAll().orderBy('createdAt').orderBy('id');
  return {
    insert: async (ccn) => {
      await db.insertInto('ccns').values(toRow(ccn)).execute();
    },
    update: async (ccn) => {
      await db.updateTable('ccns').set(toRow(ccn)).where('id', '=', ccn.id).execute();
    },
    remove: async (id) => {
      await db.deleteFrom('ccns').where('id', '=', id).execute();
    },
    find: async ({ accountId }, id) => {
      const row = await select().where('accountId', '=', accountId).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    list: async ({ accountId }) => (await select().where('accountId', '=', accountId).execute()).map(fromRow),
    all: async () => (await select().execute()).map(fromRow),
  };
}

function toRow({ tags, ...ccn }: Ccn): Tables['ccns'] {
  return {
    ...ccn,
    prepaid: flag(ccn.prepaid),
    routeEcmp: flag(ccn.routeEcmp),
    routeOverlap: flag(ccn.routeOverlap),
    tagsJson: JSON.stringify(tags),
  };
}

function fromRow({ tagsJson, ...row }: Selectable<Tables['ccns']>): Ccn {
  return {
    ...row,
    prepaid: row.prepaid === 1,
    routeEcmp: row.routeEcmp === 1,
    routeOverlap: row.routeOverlap === 1,
    tags: parseJson(tagsJson),
  };
}
