import type { Selectable } from 'kysely';
import type { Vpc } from '../domain/vpc/vpc.ts';
import { parseJson, type Database } from './repository.ts';
import { resourceRows, type ResourceRows } from './resource-rows.ts';
import { flag, type Tables } from './tables.ts';

export type VpcRepository = ResourceRows<Vpc>;

export function vpcRepository(db: Database): VpcRepository {
  return resourceRows(db, 'vpcs', { toRow, fromRow });
}

function toRow({ dnsServers, tags, ...vpc }: Vpc): Tables['vpcs'] {
  return {
    ...vpc,
    isDefault: flag(vpc.isDefault),
    enableMulticast: flag(vpc.enableMulticast),
    publishVpcCidr: flag(vpc.publishVpcCidr),
    publishVpcCidrIpv6: flag(vpc.publishVpcCidrIpv6),
    dnsServersJson: JSON.stringify(dnsServers),
    tagsJson: JSON.stringify(tags),
  };
}

function fromRow({ dnsServersJson, tagsJson, ...row }: Selectable<Tables['vpcs']>): Vpc {
  return {
    ...row,
    isDefault: row.isDefault === 1,
    enableMulticast: row.enableMulticast === 1,
    publishVpcCidr: row.publishVpcCidr === 1,
    publishVpcCidrIpv6: row.publishVpcCidrIpv6 === 1,
    dnsServers: parseJson(dnsServersJson),
    tags: parseJson(tagsJson),
  };
}
