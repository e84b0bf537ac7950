import type { Selectable } from 'kysely';
import type { VpcId } from '../domain/resource-id.ts';
import type { RouteTable } from '../domain/vpc/route-table.ts';
import { parseJson, type Database } from './repository.ts';
import { resourceRows, type ResourceRows } from './resource-rows.ts';
import { flag, type Tables } from './tables.ts';

export interface RouteTableRepository extends ResourceRows<RouteTable> {
  listOfVpc(vpcId: VpcId): Promise<RouteTable[]>;
}

export function routeTableRepository(db: Database): RouteTableRepository {
  const rows = resourceRows(db, 'routeTables', { toRow, fromRow });
  return { ...rows, listOfVpc: (vpcId) => rows.where({ vpcId }) };
}

function toRow({ tags, ...table }: RouteTable): Tables['routeTables'] {
  return { ...table, isMain: flag(table.isMain), tagsJson: JSON.stringify(tags) };
}

function fromRow({ tagsJson, ...row }: Selectable<Tables['routeTables']>): RouteTable {
  return { ...row, isMain: row.isMain === 1, tags: parseJson(tagsJson) };
}
