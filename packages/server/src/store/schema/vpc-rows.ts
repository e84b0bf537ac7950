import { flag } from './columns.ts';
import { routeColumns, routeOf } from './route-columns.ts';
import { parseJson, type RowMapping } from './row-mapping.ts';

export const vpcs: RowMapping<'vpcs'> = {
  key: ['id'],
  toColumns: ({ dnsServers, secondaryRanges, tags, ...vpc }) => ({
    ...vpc,
    secondaryRangesJson: JSON.stringify(secondaryRanges),
    isDefault: flag(vpc.isDefault),
    enableMulticast: flag(vpc.enableMulticast),
    publishVpcCidr: flag(vpc.publishVpcCidr),
    publishVpcCidrIpv6: flag(vpc.publishVpcCidrIpv6),
    dnsServersJson: JSON.stringify(dnsServers),
    tagsJson: JSON.stringify(tags),
  }),
  fromColumns: ({ dnsServersJson, secondaryRangesJson, tagsJson, ...columns }) => ({
    ...columns,
    secondaryRanges: parseJson(secondaryRangesJson),
    isDefault: columns.isDefault === 1,
    enableMulticast: columns.enableMulticast === 1,
    publishVpcCidr: columns.publishVpcCidr === 1,
    publishVpcCidrIpv6: columns.publishVpcCidrIpv6 === 1,
    dnsServers: parseJson(dnsServersJson),
    tags: parseJson(tagsJson),
  }),
};

export const routeTables: RowMapping<'routeTables'> = {
  key: ['id'],
  toColumns: ({ tags, ...table }) => ({ ...table, isMain: flag(table.isMain), tagsJson: JSON.stringify(tags) }),
  fromColumns: ({ tagsJson, ...columns }) => ({
    ...columns,
    isMain: columns.isMain === 1,
    tags: parseJson(tagsJson),
  }),
};

export const vpcRoutes: RowMapping<'vpcRoutes'> = {
  key: ['id'],
  unique: ['routeId'],
  toColumns: routeColumns,
  fromColumns: routeOf,
};

export const subnets: RowMapping<'subnets'> = {
  key: ['id'],
  toColumns: ({ tags, ...subnet }) => ({
    ...subnet,
    enableBroadcast: flag(subnet.enableBroadcast),
    tagsJson: JSON.stringify(tags),
  }),
  fromColumns: ({ tagsJson, ...columns }) => ({
    ...columns,
    enableBroadcast: columns.enableBroadcast === 1,
    tags: parseJson(tagsJson),
  }),
};

export const subnetInterfaces: RowMapping<'subnetInterfaces'> = {
  key: ['interfaceName', 'vlanId'],
  toColumns: (attachment) => ({ ...attachment, vlanId: attachment.vlanId ?? 0 }),
  fromColumns: (columns) => ({ ...columns, vlanId: columns.vlanId === 0 ? null : columns.vlanId }),
};
