import { filter, given, type Call, type Resource } from './call-list.ts';
import type { Scope } from './references.ts';
import { routeFields, routeTables } from './vpc-resources.ts';

/** For tests only: what the provider does with routes of VPC route tables. */

const createRoute = (
  nextType: string | ((scope: Scope) => unknown),
  destination: string,
  description: string,
): Call => ({
  from: 'vpc/service_tencentcloud_vpc.go CreateRoutes',
  action: 'CreateRoutes',
  arguments: {
    RouteTableId: '$route_table_id',
    Routes: [
      {
        DestinationCidrBlock: destination,
        RouteDescription: (scope) => scope[description] ?? '',
        ...{ GatewayType: nextType, GatewayId: '$next_hub', Enabled: true },
      },
    ],
  },
  // The provider fails when the reply has more than what was made.
  expects: { 'RouteTableSet.length': 1, 'RouteTableSet.0.RouteSet.length': 1 },
  keeps: { entry: 'RouteTableSet.0.RouteSet.0.RouteId' },
});
const deleteRoute: Call = {
  from: 'vpc/service_tencentcloud_vpc.go DeleteRoutes',
  action: 'DeleteRoutes',
  arguments: { RouteTableId: '$route_table_id', Routes: [{ RouteId: '$entry' }] },
};
const switched = (action: 'EnableRoutes' | 'DisableRoutes'): Call => ({
  from: 'vpc/service_tencentcloud_vpc.go SwitchRouteEnabled',
  action,
  arguments: { RouteTableId: '$route_table_id', RouteIds: ['$entry'] },
});
const thatTable = routeTables('DescribeRouteTable', filter('route-table-id', '$route_table_id'));
const theseRoutes = 'RouteTableSet.0.RouteSet';
const isEnabled = (scope: Scope) => scope['disabled'] !== true;

const needs = { vpc: 'vpc', route_table: 'route_table', gateway: 'vpn_gateway' };

const routeTableEntry: Resource = {
  type: 'route_table_entry',
  needs,
  configuration: {
    ...{ route_table_id: '$route_table.id', destination_cidr_block: '192.168.7.0/24' },
    ...{ next_type: 'VPN', next_hub: '$gateway.id', description: 'to the office' },
  },
  changes: [{ disabled: true }, { disabled: false }],
  variants: {
    'that is made disabled': {
      configuration: {
        ...{ route_table_id: '$route_table.id', destination_cidr_block: '192.168.8.0/24', disabled: true },
        ...{ next_type: 'VPN', next_hub: '$gateway.id' },
      },
    },
  },
  computed: ['disabled', 'route_item_id', 'route_entry_id'],
  create: [
    createRoute('$next_type', '$destination_cidr_block', 'description'),
    { ...switched('DisableRoutes'), when: given('disabled') },
  ],
  read: [
    { ...thatTable, set: 'RouteTableSet', attributes: { _vpc: 'VpcId' } },
    {
      ...routeTables(
        'DescribeRouteTableByParams',
        filter('route-table-id', '$route_table_id'),
        filter('vpc-id', '$_vpc'),
      ),
      set: theseRoutes,
      where: { RouteId: '$entry' },
      dereferences: routeFields,
      attributes: {
        ...{
          description: 'RouteDescription',
          destination_cidr_block: 'DestinationCidrBlock',
          next_type: 'GatewayType',
        },
        ...{ next_hub: 'GatewayId', route_item_id: 'RouteItemId', route_entry_id: 'RouteId' },
        disabled: ({ Enabled }) => Enabled !== true,
      },
    },
  ],
  update: [
    { ...switched('DisableRoutes'), changed: ['disabled'], when: given('disabled') },
    { ...switched('EnableRoutes'), changed: ['disabled'], when: isEnabled },
  ],
  delete: [deleteRoute],
};

/** Of vpc/resource_tc_route_entry.go, routeTypeNewMap. */
const oldNames: Readonly<Record<string, string>> = { vpn_gateway: 'VPN', dc_gateway: 'DIRECTCONNECT' };
const newName = ({ next_type: name }: Scope) => oldNames[name as string];

