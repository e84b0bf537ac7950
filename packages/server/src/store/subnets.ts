import type { Selectable } from 'kysely';
import type { SubnetId, VpcId } from '../domain/resource-id.ts';
import type { Subnet } from '../domain/vpc/subnet.ts';
import { parseJson, type Database } from './repository.ts';
import { resourceRows, type ResourceRows } from './resource-rows.ts';
import { flag, type Tables } from './tables.ts';

export interface SubnetRepository extends ResourceRows<Subnet> {
  listOfVpc(vpcId: VpcId): Promise<Subnet[]>;
  /** Whatever its account: only for the operator's calls. */
  findAnywhere(id: SubnetId): Promise<Subnet | undefined>;
}

export function subnetRepository(db: Database): SubnetRepository {
  const rows = resourceRows(db, 'subnets', { toRow, fromRow });
  return {
    ...rows,
    listOfVpc: (vpcId) => rows.where({ vpcId }),
    findAnywhere: async (id) => (await rows.where({ id }))[0],
  };
}

function toRow({ tags, ...subnet }: Subnet): Tables['subnets'] {
  return { ...subnet, enableBroadcast: flag(subnet.enableBroadcast), tagsJson: JSON.stringify(tags) };
}

function fromRow({ tagsJson, ...row }: Selectable<Tables['subnets']>): Subnet {
  return { ...row, enableBroadcast: row.enableBroadcast === 1, tags: parseJson(tagsJson) };
}
