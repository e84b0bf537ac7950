import type { Selectable } from 'kysely';
import type { VpnConnectionId, CustomerGatewayId, VpnGatewayId } from '../domain/resource-id.ts';
import type { VpnConnection } from '../domain/vpn-connection.ts';
import { parseJson, type Database, type Scope } from './repository.ts';
import { flag, type Tables } from './tables.ts';

export interface VpnConnectionRepository {
  insert(connection: VpnConnection): Promise<void>;
  /** Replaces the whole row. */
  update(connection: VpnConnection): Promise<void>;
  remove(id: VpnConnectionId): Promise<void>;
  find(scope: Scope, id: VpnConnectionId): Promise<VpnConnection | undefined>;
  /** Oldest first. */
  list(scope: Scope): Promise<VpnConnection[]>;
  listOfVpnGateway(id: VpnGatewayId): Promise<VpnConnection[]>;
  listOfCustomerGateway(id: CustomerGatewayId): Promise<VpnConnection[]>;
  /** Over all accounts and regions. */
  all(): Promise<VpnConnection[]>;
}

export function vpnConnectionRepository(db: Database): VpnConnectionRepository {
  const select = () => db.selectFrom('vpnConnections').selectAll().orderBy('createdAt').orderBy('id');
  const scoped = ({ accountId, region }: Scope) =>
    select().where('accountId', '=', accountId).where('region', '=', region);
  return {
    insert: async (connection) => {
      await db.insertInto('vpnConnections').values(toRow(connection)).execute();
    },
    update: async (connection) => {
      await db.updateTable('vpnConnections').set(toRow(connection)).where('id', '=', connection.id).execute();
    },
    remove: async (id) => {
      await db.deleteFrom('vpnConnections').where('id', '=', id).execute();
    },
    find: async (scope, id) => {
      const row = await scoped(scope).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    list: async (scope) => (await scoped(scope).execute()).map(fromRow),
    listOfVpnGateway: async (id) => (await select().where('vpnGatewayId', '=', id).execute()).map(fromRow),
    listOfCustomerGateway: async (id) => (await select().where('customerGatewayId', '=', id).execute()).map(fromRow),
    all: async () => (await select().execute()).map(fromRow),
  };
}

function toRow(connection: VpnConnection): Tables['vpnConnections'] {
  const { tags, policies, ike, esp, dpd, healthCheck, wildcardPolicy, ...columns } = connection;
  return {
    ...columns,
    wildcardPolicy: flag(wildcardPolicy ?? false),
    policiesJson: JSON.stringify(policies),
    ikeJson: JSON.stringify(ike),
    espJson: JSON.stringify(esp),
    dpdJson: JSON.stringify(dpd),
    healthCheckJson: JSON.stringify(healthCheck),
    tagsJson: JSON.stringify(tags),
  };
}

function fromRow(row: Selectable<Tables['vpnConnections']>): VpnConnection {
  const { tagsJson, policiesJson, ikeJson, espJson, dpdJson, healthCheckJson, wildcardPolicy, ...columns } = row;
  return {
    ...columns,
    ...(wildcardPolicy === 1 ? { wildcardPolicy: true } : {}),
    policies: parseJson(policiesJson),
    ike: parseJson(ikeJson),
    esp: parseJson(espJson),
    dpd: parseJson(dpdJson),
    healthCheck: parseJson(healthCheckJson),
    tags: parseJson(tagsJson),
  };
}
