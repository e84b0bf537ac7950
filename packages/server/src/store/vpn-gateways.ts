import type { IpAddress } from '@landbridge/net';
import type { Selectable } from 'kysely';
import type { VpcId, VpnGatewayId } from '../domain/resource-id.ts';
import type { VpnGateway, VpnGatewayKind } from '../domain/vpn/vpn-gateway.ts';
import { parseJson, type Database, type Scope } from './repository.ts';
import { resourceRows, type ResourceRows } from './resource-rows.ts';
import { flag, type Tables } from './tables.ts';

export interface VpnGatewayRepository extends ResourceRows<VpnGateway> {
  listOfVpc(vpcId: VpcId): Promise<VpnGateway[]>;
  countOfKind(scope: Scope, kind: VpnGatewayKind): Promise<number>;
  exists(id: VpnGatewayId): Promise<boolean>;
  /** Of all accounts. */
  publicAddresses(): Promise<IpAddress[]>;
}

export function vpnGatewayRepository(db: Database): VpnGatewayRepository {
  const rows = resourceRows(db, 'vpnGateways', { toRow, fromRow });
  return {
    ...rows,
    listOfVpc: (vpcId) => rows.where({ vpcId }),
    countOfKind: ({ accountId, region }, kind) => rows.countWhere({ accountId, region, kind }),
    exists: async (id) => (await rows.countWhere({ id })) > 0,
    publicAddresses: async () => {
      const taken = await db.selectFrom('vpnGateways').select('publicAddress').execute();
      return taken.map(({ publicAddress }) => publicAddress);
    },
  };
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
