import type { Selectable } from 'kysely';
import type { SubnetId, VpcId } from '../domain/resource-id.ts';
import type { Subnet } from '../domain/subnet.ts';
import { parseJson, type Database, type Scope } from './repository.ts';
import { flag, type Tables } from './tables.ts';

export interface SubnetRepository {
  insert(subnet: Subnet): Promise<void>;
  /** Replaces the whole row. */
  update(subnet: Subnet): Promise<void>;
  remove(id: SubnetId): Promise<void>;
  find(scope: Scope, id: SubnetId): Promise<Subnet | undefined>;
  /** Oldest first. */
  list(scope: Scope): Promise<Subnet[]>;
  listOfVpc(vpcId: VpcId): Promise<Subnet[]>;
  /** Whatever its account: only for the operator's calls. */
  findAnywhere(id: SubnetId): Promise<Subnet | undefined>;
  /** Over all accounts and regions. */
  all(): Promise<Subnet[]>;
}

export function subnetRepository(db: Database): SubnetRepository {
  const select = () => db.selectFrom('subnets').selectAll().orderBy('createdAt').orderBy('id');
  const scoped = ({ accountId, region }: Scope) =>
    select().where('accountId', '=', accountId).where('region', '=', region);
  return {
    insert: async (subnet) => {
      await db.insertInto('subnets').values(toRow(subnet)).execute();
    },
    update: async (subnet) => {
      await db.updateTable('subnets').set(toRow(subnet)).where('id', '=', subnet.id).execute();
    },
    remove: async (id) => {
      await db.deleteFrom('subnets').where('id', '=', id).execute();
    },
    find: async (scope, id) => {
      const row = await scoped(scope).where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    list: async (scope) => (await scoped(scope).execute()).map(fromRow),
    listOfVpc: async (vpcId) => (await select().where('vpcId', '=', vpcId).execute()).map(fromRow),
    findAnywhere: async (id) => {
      const row = await select().where('id', '=', id).executeTakeFirst();
      return row && fromRow(row);
    },
    all: async () => (await select().execute()).map(fromRow),
  };
}

function toRow({ tags, ...subnet }: Subnet): Tables['subnets'] {
  return { ...subnet, enableBroadcast: flag(subnet.enableBroadcast), tagsJson: JSON.stringify(tags) };
}

function fromRow({ tagsJson, ...row }: Selectable<Tables['subnets']>): Subnet {
  return { ...row, enableBroadcast: row.enableBroadcast === 1, tags: parseJson(tagsJson) };
}
