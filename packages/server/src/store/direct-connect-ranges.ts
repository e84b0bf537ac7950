import type { DirectConnectRange } from '../domain/direct-connect/direct-connect-gateway.ts';
import type { DirectConnectGatewayId } from '../domain/resource-id.ts';
import type { Database } from './repository.ts';
import { resourceRows, type ResourceRows } from './resource-rows.ts';

export interface DirectConnectRangeRepository extends ResourceRows<DirectConnectRange> {
  listOfGateway(id: DirectConnectGatewayId): Promise<DirectConnectRange[]>;
}

export function directConnectRangeRepository(db: Database): DirectConnectRangeRepository {
  const rows = resourceRows(db, 'directConnectRanges', { toRow: asItIs, fromRow: asItIs });
  return { ...rows, listOfGateway: (directConnectGatewayId) => rows.where({ directConnectGatewayId }) };
}

function asItIs(range: DirectConnectRange): DirectConnectRange {
  return range;
}
