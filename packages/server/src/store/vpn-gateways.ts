import type { Selectable } from 'kysely';
import type { VpnGatewayId, VpcId } from '../domain/resource-id.ts';
import type { VpnGateway } from '../domain/vpn-gateway.ts';
import { parseJson, type Database, type Scope } from './repository.ts';
import { flag, type Tables } from './tables.ts';

export interface VpnGatewayRepository {
  insert(gateway: VpnGateway): Promise<void>;
  /** Replaces the whole row. */
  update(gateway: VpnGateway): Promise<void>;
  remove(id: VpnGatewayId): Promise<void>;
  find(scope: Scope, id: VpnGatewayId): Promise<VpnGateway | undefined>;
  /** Oldest first. */
  list(scope: Scope): Promise<VpnGateway[]>;
  listOfVpc(vpcId: VpcId): Promise<VpnGateway[]>;
  /** Over all accounts and regions. */
  all(): Promise<VpnGateway[]>;
}

export function vpnGatewayRepository(db: Database): VpnGatewayRepository {
  const select = () => db.selectFrom('vpnGateways').selectAll().orderBy('createdAt').orderBy('id');
  const scoped = ({ accountId, region }: Scope) =>
    select().where('accountId', '=', accountId).where('region', '=', region);
  return {
    insert: async (gateway) => {
      await db.insertInto('vpnGateways').values(toRow(gateway)).execute();
    },
    update: async (gateway) => {
      await db.updateTable('vpnGateways').set(toRow(gateway)).where('id', '=', gateway.id).execute();
    },
    remove: async (id) => {
      await db.deleteFrom('vpnGateways').where('id', '=', id).execute();
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

function toRow({ tags, ...gateway }: VpnGateway): Tables['vpnGateways'] {
  return { ...gateway, prepaid: flag(gateway.prepaid), tagsJson: JSON.stringify(tags) };
}

function fromRow({ tagsJson, ...row }: Selectable<Tables['vpnGateways']>): VpnGateway {
  return { ...row, prepaid: row.prepaid === 1, tags: parseJson(tagsJson) };
}