const routeEntry: Resource = {
  type: 'route_entry',
  needs,
  configuration: {
    ...{ vpc_id: '$vpc.id', route_table_id: '$route_table.id', cidr_block: '192.168.9.0/24' },
    ...{ next_type: 'vpn_gateway', next_hub: '$gateway.id' },
  },
  create: [createRoute(newName, '$cidr_block', '')],
  read: [
    {
      ...thatTable,
      set: theseRoutes,
      where: {
        DestinationCidrBlock: '$cidr_block',
        GatewayType: newName,
        GatewayId: '$next_hub',
        RouteDescription: '',
      },
      dereferences: routeFields,
      attributes: {
        cidr_block: 'DestinationCidrBlock',
        next_hub: 'GatewayId',
        next_type: ({ GatewayType }) => Object.keys(oldNames).find((name) => oldNames[name] === GatewayType),
      },
    },
  ],
  delete: [
    {
      ...thatTable,
      from: 'vpc/resource_tc_route_entry.go resourceTencentCloudRouteEntryDelete',
      keeps: {
        entry: (reply, scope) => {
          const [table] = reply['RouteTableSet'] as readonly { readonly RouteSet: readonly Scope[] }[];
          return table?.RouteSet.find((route) => route['DestinationCidrBlock'] === scope['cidr_block'])?.['RouteId'];
        },
      },
    },
    deleteRoute,
  ],
};

const switchItem = (action: 'EnableRoutes' | 'DisableRoutes'): Call => ({
  from: 'vpc/resource_tc_route_table_entry_config.go resourceTencentCloudRouteTableEntryConfigUpdate',
  action,
  arguments: { RouteTableId: '$route_table_id', RouteItemIds: ['$route_item_id'] },
});

const routeTableEntryConfig: Resource = {
  type: 'route_table_entry_config',
  needs: { ...needs, entry: 'route_table_entry' },
  configuration: {
    ...{ route_table_id: '$entry.route_table_id', route_item_id: '$entry.route_item_id', disabled: true },
  },
  changes: [{ disabled: false }],
  create: [
    { ...switchItem('DisableRoutes'), when: given('disabled') },
    { ...switchItem('EnableRoutes'), when: isEnabled },
  ],
  read: [
    {
      ...thatTable,
      set: theseRoutes,
      where: { RouteItemId: '$route_item_id' },
      dereferences: routeFields,
      attributes: { route_item_id: 'RouteItemId', disabled: ({ Enabled }) => Enabled !== true },
    },
  ],
  update: [
    { ...switchItem('DisableRoutes'), changed: ['disabled'], when: given('disabled') },
    { ...switchItem('EnableRoutes'), changed: ['disabled'], when: isEnabled },
  ],
  delete: [],
  remains: true,
};

const notifyRoutes: Resource = {
  type: 'vpc_notify_routes',
  // A VPC passes nothing on: the gateway itself is attached to the CCN instead.
  isRefusedWith: 'UnsupportedOperation.NotifyCcn',
  needs: { ...needs, entry: 'route_table_entry', ccn: 'ccn', attachment: 'ccn_attachment_v2' },
  configuration: { route_table_id: '$entry.route_table_id', route_item_ids: ['$entry.route_item_id'] },
  computed: ['published_to_vbc'],
  create: [
    {
      from: 'vpc/resource_tc_vpc_notify_routes.go resourceTencentCloudVpcNotifyRoutesCreate',
      action: 'NotifyRoutes',
      arguments: { RouteTableId: '$route_table_id', RouteItemIds: '$route_item_ids' },
    },
  ],
  read: [
    {
      from: 'vpc/service_tencentcloud_vpc.go DescribeVpcNotifyRoutesById',
      action: 'DescribeRouteTables',
      arguments: { RouteTableIds: ['$route_table_id'] },
      set: theseRoutes,
      where: { RouteItemId: '$route_item_ids.0' },
      dereferences: ['RouteTableId', 'RouteItemId', 'PublishedToVbc'],
      attributes: {
        route_table_id: 'RouteTableId',
        route_item_ids: ({ RouteItemId }) => [RouteItemId],
        published_to_vbc: 'PublishedToVbc',
      },
    },
  ],
  delete: [
    {
      from: 'vpc/service_tencentcloud_vpc.go DeleteVpcNotifyRoutesById',
      action: 'WithdrawNotifyRoutes',
      arguments: { RouteTableId: '$route_table_id', RouteItemIds: '$route_item_ids' },
    },
  ],
  remains: true,
};

export const vpcRouteResources = [routeTableEntry, routeEntry, routeTableEntryConfig, notifyRoutes];
