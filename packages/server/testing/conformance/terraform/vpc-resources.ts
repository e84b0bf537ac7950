import {
  filter,
  given,
  ifChanged,
  orFalse,
  requestTags,
  textOrFalse,
  type Attributes,
  type Call,
  type Read,
  type Resource,
} from './call-list.ts';
import type { Scope, Template } from './references.ts';

/** For tests only: what the provider does with VPCs, subnets and route tables. Texts as numbers of pages are the provider's. */

const wholePage = { Offset: '0', Limit: '100' };

/** As vpc/service_tencentcloud_vpc.go DescribeRouteTables. */
const routeTables = (from: string, ...filters: readonly Template[]): Call => ({
  from: `vpc/service_tencentcloud_vpc.go ${from}`,
  action: 'DescribeRouteTables',
  arguments: { ...wholePage, Filters: filters },
});
const routeTableFields = ['CreatedTime', 'Main', 'RouteTableName', 'RouteTableId', 'VpcId'];
const routeFields = [
  ...['DestinationCidrBlock', 'GatewayId', 'GatewayType', 'RouteDescription', 'RouteId', 'RouteType', 'Enabled'],
  'RouteItemId',
];

const tagsOfReply = (object: Scope): unknown =>
  Object.fromEntries(
    (object['TagSet'] as readonly { readonly Key: string; readonly Value: string }[]).map(({ Key, Value }) => [
      Key,
      Value,
    ]),
  );

interface SecondaryRange {
  readonly AssistantType: number;
  readonly CidrBlock: string;
}
const secondaryRanges = (type: number) => (object: Scope) =>
  (object['AssistantCidrSet'] as readonly SecondaryRange[])
    .filter(({ AssistantType }) => AssistantType === type)
    .map(({ CidrBlock }) => CidrBlock);
const missingFrom = (list: (scope: Scope) => unknown, other: (scope: Scope) => unknown) => (scope: Scope) => {
  const missing = ((list(scope) ?? []) as string[]).filter(
    (item) => !((other(scope) ?? []) as string[]).includes(item),
  );
  return missing.length > 0 ? missing : undefined;
};
const rangesNow = (scope: Scope) => scope['assistant_cidrs'];
const rangesBefore = (scope: Scope) => (scope['before'] as Attributes)['assistant_cidrs'];

const vpc: Resource = {
  type: 'vpc',
  configuration: {
    ...{ name: 'terraform', cidr_block: '10.0.0.0/16', dns_servers: ['119.29.29.29', '8.8.8.8'], is_multicast: false },
    ...{ assistant_cidrs: ['172.16.0.0/24'], tags: { team: 'net' } },
  },
  changes: [
    { name: 'terraform, renamed', dns_servers: ['8.8.4.4'], is_multicast: true },
    { assistant_cidrs: ['172.16.1.0/24'] },
    { tags: { team: 'core', stage: 'test' } },
    { tags: {} },
  ],
  variants: {
    'as little as goes': { configuration: { name: 'small', cidr_block: '192.168.0.0/24' }, changes: [{ name: 'x' }] },
  },
  computed: [
    ...['dns_servers', 'is_multicast', 'assistant_cidrs', 'docker_assistant_cidrs', 'enable_route_vpc_publish'],
    ...['enable_route_vpc_publish_ipv6', 'is_default', 'create_time', 'default_route_table_id'],
  ],
  sets: ['dns_servers', 'assistant_cidrs'],
  tags: { prefix: 'vpc', areSentByCreate: true },
  create: [
    {
      from: 'vpc/service_tencentcloud_vpc.go CreateVpc',
      action: 'CreateVpc',
      arguments: {
        ...{ VpcName: '$name', CidrBlock: '$cidr_block', EnableMulticast: textOrFalse('is_multicast') },
        ...{ DnsServers: given('dns_servers'), Tags: requestTags },
        EnableRouteVpcPublish: orFalse('enable_route_vpc_publish'),
        EnableRouteVpcPublishIpv6: orFalse('enable_route_vpc_publish_ipv6'),
      },
      keeps: { id: 'Vpc.VpcId' },
    },
    {
      from: 'vpc/service_tencentcloud_vpc.go CreateAssistantCidr',
      action: 'CreateAssistantCidr',
      when: given('assistant_cidrs'),
      arguments: { VpcId: '$id', CidrBlocks: '$assistant_cidrs' },
    },
  ],
  read: [
    {
      from: 'vpc/service_tencentcloud_vpc.go DescribeVpcs',
      action: 'DescribeVpcs',
      arguments: { ...wholePage, Filters: [filter('vpc-id', '$id')] },
      set: 'VpcSet',
      dereferences: ['CidrBlock', 'CreatedTime', 'DnsServerSet', 'IsDefault', 'EnableMulticast', 'VpcName', 'VpcId'],
      attributes: {
        ...{ name: 'VpcName', cidr_block: 'CidrBlock', dns_servers: 'DnsServerSet', is_multicast: 'EnableMulticast' },
        ...{ create_time: 'CreatedTime', is_default: 'IsDefault', tags: tagsOfReply },
        ...{ assistant_cidrs: secondaryRanges(0), docker_assistant_cidrs: secondaryRanges(1) },
        enable_route_vpc_publish: 'EnableRouteVpcPublish',
        enable_route_vpc_publish_ipv6: 'EnableRouteVpcPublishIpv6',
      },
    },
    {
      ...routeTables('DescribeRouteTables', filter('vpc-id', '$id'), filter('association.main', 'true')),
      set: 'RouteTableSet',
      dereferences: routeTableFields,
      where: { Main: true },
      attributes: { default_route_table_id: 'RouteTableId' },
    },
  ],
  update: [
    {
      from: 'vpc/service_tencentcloud_vpc.go ModifyVpcAttribute',
      action: 'ModifyVpcAttribute',
      changed: ['name', 'dns_servers', 'is_multicast', 'assistant_cidrs', 'tags'],
      arguments: {
        ...{ VpcId: '$id', VpcName: '$name', EnableMulticast: textOrFalse('is_multicast') },
        DnsServers: given('dns_servers'),
        EnableRouteVpcPublish: orFalse('enable_route_vpc_publish'),
        EnableRouteVpcPublishIpv6: orFalse('enable_route_vpc_publish_ipv6'),
      },
    },
    {
      from: 'vpc/service_tencentcloud_vpc.go ModifyAssistantCidr',
      action: 'ModifyAssistantCidr',
      changed: ['assistant_cidrs'],
      arguments: {
        VpcId: '$id',
        OldCidrBlocks: missingFrom(rangesBefore, rangesNow),
        NewCidrBlocks: missingFrom(rangesNow, rangesBefore),
      },
    },
  ],
  delete: [{ from: 'vpc/service_tencentcloud_vpc.go DeleteVpc', action: 'DeleteVpc', arguments: { VpcId: '$id' } }],
};

