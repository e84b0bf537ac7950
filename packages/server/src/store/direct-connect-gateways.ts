import type { Selectable } from 'kysely';
import type { DirectConnectGateway } from '../domain/direct-connect-gateway.ts';
import type { DirectConnectGatewayId, VpcId } from '../domain/resource-id.ts';
import { parseJson, type Database, type Scope } from './repository.ts';
import type { Tables } from './tables.ts';

export interface DirectConnectGatewayRepository {
  insert(gateway: DirectConnectGateway): Promise<void>;
  /** Replaces the whole row. */
  update(gateway: DirectConnectGateway): Promise<void>;
  remove(id: DirectConnectGatewayId): Promise<void>;
  find(scope: Scope, id: DirectConnectGatewayId): Promise<DirectConnectGateway | undefined>;
  /** Oldest first. */
  list(scope: Scope): Promise<DirectConnectGateway[]>;
  listOfVpc(vpcId: VpcId): Promise<DirectConnectGateway[]>;
  /** Over all accounts and regions. */
  all(): Promise<DirectConnectGateway[]>;
}

export function directConnectGatewayRepository(db: Database): DirectConnectGatewayRepository {
  const select = () => db.selectFrom('directConnectGateways').selectAll().orderBy('createdAt').orderBy('id');
  const scoped = ({ accountId, region }: Scope) =>
    select().where('accountId', '=', accountId).where('region', '=', region);
  return {
    insert: async (gateway) => {
      await db.insertInto('directConnectGateways').values(toRow(gateway)).execute();
    },
    update: async (gateway) => {
      await db.updateTable('directConnectGateways').set(toRow(gateway)).where('id', '=', gateway.id).execute();
    },
    remove: async (id) => {
      await db.deleteFrom('directConnectGateways').where('id', '=', id).execute();
    },
    find: async (scope, id) => {
      const row = await scoped(scope).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    list: async (scope) => (await scoped(scope).execute()).map(fromRow),
    listOfVpc: async (vpcId) => (await select().where('vpcId', '=', vpcId).execute()).map(fromRow),
    all: async () => (await select().execute()).map(fromRow),
  };
}

function toRow({ tags, ...gateway }: DirectConnectGateway): Tables['directConnectGateways'] {
  return { ...gateway, tagsJson: JSON.stringify(tags) };
}

function fromRow({ tagsJson, ...row }: Selectable<Tables['directConnectGateways']>): DirectConnectGateway {
  return { ...row, tags: parseJson(tagsJson) };
}
