import { filter, given, ifChanged, type Call, type Read, type Resource } from './call-list.ts';
import type { Scope } from './references.ts';

/** For tests only: what the provider does with VPN gateways and customer gateways. */

const gatewayFrom = 'vpn/resource_tc_vpn_gateway.go resourceTencentCloudVpnGateway';
const theGateway = (from: string): Call => ({
  from,
  action: 'DescribeVpnGateways',
  arguments: { VpnGatewayIds: ['$id'] },
});
const noTunnels = (from: string, filters: readonly ReturnType<typeof filter>[]): Call => ({
  from,
  action: 'DescribeVpnConnections',
  arguments: { Filters: filters, Offset: 0 },
  until: { 'VpnConnectionSet.length': 0 },
});

const isPrepaid = (scope: Scope) => scope['charge_type'] === 'PREPAID';
const isOnCcn = (scope: Scope) => scope['type'] === 'CCN';
/** The provider does not delete what was paid for and lasts; this is how it knows that nothing was. */
const endless = '0000-00-00 00:00:00';

const vpnGateway: Resource = {
  type: 'vpn_gateway',
  needs: { vpc: 'vpc' },
  configuration: { name: 'gateway', vpc_id: '$vpc.id', bandwidth: 10, tags: { team: 'net' } },
  changes: [{ name: 'gateway, renamed' }, { bandwidth: 50 }, { tags: { team: 'core', stage: 'test' } }],
  variants: {
    'on a CCN': { configuration: { name: 'gateway', type: 'CCN' }, changes: [{ name: 'renamed', tags: { a: 'b' } }] },
    'with an AS number, in a zone': {
      configuration: { name: 'gateway', vpc_id: '$vpc.id', type: 'IPSEC', zone: 'test-1-1', bgp_asn: 65_100 },
      changes: [{ bgp_asn: 65_101 }],
    },
    'that is paid for in advance': {
      configuration: { name: 'gateway', vpc_id: '$vpc.id', charge_type: 'PREPAID', prepaid_period: 3 },
      changes: [
        { prepaid_renew_flag: 'NOTIFY_AND_MANUAL_RENEW' },
        { prepaid_renew_flag: 'NOTIFY_AND_AUTO_RENEW' },
        { prepaid_period: 6 },
        { charge_type: 'POSTPAID_BY_HOUR' },
      ],
    },
  },
  defaults: {
    ...{ bandwidth: 5, prepaid_renew_flag: 'NOTIFY_AND_AUTO_RENEW', prepaid_period: 1 },
    charge_type: 'POSTPAID_BY_HOUR',
  },
  computed: [
    ...['public_ip_address', 'type', 'state', 'cdc_id', 'max_connection', 'expired_time', 'is_address_blocked', 'zone'],
    ...['new_purchase_plan', 'restrict_state', 'create_time'],
  ],
  tags: { prefix: 'vpngw' },
  create: [
    {
      from: `${gatewayFrom}Create`,
      action: 'CreateVpnGateway',
      arguments: {
        ...{ VpnGatewayName: '$name', InternetMaxBandwidthOut: '$bandwidth', InstanceChargeType: '$charge_type' },
        ...{ Zone: given('zone'), Type: given('type'), VpcId: (scope) => (isOnCcn(scope) ? '' : scope['vpc_id']) },
        ...{ CdcId: given('cdc_id'), MaxConnection: given('max_connection'), BgpAsn: '$bgp_asn' },
        InstanceChargePrepaid: (scope) =>
          isPrepaid(scope) ? { Period: scope['prepaid_period'], RenewFlag: scope['prepaid_renew_flag'] } : undefined,
      },
      keeps: { id: 'VpnGateway.VpnGatewayId' },
    },
    {
      ...theGateway(`${gatewayFrom}Create`),
      until: { 'VpnGatewaySet.length': 1, 'VpnGatewaySet.0.State': 'AVAILABLE' },
    },
  ],
  read: [
    {
      ...theGateway('vpc/service_tencentcloud_vpc.go DescribeVpngwById'),
      set: 'VpnGatewaySet',
      dereferences: ['InternetMaxBandwidthOut'],
      attributes: {
        ...{ name: 'VpnGatewayName', public_ip_address: 'PublicIpAddress', bandwidth: 'InternetMaxBandwidthOut' },
        ...{ type: 'Type', create_time: 'CreatedTime', state: 'State', charge_type: 'InstanceChargeType' },
        ...{ expired_time: 'ExpiredTime', is_address_blocked: 'IsAddressBlocked', zone: 'Zone', cdc_id: 'CdcId' },
        ...{ new_purchase_plan: 'NewPurchasePlan', restrict_state: 'RestrictState', max_connection: 'MaxConnection' },
        prepaid_renew_flag: ({ RenewFlag }) => RenewFlag ?? 'NOTIFY_AND_AUTO_RENEW',
        bgp_asn: ({ BgpAsn }, { bgp_asn: before }) => (BgpAsn === 0 ? before : BgpAsn),
      },
    },
  ],
  update: [
    {
      from: `${gatewayFrom}Update`,
      action: 'RenewVpnGateway',
      changed: ['prepaid_period'],
      arguments: { VpnGatewayId: '$id', InstanceChargePrepaid: { Period: '$prepaid_period' } },
    },
    {
      from: `${gatewayFrom}Update`,
      action: 'SetVpnGatewaysRenewFlag',
      changed: ['prepaid_renew_flag'],
      arguments: {
        VpnGatewayIds: ['$id'],
        AutoRenewFlag: ({ prepaid_renew_flag: flag }) => (flag === 'NOTIFY_AND_AUTO_RENEW' ? 1 : 0),
      },
    },
    {
      from: `${gatewayFrom}Update`,
      action: 'ModifyVpnGatewayAttribute',
      changed: ['name', 'charge_type', 'bgp_asn'],
      arguments: {
        ...{ VpnGatewayId: '$id', VpnGatewayName: '$name', BgpAsn: '$bgp_asn' },
        InstanceChargeType: ifChanged(['charge_type'], '$charge_type'),
      },
    },
    {
      from: `${gatewayFrom}Update`,
      action: 'ResetVpnGatewayInternetMaxBandwidth',
      changed: ['bandwidth'],
      arguments: { VpnGatewayId: '$id', InternetMaxBandwidthOut: '$bandwidth' },
    },
  ],
  delete: [
    {
      ...theGateway(`${gatewayFrom}Delete`),
      expects: { 'VpnGatewaySet.0.ExpiredTime': endless, 'VpnGatewaySet.0.NetworkInstanceId': '' },
      when: isOnCcn,
    },
    {
      ...theGateway(`${gatewayFrom}Delete`),
      expects: { 'VpnGatewaySet.0.ExpiredTime': endless },
      when: given('vpc_id'),
    },
    {
      ...noTunnels(`${gatewayFrom}Delete`, [filter('vpn-gateway-id', '$id'), filter('vpc-id', '$vpc_id')]),
      when: given('vpc_id'),
    },
    { ...noTunnels(`${gatewayFrom}Delete`, [filter('vpn-gateway-id', '$id')]), when: isOnCcn },
    { from: `${gatewayFrom}Delete`, action: 'DeleteVpnGateway', arguments: { VpnGatewayId: '$id' } },
  ],
};

