import { filter, given, ifChanged, isZero, requestTags, type Call, type Resource } from './call-list.ts';
import type { Scope } from './references.ts';

/** For tests only: what the provider does with Direct Connect gateways. */

const from = 'dcg/resource_tc_dc_gateway.go resourceTencentCloudDcGateway';
const service = 'dcg/service_tencentcloud_dcg.go';

const modify: Call = {
  from: `${from}Update`,
  action: 'ModifyDirectConnectGatewayAttribute',
  arguments: {
    DirectConnectGatewayId: '$id',
    DirectConnectGatewayName: ifChanged(['name'], '$name'),
    ModeType: ifChanged(['mode_type'], '$mode_type'),
    CcnRouteType: ifChanged(['cnn_route_type'], '$cnn_route_type'),
  },
};

const gateway: Resource = {
  type: 'dc_gateway',
  needs: { vpc: 'vpc', ccn: 'ccn' },
  configuration: { name: 'line', network_type: 'VPC', network_instance_id: '$vpc.id', tags: { team: 'net' } },
  changes: [{ name: 'line, renamed' }, { tags: { team: 'core' } }],
  variants: {
    'with an AS number': {
      configuration: { name: 'line', network_type: 'VPC', network_instance_id: '$vpc.id', gateway_asn: 65_100 },
    },
    'on a CCN': {
      configuration: { name: 'line', network_type: 'CCN', network_instance_id: '$ccn.id' },
      changes: [{ name: 'line, renamed', tags: { a: 'b' } }],
    },
  },
  defaults: { gateway_type: 'NORMAL' },
  computed: ['mode_type', 'gateway_asn', 'zone', 'cnn_route_type', 'enable_bgp', 'create_time'],
  tags: { prefix: 'dcg', areSentByCreate: true },
  create: [
    {
      from: `${from}Create`,
      action: 'CreateDirectConnectGateway',
      arguments: {
        ...{ DirectConnectGatewayName: '$name', NetworkType: '$network_type', GatewayType: given('gateway_type') },
        ...{ NetworkInstanceId: '$network_instance_id', ModeType: given('mode_type'), Zone: given('zone') },
        ...{ GatewayAsn: '$gateway_asn', HaZoneGroupId: given('ha_zone_group_id') },
        Tags: (scope) => (isZero(scope['tags']) ? undefined : requestTags(scope)),
      },
      keeps: { id: 'DirectConnectGateway.DirectConnectGatewayId' },
    },
    {
      from: `${from}Create`,
      action: 'ModifyDirectConnectGatewayAttribute',
      when: ({ cnn_route_type: type }) => type !== undefined && type !== 'STATIC',
      arguments: { DirectConnectGatewayId: '$id', CcnRouteType: '$cnn_route_type' },
    },
  ],
  read: [
    {
      from: `${service} DescribeDirectConnectGateways`,
      action: 'DescribeDirectConnectGateways',
      arguments: { Offset: 0, Limit: 100, Filters: [filter('direct-connect-gateway-id', '$id')] },
      set: 'DirectConnectGatewaySet',
      dereferences: [
        ...[
          'DirectConnectGatewayId',
          'DirectConnectGatewayName',
          'DirectConnectGatewayIp',
          'CreateTime',
          'NetworkType',
        ],
        ...['NetworkInstanceId', 'EnableBGP', 'CcnRouteType', 'GatewayType'],
      ],
      attributes: {
        ...{ name: 'DirectConnectGatewayName', network_type: 'NetworkType', network_instance_id: 'NetworkInstanceId' },
        ...{ gateway_type: 'GatewayType', cnn_route_type: 'CcnRouteType', enable_bgp: 'EnableBGP' },
        ...{ create_time: 'CreateTime', gateway_asn: 'GatewayAsn' },
        // The provider takes a zone for the mode.
        mode_type: ({ Zone, ModeType }) => Zone ?? ModeType,
      },
    },
  ],
  update: [{ ...modify, changed: ['name', 'mode_type', 'cnn_route_type'] }],
  delete: [
    {
      from: `${from}Delete`,
      action: 'DeleteDirectConnectGateway',
      arguments: { DirectConnectGatewayId: '$id' },
    },
  ],
};

const theRanges: Call = {
  from: `${service} DescribeDirectConnectGatewayCcnRoutes`,
  action: 'DescribeDirectConnectGatewayCcnRoutes',
  arguments: { DirectConnectGatewayId: '$dcg_id', Offset: 0, Limit: 100 },
};
const theRoute = (reply: Scope, scope: Scope) =>
  (reply['RouteSet'] as readonly Scope[]).find((route) => route['DestinationCidrBlock'] === scope['cidr_block'])?.[
    'RouteId'
  ];

const ccnRoute: Resource = {
  type: 'dc_gateway_ccn_route',
  needs: {
    ccn: 'ccn',
    gateway: { resource: 'dc_gateway', configuration: { network_type: 'CCN', network_instance_id: '$ccn.id' } },
  },
  configuration: { dcg_id: '$gateway.id', cidr_block: '192.168.30.0/24' },
  computed: ['as_path'],
  create: [
    {
      from: `${service} CreateDirectConnectGatewayCcnRoute`,
      action: 'CreateDirectConnectGatewayCcnRoutes',
      arguments: { DirectConnectGatewayId: '$dcg_id', Routes: [{ DestinationCidrBlock: '$cidr_block', ASPath: [] }] },
    },
    { ...theRanges, from: `${service} GetCcnRouteId`, keeps: { id: theRoute } },
  ],
  read: [
    {
      ...theRanges,
      set: 'RouteSet',
      where: { RouteId: '$id' },
      dereferences: ['DestinationCidrBlock', 'RouteId', 'ASPath'],
      attributes: { cidr_block: 'DestinationCidrBlock', as_path: 'ASPath' },
    },
  ],
  delete: [
    {
      from: `${service} DeleteDirectConnectGatewayCcnRoute`,
      action: 'DeleteDirectConnectGatewayCcnRoutes',
      arguments: { DirectConnectGatewayId: '$dcg_id', RouteIds: ['$id'] },
    },
  ],
};

export const directConnectResources = [gateway, ccnRoute];
