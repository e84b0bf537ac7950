import type { Selectable } from 'kysely';
import type { DirectConnectLine } from '../domain/direct-connect-gateway.ts';
import type { DirectConnectGatewayId } from '../domain/resource-id.ts';
import type { Database } from './repository.ts';
import type { Tables } from './tables.ts';

export interface DirectConnectLineRepository {
  insert(line: DirectConnectLine): Promise<void>;
  remove(id: DirectConnectGatewayId): Promise<void>;
  find(id: DirectConnectGatewayId): Promise<DirectConnectLine | undefined>;
  /** Over all accounts and regions, by interface and VLAN. */
  all(): Promise<DirectConnectLine[]>;
}

export function directConnectLineRepository(db: Database): DirectConnectLineRepository {
  const select = () => db.selectFrom('directConnectLines').selectAll().orderBy('interfaceName').orderBy('vlanId');
  return {
    insert: async (line) => {
      await db
        .insertInto('directConnectLines')
        .values({ ...line, vlanId: line.vlanId ?? 0 })
        .execute();
    },
    remove: async (id) => {
      await db.deleteFrom('directConnectLines').where('directConnectGatewayId', '=', id).execute();
    },
    find: async (id) => {
      const row = await select().where('directConnectGatewayId', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    all: async () => (await select().execute()).map(fromRow),
  };
}

function fromRow(row: Selectable<Tables['directConnectLines']>): DirectConnectLine {
  return { ...row, vlanId: row.vlanId === 0 ? null : row.vlanId };
}