const peerFrom = 'vpn/resource_tc_vpn_customer_gateway.go resourceTencentCloudVpnCustomerGateway';
const thePeer: Read = {
  from: `${peerFrom}Read`,
  action: 'DescribeCustomerGateways',
  arguments: { CustomerGatewayIds: ['$id'] },
  set: 'CustomerGatewaySet',
  attributes: {
    ...{ name: 'CustomerGatewayName', public_ip_address: 'IpAddress', create_time: 'CreatedTime' },
    bgp_asn: ({ BgpAsn }, { bgp_asn: before }) => (BgpAsn === 0 ? before : BgpAsn),
  },
};

const customerGateway: Resource = {
  type: 'vpn_customer_gateway',
  configuration: { name: 'peer', public_ip_address: '198.51.100.7', tags: { site: 'office' } },
  changes: [{ name: 'peer, renamed' }, { tags: { site: 'branch' } }],
  variants: {
    'with an AS number': {
      configuration: { name: 'peer', public_ip_address: '198.51.100.8', bgp_asn: 65_001 },
      changes: [{ bgp_asn: 65_002 }],
    },
  },
  computed: ['create_time'],
  tags: { prefix: 'cgw' },
  create: [
    {
      from: `${peerFrom}Create`,
      action: 'CreateCustomerGateway',
      arguments: { CustomerGatewayName: '$name', IpAddress: '$public_ip_address', BgpAsn: '$bgp_asn' },
      keeps: { id: 'CustomerGateway.CustomerGatewayId' },
    },
    { ...thePeer, from: `${peerFrom}Create`, until: { 'CustomerGatewaySet.length': 1 } },
  ],
  read: [thePeer],
  update: [
    {
      from: `${peerFrom}Update`,
      action: 'ModifyCustomerGatewayAttribute',
      changed: ['name', 'bgp_asn'],
      arguments: { CustomerGatewayId: '$id', CustomerGatewayName: '$name', BgpAsn: '$bgp_asn' },
    },
  ],
  delete: [
    noTunnels(`${peerFrom}Delete`, [filter('customer-gateway-id', '$id')]),
    { from: `${peerFrom}Delete`, action: 'DeleteCustomerGateway', arguments: { CustomerGatewayId: '$id' } },
    { ...thePeer, from: `${peerFrom}Delete`, until: { 'CustomerGatewaySet.length': 0 } },
  ],
};

export const vpnGatewayResources = [vpnGateway, customerGateway];
