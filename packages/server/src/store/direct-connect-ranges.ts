import type { DirectConnectRange } from '../domain/direct-connect-gateway.ts';
import type { DirectConnectGatewayId, DirectConnectRangeId } from '../domain/resource-id.ts';
import type { Database } from './repository.ts';

export interface DirectConnectRangeRepository {
  insert(range: DirectConnectRange): Promise<void>;
  /** Replaces the whole row. */
  update(range: DirectConnectRange): Promise<void>;
  remove(id: DirectConnectRangeId): Promise<void>;
  /** Oldest first. */
  listOfGateway(id: DirectConnectGatewayId): Promise<DirectConnectRange[]>;
  /** Over all accounts and regions. */
  all(): Promise<DirectConnectRange[]>;
}

export function directConnectRangeRepository(db: Database): DirectConnectRangeRepository {
  const select = () => db.selectFrom('directConnectRanges').selectAll().orderBy('createdAt').orderBy('id');
  return {
    insert: async (range) => {
      await db.insertInto('directConnectRanges').values(range).execute();
    },
    update: async (range) => {
      await db.updateTable('directConnectRanges').set(range).where('id', '=', range.id).execute();
    },
    remove: async (id) => {
      await db.deleteFrom('directConnectRanges').where('id', '=', id).execute();
    },
    listOfGateway: (id) => select().where('directConnectGatewayId', '=', id).execute(),
    all: () => select().execute(),
  };
}
