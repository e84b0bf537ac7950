import type { Selectable } from 'kysely';
import type { VpcId } from '../domain/resource-id.ts';
import type { Vpc } from '../domain/vpc.ts';
import { parseJson, type Database, type Scope } from './repository.ts';
import { flag, type Tables } from './tables.ts';

export interface VpcRepository {
  insert(vpc: Vpc): Promise<void>;
  /** Replaces the whole row. */
  update(vpc: Vpc): Promise<void>;
  remove(id: VpcId): Promise<void>;
  find(scope: Scope, id: VpcId): Promise<Vpc | undefined>;
  /** Oldest first. */
  list(scope: Scope): Promise<Vpc[]>;
  /** Over all accounts and regions. */
  all(): Promise<Vpc[]>;
}

export function vpcRepository(db: Database): VpcRepository {
  const select = () => db.selectFrom('vpcs').selectAll().orderBy('createdAt').orderBy('id');
  const scoped = ({ accountId, region }: Scope) =>
    select().where('accountId', '=', accountId).where('region', '=', region);
  return {
    insert: async (vpc) => {
      await db.insertInto('vpcs').values(toRow(vpc)).execute();
    },
    update: async (vpc) => {
      await db.updateTable('vpcs').set(toRow(vpc)).where('id', '=', vpc.id).execute();
    },
    remove: async (id) => {
      await db.deleteFrom('vpcs').where('id', '=', id).execute();
    },
    find: async (scope, id) => {
      const row = await scoped(scope).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    list: async (scope) => (await scoped(scope).execute()).map(fromRow),
    all: async () => (await select().execute()).map(fromRow),
  };
}

function toRow({ dnsServers, tags, ...vpc }: Vpc): Tables['vpcs'] {
  return {
    ...vpc,
    isDefault: flag(vpc.isDefault),
    enableMulticast: flag(vpc.enableMulticast),
    publishVpcCidr: flag(vpc.publishVpcCidr),
    publishVpcCidrIpv6: flag(vpc.publishVpcCidrIpv6),
    dnsServersJson: JSON.stringify(dnsServers),
    tagsJson: JSON.stringify(tags),
  };
}

function fromRow({ dnsServersJson, tagsJson, ...row }: Selectable<Tables['vpcs']>): Vpc {
  return {
    ...row,
    isDefault: row.isDefault === 1,
    enableMulticast: row.enableMulticast === 1,
    publishVpcCidr: row.publishVpcCidr === 1,
    publishVpcCidrIpv6: row.publishVpcCidrIpv6 === 1,
    dnsServers: parseJson(dnsServersJson),
    tags: parseJson(tagsJson),
  };
}
