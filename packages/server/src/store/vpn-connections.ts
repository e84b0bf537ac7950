import type { Selectable } from 'kysely';
import type { CustomerGatewayId, VpnGatewayId } from '../domain/resource-id.ts';
import type { VpnConnection } from '../domain/vpn/vpn-connection.ts';
import { parseJson, type Database } from './repository.ts';
import { resourceRows, type ResourceRows } from './resource-rows.ts';
import { flag, type Tables } from './tables.ts';

export interface VpnConnectionRepository extends ResourceRows<VpnConnection> {
  listOfVpnGateway(vpnGatewayId: VpnGatewayId): Promise<VpnConnection[]>;
  listOfCustomerGateway(customerGatewayId: CustomerGatewayId): Promise<VpnConnection[]>;
}

export function vpnConnectionRepository(db: Database): VpnConnectionRepository {
  const rows = resourceRows(db, 'vpnConnections', { toRow, fromRow });
  return {
    ...rows,
    listOfVpnGateway: (vpnGatewayId) => rows.where({ vpnGatewayId }),
    listOfCustomerGateway: (customerGatewayId) => rows.where({ customerGatewayId }),
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
