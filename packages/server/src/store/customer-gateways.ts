import type { Selectable } from 'kysely';
import type { CustomerGateway } from '../domain/customer-gateway.ts';
import { parseJson, type Database } from './repository.ts';
import { resourceRows, type ResourceRows } from './resource-rows.ts';
import { type Tables } from './tables.ts';

export type CustomerGatewayRepository = ResourceRows<CustomerGateway>;

export function customerGatewayRepository(db: Database): CustomerGatewayRepository {
  return resourceRows(db, 'customerGateways', { toRow, fromRow });
}

function toRow({ tags, ...gateway }: CustomerGateway): Tables['customerGateways'] {
  return { ...gateway, tagsJson: JSON.stringify(tags) };
}

function fromRow({ tagsJson, ...row }: Selectable<Tables['customerGateways']>): CustomerGateway {
  return { ...row, tags: parseJson(tagsJson) };
}
