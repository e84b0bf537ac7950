import { filter, type DataSource, type Search } from './call-list.ts';

/** For tests only: what the provider's data sources ask, once without arguments, and once with every one of them. */

const vpcService = 'vpc/service_tencentcloud_vpc.go';
const ccnService = 'ccn/service_tencentcloud_ccn.go';

/** The Go SDK sends an empty list of filters when the data source has no arguments. */
const alone = { Filters: [], Offset: 0, Limit: 100 };
const aloneAsText = { Offset: '0', Limit: '100' };

const both = (
  search: Omit<Search, 'arguments'>,
  paging: object,
  ...filters: readonly ReturnType<typeof filter>[]
): Search[] => [
  { ...search, arguments: { ...paging } },
  { ...search, arguments: { ...paging, Filters: filters } },
];

const tunnelNeeds = {
  vpc: 'vpc',
  gateway: { resource: 'vpn_gateway', configuration: { vpc_id: '$vpc.id' } },
  peer: 'vpn_customer_gateway',
  tunnel: { resource: 'vpn_connection', configuration: { route_type: 'StaticRoute', security_group_policy: null } },
};

export const dataSources: readonly DataSource[] = [
  {
    type: 'vpn_gateways',
    needs: { vpc: 'vpc', gateway: 'vpn_gateway' },
    read: both(
      {
        from: 'vpn/data_source_tc_vpn_gateways.go dataSourceTencentCloudVpnGatewaysRead',
        action: 'DescribeVpnGateways',
        set: 'VpnGatewaySet',
        finds: { VpnGatewayId: '$gateway.id' },
        dereferences: ['RenewFlag', 'VpcId', 'ExpiredTime', 'PublicIpAddress', 'Zone', 'IsAddressBlocked'],
      },
      alone,
      filter('vpn-gateway-id', '$gateway.id'),
      filter('vpn-gateway-name', '$gateway.name'),
      filter('public-ip-address', '$gateway.public_ip_address'),
      filter('vpc-id', '$vpc.id'),
      filter('zone', '$gateway.zone'),
    ),
  },
  {
    type: 'vpn_connections',
    needs: tunnelNeeds,
    read: both(
      {
        from: 'vpn/data_source_tc_vpn_connections.go dataSourceTencentCloudVpnConnectionsRead',
        action: 'DescribeVpnConnections',
        set: 'VpnConnectionSet',
        finds: { VpnConnectionId: '$tunnel.id' },
      },
      alone,
      filter('vpn-connection-id', '$tunnel.id'),
      filter('vpn-connection-name', '$tunnel.name'),
      filter('vpn-gateway-id', '$gateway.id'),
      filter('vpc-id', '$vpc.id'),
      filter('customer-gateway-id', '$peer.id'),
    ),
  },
  {
    type: 'vpn_customer_gateways',
    needs: { peer: 'vpn_customer_gateway' },
    read: both(
      {
        from: 'vpn/data_source_tc_vpn_customer_gateways.go dataSourceTencentCloudVpnCustomerGatewaysRead',
        action: 'DescribeCustomerGateways',
        set: 'CustomerGatewaySet',
        finds: { CustomerGatewayId: '$peer.id', IpAddress: '$peer.public_ip_address' },
      },
      alone,
      filter('customer-gateway-id', '$peer.id'),
      filter('customer-gateway-name', '$peer.name'),
      filter('ip-address', '$peer.public_ip_address'),
    ),
  },
  {
    type: 'vpn_customer_gateway_vendors',
    needs: {},
    read: [
      {
        from: `${vpcService} DescribeVpnCustomerGatewayVendors`,
        action: 'DescribeCustomerGatewayVendors',
        arguments: {},
        set: 'CustomerGatewayVendorSet',
        finds: { VendorName: 'cisco', Platform: 'ios' },
        dereferences: ['SoftwareVersion'],
      },
    ],
  },
  {
    type: 'vpn_default_health_check_ip',
    needs: { vpc: 'vpc', gateway: 'vpn_gateway' },
    read: [
      {
        from: `${vpcService} DescribeVpnDefaultHealthCheckIp`,
        action: 'GenerateVpnConnectionDefaultHealthCheckIp',
        arguments: { VpnGatewayId: '$gateway.id' },
        finds: {},
        dereferences: ['HealthCheckLocalIp', 'HealthCheckRemoteIp'],
      },
    ],
  },
  {
    type: 'vpn_gateway_routes',
    needs: { ...tunnelNeeds, route: 'vpn_gateway_route' },
    read: [
      {
        from: `${vpcService} DescribeVpnGatewayRoutes`,
        action: 'DescribeVpnGatewayRoutes',
        arguments: { VpnGatewayId: '$gateway.id', Offset: 0, Limit: 100 },
        set: 'Routes',
        finds: { RouteId: '$route.id' },
      },
      {
        from: `${vpcService} DescribeVpnGatewayRoutes`,
        action: 'DescribeVpnGatewayRoutes',
        arguments: {
          ...{ VpnGatewayId: '$gateway.id', Offset: 0, Limit: 100 },
          Filters: [
            filter('DestinationCidr', '$route.destination_cidr_block'),
            filter('InstanceId', '$tunnel.id'),
            filter('InstanceType', '$route.instance_type'),
          ],
        },
        set: 'Routes',
        finds: { RouteId: '$route.id' },
      },
    ],
  },
  {
    type: 'vpc_instances',
    needs: { vpc: 'vpc' },
    read: both(
      {
        from: `${vpcService} DescribeVpcs`,
        action: 'DescribeVpcs',
        set: 'VpcSet',
        finds: { VpcId: '$vpc.id', VpcName: '$vpc.name' },
      },
      aloneAsText,
      filter('vpc-id', '$vpc.id'),
      filter('vpc-name', '$vpc.name'),
      filter('tag-key', 'team'),
      filter('cidr-block', '$vpc.cidr_block'),
      filter('is-default', 'false'),
      filter('tag:team', '$vpc.tags.team'),
    ),
  },
  {
    type: 'vpc_subnets',
    needs: { vpc: 'vpc', route_table: 'route_table', subnet: 'subnet' },
    read: both(
      {
        from: `${vpcService} DescribeSubnets`,
        action: 'DescribeSubnets',
        set: 'SubnetSet',
        finds: { SubnetId: '$subnet.id', VpcId: '$vpc.id' },
      },
      aloneAsText,
      filter('subnet-id', '$subnet.id'),
      filter('vpc-id', '$vpc.id'),
      filter('subnet-name', '$subnet.name'),
      filter('zone', '$subnet.availability_zone'),
      filter('is-default', 'false'),
      filter('tag-key', 'team'),
      filter('cidr-block', '$subnet.cidr_block'),
      filter('tag:team', '$subnet.tags.team'),
    ),
  },
  {
    type: 'vpc_route_tables',
    needs: { vpc: 'vpc', route_table: 'route_table' },
    read: both(
      {
        from: `${vpcService} DescribeRouteTables`,
        action: 'DescribeRouteTables',
        set: 'RouteTableSet',
        finds: { RouteTableId: '$route_table.id', RouteTableName: '$route_table.name' },
      },
      aloneAsText,
      filter('route-table-id', '$route_table.id'),
      filter('vpc-id', '$vpc.id'),
      filter('route-table-name', '$route_table.name'),
      filter('association.main', 'false'),
      filter('tag-key', 'team'),
      filter('tag:team', '$route_table.tags.team'),
    ),
  },
  {
    type: 'vpc_route_conflicts',
    needs: { vpc: 'vpc', route_table: 'route_table' },
    read: [
      {
        from: `${vpcService} DescribeVpcRouteConflicts`,
        action: 'DescribeRouteConflicts',
        arguments: { RouteTableId: '$route_table.id', DestinationCidrBlocks: ['192.168.40.0/24'] },
        finds: {},
        dereferences: ['RouteConflictSet'],
      },
    ],
  },
  {
    type: 'vpc_account_attributes',
    needs: {},
    read: [
      {
        from: `${vpcService} DescribeVpcAccountAttributes`,
        action: 'DescribeAccountAttributes',
        arguments: {},
        finds: {},
        dereferences: ['AccountAttributeSet.0.AttributeName', 'AccountAttributeSet.0.AttributeValues.0'],
      },
    ],
  },
  {
    type: 'vpc_limits',
    needs: {},
    read: [
      {
        from: `${vpcService} DescribeVpcLimitsByFilter`,
        action: 'DescribeVpcLimits',
        arguments: { LimitTypes: ['appid-max-vpcs', 'vpc-max-subnets'] },
        set: 'VpcLimitSet',
        finds: { LimitType: 'appid-max-vpcs' },
        dereferences: ['LimitValue'],
      },
    ],
  },
  {
    type: 'vpc_product_quota',
    needs: {},
    read: [
      {
        from: `${vpcService} DescribeVpcProductQuota`,
        action: 'DescribeProductQuota',
        arguments: { Product: 'vpc' },
        finds: {},
        dereferences: ['ProductQuotaSet.0.QuotaLimit', 'ProductQuotaSet.0.QuotaName', 'ProductQuotaSet.0.QuotaCurrent'],
      },
    ],
  },
  {
    type: 'ccn_instances',
    needs: { vpc: 'vpc', ccn: 'ccn', attachment: 'ccn_attachment_v2' },
    read: [
      ...both(
        {
          from: `${ccnService} DescribeCcns`,
          action: 'DescribeCcns',
          set: 'CcnSet',
          finds: { CcnId: '$ccn.id', CcnName: '$ccn.name' },
        },
        { Offset: 0, Limit: 100 },
        filter('ccn-id', '$ccn.id'),
        filter('ccn-name', '$ccn.name'),
      ),
      {
        from: `${ccnService} DescribeCcnAttachedInstances`,
        action: 'DescribeCcnAttachedInstances',
        arguments: { CcnId: '$ccn.id', Offset: 0, Limit: 20 },
        set: 'InstanceSet',
        finds: { InstanceId: '$vpc.id' },
      },
    ],
  },
  {
    type: 'ccn_routes',
    needs: { vpc: 'vpc', route_table: 'route_table', subnet: 'subnet', ccn: 'ccn', attachment: 'ccn_attachment_v2' },
    read: [
      {
        from: `${ccnService} DescribeVpcDescribeCcnRoutesByFilter`,
        action: 'DescribeCcnRoutes',
        arguments: {
          ...{ CcnId: '$ccn.id', Offset: 0, Limit: 20 },
          Filters: [
            filter('cidr-block', '$subnet.cidr_block'),
            filter('instance-type', 'VPC'),
            filter('instance-region', '$region'),
            filter('instance-id', '$vpc.id'),
          ],
        },
        set: 'RouteSet',
        finds: { InstanceId: '$vpc.id', DestinationCidrBlock: '$subnet.cidr_block' },
        dereferences: ['RouteId'],
      },
    ],
  },
  {
    type: 'ccn_bandwidth_limits',
    needs: { vpc: 'vpc', ccn: 'ccn', attachment: 'ccn_attachment_v2', limit: 'ccn_bandwidth_limit' },
    read: [
      {
        from: `${ccnService} GetCcnRegionBandwidthLimits`,
        action: 'GetCcnRegionBandwidthLimits',
        arguments: { CcnId: '$ccn.id', Offset: 0, Limit: 100 },
        set: 'CcnBandwidthSet',
        finds: { 'CcnRegionBandwidthLimit.BandwidthLimit': '$limit.bandwidth_limit' },
      },
    ],
  },
  {
    type: 'ccn_route_table_input_policies',
    needs: {
      ...{ vpc: 'vpc', ccn: 'ccn', table: 'ccn_route_table', attachment: 'ccn_attachment_v2' },
      policies: 'ccn_route_table_input_policies',
    },
    read: [
      {
        from: `${ccnService} DescribeCcnRouteTableInputPoliciesByFilter`,
        action: 'DescribeCcnRouteTableInputPolicys',
        arguments: { CcnId: '$ccn.id', RouteTableId: '$table.id' },
        finds: {},
        dereferences: ['PolicySet.0.Policys.0.Action', 'PolicySet.0.PolicyVersion'],
      },
    ],
  },
  {
    type: 'dc_gateway_instances',
    needs: { vpc: 'vpc', ccn: 'ccn', gateway: 'dc_gateway' },
    read: both(
      {
        from: 'dcg/service_tencentcloud_dcg.go DescribeDirectConnectGateways',
        action: 'DescribeDirectConnectGateways',
        set: 'DirectConnectGatewaySet',
        finds: { DirectConnectGatewayId: '$gateway.id' },
      },
      { Offset: 0, Limit: 100 },
      filter('direct-connect-gateway-id', '$gateway.id'),
      filter('direct-connect-gateway-name', '$gateway.name'),
    ),
  },
  {
    type: 'dc_gateway_ccn_routes',
    needs: {
      ccn: 'ccn',
      gateway: { resource: 'dc_gateway', configuration: { network_type: 'CCN', network_instance_id: '$ccn.id' } },
      range: 'dc_gateway_ccn_route',
    },
    read: [
      {
        from: 'dcg/service_tencentcloud_dcg.go DescribeDirectConnectGatewayCcnRoutes',
        action: 'DescribeDirectConnectGatewayCcnRoutes',
        arguments: { DirectConnectGatewayId: '$gateway.id', CcnRouteType: 'STATIC', Offset: 0, Limit: 100 },
        set: 'RouteSet',
        finds: { RouteId: '$range.id' },
      },
    ],
  },
];
