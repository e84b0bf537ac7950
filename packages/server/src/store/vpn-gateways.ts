import type { Selectable } from 'kysely';
import type { VpcId } from '../domain/resource-id.ts';
import type { VpnGateway } from '../domain/vpn-gateway.ts';
import { parseJson, type Database } from './repository.ts';
import { resourceRows, type ResourceRows } from './resource-rows.ts';
import { flag, type Tables } from './tables.ts';

export interface VpnGatewayRepository extends ResourceRows<VpnGateway> {
  listOfVpc(vpcId: VpcId): Promise<VpnGateway[]>;
}

export function vpnGatewayRepository(db: Database): VpnGatewayRepository {
  const rows = resourceRows(db, 'vpnGateways', { toRow, fromRow });
  return { ...rows, listOfVpc: (vpcId) => rows.where({ vpcId }) };
}

function toRow({ tags, ...gateway }: VpnGateway): Tables['vpnGateways'] {
  return {
    ...gateway,
    prepaid: flag(gateway.prepaid),
    checksSources: flag(gateway.checksSources),
    tagsJson: JSON.stringify(tags),
  };
}

function fromRow({ tagsJson, ...row }: Selectable<Tables['vpnGateways']>): VpnGateway {
  return { ...row, prepaid: row.prepaid === 1, checksSources: row.checksSources === 1, tags: parseJson(tagsJson) };
}
