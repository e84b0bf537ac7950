import type { IpAddress } from '@landbridge/net';
import type { Selectable } from 'kysely';
import type { CustomerGateway } from '../domain/vpn/customer-gateway.ts';
import { parseJson, type Database, type Scope } from './repository.ts';
import { resourceRows, type ResourceRows } from './resource-rows.ts';
import { type Tables } from './tables.ts';

export interface CustomerGatewayRepository extends ResourceRows<CustomerGateway> {
  findByAddress(scope: Scope, address: IpAddress): Promise<CustomerGateway | undefined>;
}

export function customerGatewayRepository(db: Database): CustomerGatewayRepository {
  const rows = resourceRows(db, 'customerGateways', { toRow, fromRow });
  return {
    ...rows,
    findByAddress: async ({ accountId, region }, address) => (await rows.where({ accountId, region, address }))[0],
  };
}

function toRow({ tags, ...gateway }: CustomerGateway): Tables['customerGateways'] {
  return { ...gateway, tagsJson: JSON.stringify(tags) };
}

function fromRow({ tagsJson, ...row }: Selectable<Tables['customerGateways']>): CustomerGateway {
  return { ...row, tags: parseJson(tagsJson) };
}
