import type { Selectable } from 'kysely';
import type { DirectConnectGateway } from '../domain/direct-connect/direct-connect-gateway.ts';
import type { VpcId } from '../domain/resource-id.ts';
import { parseJson, type Database } from './repository.ts';
import { resourceRows, type ResourceRows } from './resource-rows.ts';
import type { Tables } from './tables.ts';

export interface DirectConnectGatewayRepository extends ResourceRows<DirectConnectGateway> {
  listOfVpc(vpcId: VpcId): Promise<DirectConnectGateway[]>;
}

export function directConnectGatewayRepository(db: Database): DirectConnectGatewayRepository {
  const rows = resourceRows(db, 'directConnectGateways', { toRow, fromRow });
  return { ...rows, listOfVpc: (vpcId) => rows.where({ vpcId }) };
}

function toRow({ tags, ...gateway }: DirectConnectGateway): Tables['directConnectGateways'] {
  return { ...gateway, tagsJson: JSON.stringify(tags) };
}

function fromRow({ tagsJson, ...row }: Selectable<Tables['directConnectGateways']>): DirectConnectGateway {
  return { ...row, tags: parseJson(tagsJson) };
}
