import type { Selectable } from 'kysely';
import type { CustomerGatewayId } from '../domain/resource-id.ts';
import type { CustomerGateway } from '../domain/customer-gateway.ts';
import { parseJson, type Database, type Scope } from './repository.ts';
import { type Tables } from './tables.ts';

export interface CustomerGatewayRepository {
  insert(gateway: CustomerGateway): Promise<void>;
  /** Replaces the whole row. */
  update(gateway: CustomerGateway): Promise<void>;
  remove(id: CustomerGatewayId): Promise<void>;
  find(scope: Scope, id: CustomerGatewayId): Promise<CustomerGateway | undefined>;
  /** Oldest first. */
  list(scope: Scope): Promise<CustomerGateway[]>;
  /** Over all accounts and regions. */
  all(): Promise<CustomerGateway[]>;
}

export function customerGatewayRepository(db: Database): CustomerGatewayRepository {
  const select = () => db.selectFrom('customerGateways').selectAll().orderBy('createdAt').orderBy('id');
  const scoped = ({ accountId, region }: Scope) =>
    select().where('accountId', '=', accountId).where('region', '=', region);
  return {
    insert: async (gateway) => {
      await db.insertInto('customerGateways').values(toRow(gateway)).execute();
    },
    update: async (gateway) => {
      await db.updateTable('customerGateways').set(toRow(gateway)).where('id', '=', gateway.id).execute();
    },
    remove: async (id) => {
      await db.deleteFrom('customerGateways').where('id', '=', id).execute();
    },
    find: async (scope, id) => {
      const row = await scoped(scope).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    list: async (scope) => (await scoped(scope).execute()).map(fromRow),
    all: async () => (await select().execute()).map(fromRow),
  };
}

function toRow({ tags, ...gateway }: CustomerGateway): Tables['customerGateways'] {
  return { ...gateway, tagsJson: JSON.stringify(tags) };
}

function fromRow({ tagsJson, ...row }: Selectable<Tables['customerGateways']>): CustomerGateway {
  return { ...row, tags: parseJson(tagsJson) };
}