const subnetOf = (id: string): Omit<Read, 'attributes'> => ({
  from: 'vpc/service_tencentcloud_vpc.go DescribeSubnets',
  action: 'DescribeSubnets',
  arguments: { ...wholePage, Filters: [filter('subnet-id', id)] },
  set: 'SubnetSet',
  dereferences: [
    ...['CidrBlock', 'CreatedTime', 'VpcId', 'SubnetId', 'RouteTableId', 'CdcId', 'SubnetName', 'IsDefault'],
    ...['EnableBroadcast', 'Zone', 'AvailableIpAddressCount'],
  ],
});
const associate = (SubnetId: string, RouteTableId: string): Call => ({
  from: 'vpc/service_tencentcloud_vpc.go ReplaceRouteTableAssociation',
  action: 'ReplaceRouteTableAssociation',
  arguments: { SubnetId, RouteTableId },
});
const isInVpc: Call = {
  ...routeTables('IsRouteTableInVpc', filter('route-table-id', '$route_table_id'), filter('vpc-id', '$vpc_id')),
  when: given('route_table_id'),
  expects: { 'RouteTableSet.length': 1 },
};
const modifySubnet: Call = {
  from: 'vpc/service_tencentcloud_vpc.go ModifySubnetAttribute',
  action: 'ModifySubnetAttribute',
  arguments: { SubnetId: '$id', SubnetName: '$name', EnableBroadcast: textOrFalse('is_multicast') },
};

const subnet: Resource = {
  type: 'subnet',
  needs: { vpc: 'vpc', route_table: 'route_table' },
  configuration: {
    ...{ vpc_id: '$vpc.id', availability_zone: 'test-1-1', name: 'subnet', cidr_block: '10.0.1.0/24' },
    ...{ is_multicast: false, tags: { team: 'net' } },
  },
  changes: [
    { name: 'subnet, renamed', is_multicast: true },
    { route_table_id: '$route_table.id' },
    { route_table_id: '$vpc.default_route_table_id', tags: { stage: 'test' } },
  ],
  variants: {
    'with a route table of its own': {
      configuration: {
        ...{ vpc_id: '$vpc.id', availability_zone: 'test-1-1', name: 'subnet', cidr_block: '10.0.2.0/24' },
        route_table_id: '$route_table.id',
      },
    },
  },
  computed: ['is_multicast', 'route_table_id', 'is_default', 'available_ip_count', 'create_time'],
  tags: { prefix: 'subnet' },
  create: [
    isInVpc,
    {
      from: 'vpc/service_tencentcloud_vpc.go CreateSubnet',
      action: 'CreateSubnet',
      arguments: {
        ...{ VpcId: '$vpc_id', SubnetName: '$name', CidrBlock: '$cidr_block', Zone: '$availability_zone' },
        ...{ CdcId: given('cdc_id'), Tags: requestTags },
      },
      keeps: { id: 'Subnet.SubnetId' },
    },
    modifySubnet,
    { ...associate('$id', '$route_table_id'), when: given('route_table_id') },
  ],
  read: [
    {
      ...subnetOf('$id'),
      attributes: {
        ...{ vpc_id: 'VpcId', availability_zone: 'Zone', name: 'SubnetName', cidr_block: 'CidrBlock', cdc_id: 'CdcId' },
        ...{ is_multicast: 'EnableBroadcast', route_table_id: 'RouteTableId', is_default: 'IsDefault' },
        ...{ available_ip_count: 'AvailableIpAddressCount', create_time: 'CreatedTime' },
      },
    },
  ],
  update: [
    { ...modifySubnet, changed: ['name', 'is_multicast', 'route_table_id', 'tags'] },
    { ...isInVpc, changed: ['route_table_id'] },
    { ...associate('$id', '$route_table_id'), changed: ['route_table_id'] },
  ],
  delete: [
    { from: 'vpc/service_tencentcloud_vpc.go DeleteSubnet', action: 'DeleteSubnet', arguments: { SubnetId: '$id' } },
  ],
};

const routeTable: Resource = {
  type: 'route_table',
  needs: { vpc: 'vpc' },
  configuration: { vpc_id: '$vpc.id', name: 'table', tags: { team: 'net' } },
  changes: [{ name: 'table, renamed' }, { tags: { team: 'core' } }],
  computed: ['subnet_ids', 'route_entry_ids', 'is_default', 'create_time'],
  tags: { prefix: 'rtb' },
  create: [
    {
      from: 'vpc/service_tencentcloud_vpc.go CreateRouteTable',
      action: 'CreateRouteTable',
      arguments: { VpcId: '$vpc_id', RouteTableName: '$name', Tags: requestTags },
      keeps: { id: 'RouteTable.RouteTableId' },
    },
  ],
  read: [
    {
      ...routeTables('DescribeRouteTable', filter('route-table-id', '$id')),
      set: 'RouteTableSet',
      dereferences: routeTableFields,
      attributes: {
        ...{ vpc_id: 'VpcId', name: 'RouteTableName', is_default: 'Main', create_time: 'CreatedTime' },
        ...{ subnet_ids: 'AssociationSet', route_entry_ids: 'RouteSet' },
      },
    },
  ],
  update: [
    {
      from: 'vpc/service_tencentcloud_vpc.go ModifyRouteTableAttribute',
      action: 'ModifyRouteTableAttribute',
      changed: ['name'],
      arguments: { RouteTableId: '$id', RouteTableName: ifChanged(['name'], '$name') },
    },
  ],
  delete: [
    {
      from: 'vpc/service_tencentcloud_vpc.go DeleteRouteTable',
      action: 'DeleteRouteTable',
      arguments: { RouteTableId: '$id' },
    },
  ],
};

const associated: Read = {
  ...subnetOf('$subnet_id'),
  attributes: { subnet_id: 'SubnetId', route_table_id: 'RouteTableId', _vpc: 'VpcId' },
};
const replaceAssociation: Call = {
  ...associate('$subnet_id', '$route_table_id'),
  from: 'vpc/resource_tc_route_table_association.go resourceTencentCloudRouteTableAssociationUpdate',
};

const routeTableAssociation: Resource = {
  type: 'route_table_association',
  needs: {
    vpc: 'vpc',
    route_table: 'route_table',
    subnet: 'subnet',
    other: { resource: 'route_table', configuration: { name: 'b' } },
  },
  configuration: { subnet_id: '$subnet.id', route_table_id: '$route_table.id' },
  changes: [{ route_table_id: '$other.id' }],
  create: [replaceAssociation],
  read: [associated],
  update: [{ ...replaceAssociation, changed: ['route_table_id'] }],
  delete: [
    {
      from: 'vpc/resource_tc_route_table_association.go resourceTencentCloudRouteTableAssociationDelete',
      action: associated.action,
      arguments: associated.arguments,
      keeps: { vpc_of_subnet: 'SubnetSet.0.VpcId' },
    },
    {
      ...routeTables('DescribeRouteTables', filter('vpc-id', '$vpc_of_subnet'), filter('association.main', 'true')),
      keeps: { default_table: 'RouteTableSet.0.RouteTableId' },
    },
    { ...replaceAssociation, arguments: { SubnetId: '$subnet_id', RouteTableId: '$default_table' } },
  ],
  remains: true,
};

export const vpcResources = [vpc, subnet, routeTable, routeTableAssociation];
export { routeFields, routeTables };
