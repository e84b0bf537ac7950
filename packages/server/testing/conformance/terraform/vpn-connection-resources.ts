import { blockOf, blocks, given, ifChanged, isZero, listOf, text, type Call, type Resource } from './call-list.ts';
import type { Scope, Template } from './references.ts';

/** For tests only: what the provider does with tunnels and the routes of VPN gateways. */

const from = 'vpn/resource_tc_vpn_connection.go resourceTencentCloudVpnConnection';
const theGateway: Call = {
  from: 'vpc/service_tencentcloud_vpc.go DescribeVpngwById',
  action: 'DescribeVpnGateways',
  arguments: { VpnGatewayIds: ['$vpn_gateway_id'] },
};
const theTunnel = (where: string): Call => ({
  from: `${from}${where}`,
  action: 'DescribeVpnConnections',
  arguments: { VpnConnectionIds: ['$id'] },
});

const isByAddress = ({ ike_local_identity: identity }: Scope) => identity === 'ADDRESS';
const whenByAddress = (name: string) => (scope: Scope) => (isByAddress(scope) ? scope[name] : undefined);
const whenByName = (name: string) => (scope: Scope) => (isByAddress(scope) ? undefined : scope[name]);

const ike: Template = {
  ...{ PropoEncryAlgorithm: '$ike_proto_encry_algorithm', PropoAuthenAlgorithm: '$ike_proto_authen_algorithm' },
  ...{
    ExchangeMode: '$ike_exchange_mode',
    LocalIdentity: '$ike_local_identity',
    RemoteIdentity: '$ike_remote_identity',
  },
  ...{ LocalAddress: whenByAddress('ike_local_address'), RemoteAddress: whenByAddress('ike_remote_address') },
  ...{ LocalFqdnName: whenByName('ike_local_fqdn_name'), RemoteFqdnName: whenByName('ike_remote_fqdn_name') },
  ...{
    DhGroupName: '$ike_dh_group_name',
    IKESaLifetimeSeconds: '$ike_sa_lifetime_seconds',
    IKEVersion: '$ike_version',
  },
};
const ipsec: Template = {
  ...{ EncryptAlgorithm: '$ipsec_encrypt_algorithm', IntegrityAlgorith: '$ipsec_integrity_algorithm' },
  ...{ IPSECSaLifetimeSeconds: '$ipsec_sa_lifetime_seconds', PfsDhGroup: '$ipsec_pfs_dh_group' },
  IPSECSaLifetimeTraffic: '$ipsec_sa_lifetime_traffic',
};
const policyFields = { LocalCidrBlock: 'local_cidr_block', RemoteCidrBlock: 'remote_cidr_block' };
const policies = blocks('security_group_policy', policyFields);
const probeFields = {
  ...{ ProbeType: 'probe_type', ProbeInterval: 'probe_interval', ProbeThreshold: 'probe_threshold' },
  ProbeTimeout: 'probe_timeout',
};
const inverse = (fields: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(fields).map(([to, there]) => [there, to]));
const probes = (scope: Scope) => (blocks('health_check_config', probeFields)(scope) as unknown[] | undefined)?.[0];

const ikeNames = [
  ...['ike_proto_encry_algorithm', 'ike_proto_authen_algorithm', 'ike_exchange_mode', 'ike_local_identity'],
  ...['ike_remote_identity', 'ike_local_address', 'ike_local_fqdn_name', 'ike_remote_address', 'ike_remote_fqdn_name'],
  ...['ike_sa_lifetime_seconds', 'ike_dh_group_name', 'ike_version'],
];
const ipsecNames = [
  ...['ipsec_encrypt_algorithm', 'ipsec_integrity_algorithm', 'ipsec_sa_lifetime_seconds', 'ipsec_pfs_dh_group'],
  'ipsec_sa_lifetime_traffic',
];
const ownNames = [
  ...['name', 'pre_share_key', 'enable_health_check', 'health_check_local_ip', 'health_check_remote_ip'],
  ...['security_group_policy', 'dpd_enable', 'dpd_timeout', 'dpd_action', 'health_check_config'],
];

const common = {
  ...{ name: 'tunnel', vpc_id: '$vpc.id', vpn_gateway_id: '$gateway.id', customer_gateway_id: '$peer.id' },
  ...{ pre_share_key: 'terraforms-secret', ike_local_address: '$gateway.public_ip_address' },
  ike_remote_address: '$peer.public_ip_address',
};
const onePolicy = [{ local_cidr_block: '10.0.1.0/24', remote_cidr_block: ['192.168.1.0/24', '192.168.2.0/24'] }];

const vpnConnection: Resource = {
  type: 'vpn_connection',
  needs: {
    vpc: 'vpc',
    gateway: { resource: 'vpn_gateway', configuration: { vpc_id: '$vpc.id' } },
    peer: 'vpn_customer_gateway',
  },
  configuration: { ...common, security_group_policy: onePolicy, tags: { team: 'net' } },
  changes: [
    { name: 'tunnel, renamed' },
    { pre_share_key: 'another-secret' },
    {
      security_group_policy: [
        { local_cidr_block: '10.0.2.0/24', remote_cidr_block: ['192.168.4.0/24', '192.168.3.0/24'] },
        { local_cidr_block: '10.0.1.0/24', remote_cidr_block: ['192.168.2.0/24'] },
      ],
    },
    {
      ike_proto_encry_algorithm: 'AES-CBC-256',
      ike_proto_authen_algorithm: 'SHA-256',
      ike_dh_group_name: 'GROUP14',
      ike_version: 'IKEV2',
    },
    {
      ipsec_encrypt_algorithm: 'AES-CBC-256',
      ipsec_integrity_algorithm: 'SHA-256',
      ipsec_pfs_dh_group: 'DH-GROUP14',
      ipsec_sa_lifetime_seconds: 7200,
    },
    { dpd_enable: 1, dpd_timeout: 60, dpd_action: 'restart' },
    { tags: { team: 'core', stage: 'test' } },
  ],
  variants: {
    'by destination': { configuration: { ...common, route_type: 'StaticRoute' }, changes: [{ name: 'renamed' }] },
    'with host bits in its ranges': {
      configuration: {
        ...common,
        security_group_policy: [{ local_cidr_block: '10.0.1.7/24', remote_cidr_block: ['192.168.1.9/24'] }],
      },
      changes: [
        { security_group_policy: [{ local_cidr_block: '10.0.1.8/24', remote_cidr_block: ['192.168.1.9/24'] }] },
      ],
    },
    // The provider's own example; it reads no policies back then.
    'by destination, with policies': {
      configuration: { ...common, route_type: 'StaticRoute', security_group_policy: onePolicy },
      changes: [{ name: 'renamed' }],
    },
    'by destination, with a health check': {
      configuration: {
        ...{ ...common, route_type: 'StaticRoute', negotiation_type: 'active', dpd_enable: 1, dpd_timeout: 30 },
        ...{ dpd_action: 'clear', enable_health_check: true },
        ...{ health_check_local_ip: '169.254.10.1', health_check_remote_ip: '169.254.10.2' },
        health_check_config: [{ probe_type: 'NQA', probe_interval: 5000, probe_threshold: 3, probe_timeout: 150 }],
      },
      changes: [
        { health_check_config: [{ probe_type: 'NQA', probe_interval: 2000, probe_threshold: 4, probe_timeout: 200 }] },
        { health_check_local_ip: '169.254.11.1', health_check_remote_ip: '169.254.11.2' },
        { enable_health_check: false },
      ],
    },
    'by names': {
      configuration: {
        ...{ ...common, ike_local_address: null, ike_remote_address: null, security_group_policy: onePolicy },
        ...{ ike_local_identity: 'FQDN', ike_local_fqdn_name: 'cloud.example', ike_exchange_mode: 'AGGRESSIVE' },
        ...{ ike_remote_identity: 'FQDN', ike_remote_fqdn_name: 'office.example' },
      },
      changes: [{ ike_remote_fqdn_name: 'branch.example' }],
    },
  },
  defaults: {
    ...{ ike_proto_encry_algorithm: '3DES-CBC', ike_proto_authen_algorithm: 'MD5', ike_exchange_mode: 'MAIN' },
    ...{ ike_local_identity: 'ADDRESS', ike_remote_identity: 'ADDRESS', ike_dh_group_name: 'GROUP1' },
    ...{ ike_sa_lifetime_seconds: 86_400, ike_version: 'IKEV1', ipsec_encrypt_algorithm: '3DES-CBC' },
    ...{ ipsec_integrity_algorithm: 'MD5', ipsec_sa_lifetime_seconds: 3600, ipsec_pfs_dh_group: 'NULL' },
    ipsec_sa_lifetime_traffic: 1_843_200,
  },
  computed: [
    ...['ike_local_fqdn_name', 'ike_remote_fqdn_name', 'dpd_enable', 'dpd_timeout', 'dpd_action', 'create_time'],
    ...['vpn_proto', 'encrypt_proto', 'route_type', 'negotiation_type', 'bgp_config', 'health_check_config', 'state'],
    ...['net_status', 'enable_health_check', 'health_check_local_ip', 'health_check_remote_ip'],
  ],
  sets: ['security_group_policy'],
  tags: { prefix: 'vpnx' },
  create: [
    { ...theGateway, expects: { 'VpnGatewaySet.length': 1 }, keeps: { _type: 'VpnGatewaySet.0.Type' } },
    {
      from: `${from}Create`,
      action: 'CreateVpnConnection',
      arguments: {
        ...{ VpnConnectionName: '$name', VpnGatewayId: '$vpn_gateway_id', CustomerGatewayId: '$customer_gateway_id' },
        VpcId: (scope) => (scope['_type'] === 'CCN' ? '' : scope['vpc_id']),
        ...{ PreShareKey: '$pre_share_key', DpdEnable: given('dpd_enable'), DpdAction: given('dpd_action') },
        ...{ DpdTimeout: text('dpd_timeout'), RouteType: given('route_type') },
        ...{ NegotiationType: given('negotiation_type'), SecurityPolicyDatabases: policies },
        ...{ IKEOptionsSpecification: ike, IPSECOptionsSpecification: ipsec },
        ...{ EnableHealthCheck: given('enable_health_check'), HealthCheckConfig: probes },
        ...{ HealthCheckLocalIp: given('health_check_local_ip'), HealthCheckRemoteIp: given('health_check_remote_ip') },
      },
      keeps: { id: 'VpnConnection.VpnConnectionId' },
    },
    {
      ...theTunnel('Create'),
      until: { 'VpnConnectionSet.length': 1, 'VpnConnectionSet.0.State': 'AVAILABLE' },
    },
  ],
  read: [
    {
      ...theGateway,
      set: 'VpnGatewaySet',
      dereferences: ['Type'],
      attributes: { _type: 'Type' },
    },
    {
      ...theTunnel('Read'),
      set: 'VpnConnectionSet',
      dereferences: [
        ...[
          'VpnConnectionName',
          'CreatedTime',
          'VpnGatewayId',
          'CustomerGatewayId',
          'PreShareKey',
          'RouteType',
          'VpcId',
        ],
        ...['State', 'NetStatus', 'VpnProto', 'EncryptProto', 'EnableHealthCheck', 'HealthCheckLocalIp', 'DpdEnable'],
        ...['HealthCheckRemoteIp', 'DpdTimeout', 'DpdAction', 'IPSECOptionsSpecification.EncryptAlgorithm'],
        ...['IPSECOptionsSpecification.IntegrityAlgorith', 'IPSECOptionsSpecification.IPSECSaLifetimeSeconds'],
        ...['IPSECOptionsSpecification.PfsDhGroup', 'IPSECOptionsSpecification.IPSECSaLifetimeTraffic'],
        ...[
          'PropoEncryAlgorithm',
          'PropoAuthenAlgorithm',
          'ExchangeMode',
          'LocalIdentity',
          'RemoteIdentity',
          'DhGroupName',
        ].map((name) => `IKEOptionsSpecification.${name}`),
        ...['IKESaLifetimeSeconds', 'IKEVersion'].map((name) => `IKEOptionsSpecification.${name}`),
        // Of the data source only.
        ...['LocalAddress', 'RemoteAddress', 'LocalFqdnName', 'RemoteFqdnName'].map(
          (name) => `IKEOptionsSpecification.${name}`,
        ),
      ],
      attributes: {
        ...{ name: 'VpnConnectionName', create_time: 'CreatedTime', vpn_gateway_id: 'VpnGatewayId' },
        vpc_id: ({ VpcId }, { _type, vpc_id: before }) => (_type === 'CCN' ? before : VpcId),
        ...{ customer_gateway_id: 'CustomerGatewayId', pre_share_key: 'PreShareKey' },
        security_group_policy: (object, scope) =>
          ['StaticRoute', 'BGP'].includes(object['RouteType'] as string)
            ? scope['security_group_policy']
            : (listOf('SecurityPolicyDatabaseSet', inverse(policyFields)) as (object: Scope, scope: Scope) => unknown)(
                object,
                scope,
              ),
        ...{ ike_proto_encry_algorithm: 'IKEOptionsSpecification.PropoEncryAlgorithm' },
        ...{ ike_proto_authen_algorithm: 'IKEOptionsSpecification.PropoAuthenAlgorithm' },
        ...{ ike_exchange_mode: 'IKEOptionsSpecification.ExchangeMode' },
        ...{ ike_local_identity: 'IKEOptionsSpecification.LocalIdentity' },
        ...{ ike_remote_identity: 'IKEOptionsSpecification.RemoteIdentity' },
        ...{ ike_local_address: 'IKEOptionsSpecification.LocalAddress' },
        ...{ ike_remote_address: 'IKEOptionsSpecification.RemoteAddress' },
        ...{ ike_local_fqdn_name: 'IKEOptionsSpecification.LocalFqdnName' },
        ...{ ike_remote_fqdn_name: 'IKEOptionsSpecification.RemoteFqdnName' },
        ...{
          ike_dh_group_name: 'IKEOptionsSpecification.DhGroupName',
          ike_version: 'IKEOptionsSpecification.IKEVersion',
        },
        ...{ ike_sa_lifetime_seconds: 'IKEOptionsSpecification.IKESaLifetimeSeconds' },
        ...{ ipsec_encrypt_algorithm: 'IPSECOptionsSpecification.EncryptAlgorithm' },
        ...{ ipsec_integrity_algorithm: 'IPSECOptionsSpecification.IntegrityAlgorith' },
        ...{ ipsec_sa_lifetime_seconds: 'IPSECOptionsSpecification.IPSECSaLifetimeSeconds' },
        ...{ ipsec_pfs_dh_group: 'IPSECOptionsSpecification.PfsDhGroup' },
        ...{ ipsec_sa_lifetime_traffic: 'IPSECOptionsSpecification.IPSECSaLifetimeTraffic' },
        ...{ state: 'State', net_status: 'NetStatus', vpn_proto: 'VpnProto', encrypt_proto: 'EncryptProto' },
        ...{ route_type: 'RouteType', enable_health_check: 'EnableHealthCheck', negotiation_type: 'NegotiationType' },
        ...{ health_check_local_ip: 'HealthCheckLocalIp', health_check_remote_ip: 'HealthCheckRemoteIp' },
        ...{ dpd_enable: 'DpdEnable', dpd_action: 'DpdAction', bgp_config: 'BgpConfig' },
        dpd_timeout: ({ DpdTimeout }) => (DpdTimeout === '' ? undefined : Number(DpdTimeout)),
        health_check_config: (object, scope) =>
          isZero(object['HealthCheckConfig'])
            ? undefined
            : (blockOf('HealthCheckConfig', inverse(probeFields)) as (object: Scope, scope: Scope) => unknown)(
                object,
                scope,
              ),
      },
    },
  ],
  update: [
    {
      from: `${from}Update`,
      action: 'ModifyVpnConnectionAttribute',
      changed: [...ownNames, ...ikeNames, ...ipsecNames],
      arguments: {
        VpnConnectionId: '$id',
        ...{
          VpnConnectionName: ifChanged(['name'], '$name'),
          PreShareKey: ifChanged(['pre_share_key'], '$pre_share_key'),
        },
        EnableHealthCheck: ifChanged(['enable_health_check'], '$enable_health_check'),
        HealthCheckLocalIp: ifChanged(['health_check_local_ip'], '$health_check_local_ip'),
        HealthCheckRemoteIp: ifChanged(['health_check_remote_ip'], '$health_check_remote_ip'),
        SecurityPolicyDatabases: ifChanged(['security_group_policy'], policies),
        DpdEnable: ifChanged(['dpd_enable'], '$dpd_enable'),
        DpdTimeout: ifChanged(['dpd_timeout'], text('dpd_timeout')),
        DpdAction: ifChanged(['dpd_action'], '$dpd_action'),
        IKEOptionsSpecification: ifChanged(ikeNames, ike),
        IPSECOptionsSpecification: ifChanged(ipsecNames, ipsec),
        HealthCheckConfig: ifChanged(['health_check_config'], probes),
      },
    },
  ],
  delete: [
    {
      from: `${from}Delete`,
      action: 'DeleteVpnConnection',
      arguments: { VpnConnectionId: '$id', VpnGatewayId: '$vpn_gateway_id' },
    },
    { ...theTunnel('Delete'), until: { 'VpnConnectionSet.length': 0 } },
  ],
};

/** On a gateway of a CCN, which has no VPC. */
export const tunnelOnCcn: Resource = {
  ...vpnConnection,
  needs: {
    gateway: { resource: 'vpn_gateway', configuration: { vpc_id: null, type: 'CCN' } },
    peer: 'vpn_customer_gateway',
  },
  configuration: { ...common, vpc_id: null, security_group_policy: onePolicy },
  changes: [{ name: 'renamed' }],
};

const needsTunnel = {
  ...vpnConnection.needs,
  tunnel: { resource: 'vpn_connection', configuration: { route_type: 'StaticRoute', security_group_policy: null } },
};

const connectionReset: Resource = {
  type: 'vpn_connection_reset',
  needs: needsTunnel,
  configuration: { vpn_gateway_id: '$gateway.id', vpn_connection_id: '$tunnel.id' },
  create: [
    {
      from: 'vpn/resource_tc_vpn_connection_reset.go resourceTencentCloudVpnConnectionResetCreate',
      action: 'ResetVpnConnection',
      arguments: { VpnGatewayId: '$vpn_gateway_id', VpnConnectionId: '$vpn_connection_id' },
    },
  ],
  read: [],
  delete: [],
  remains: true,
};

const configurationDownload: Resource = {
  type: 'vpn_customer_gateway_configuration_download',
  needs: needsTunnel,
  looks: [
    {
      from: 'vpc/service_tencentcloud_vpc.go DescribeVpnCustomerGatewayVendors',
      action: 'DescribeCustomerGatewayVendors',
      arguments: {},
      keeps: { vendor: 'CustomerGatewayVendorSet.0' },
    },
  ],
  configuration: {
    ...{ vpn_gateway_id: '$gateway.id', vpn_connection_id: '$tunnel.id', interface_name: 'eth1' },
    customer_gateway_vendor: [
      { vendor_name: '$vendor.VendorName', platform: '$vendor.Platform', software_version: '$vendor.SoftwareVersion' },
    ],
  },
  create: [
    {
      from: 'vpn/resource_tc_vpn_customer_gateway_configuration_download.go resourceTencentCloudVpnCustomerGatewayConfigurationDownloadCreate',
      action: 'DownloadCustomerGatewayConfiguration',
      arguments: {
        ...{ VpnGatewayId: '$vpn_gateway_id', VpnConnectionId: '$vpn_connection_id', InterfaceName: '$interface_name' },
        CustomerGatewayVendor: {
          Platform: '$customer_gateway_vendor.0.platform',
          SoftwareVersion: '$customer_gateway_vendor.0.software_version',
          VendorName: '$customer_gateway_vendor.0.vendor_name',
        },
      },
      keeps: { customer_gateway_configuration: 'CustomerGatewayConfiguration' },
    },
  ],
  read: [],
  delete: [],
  remains: true,
};

const gatewayRoutes = 'vpc/service_tencentcloud_vpc.go';
const gatewayRoute: Resource = {
  type: 'vpn_gateway_route',
  needs: needsTunnel,
  configuration: {
    ...{ vpn_gateway_id: '$gateway.id', destination_cidr_block: '192.168.5.0/24', instance_type: 'VPNCONN' },
    ...{ instance_id: '$tunnel.id', priority: 100, status: 'DISABLE' },
  },
  changes: [{ status: 'ENABLE' }, { status: 'DISABLE' }],
  computed: ['route_id', 'type', 'create_time', 'update_time'],
  create: [
    {
      from: `${gatewayRoutes} CreateVpnGatewayRoute`,
      action: 'CreateVpnGatewayRoutes',
      arguments: {
        VpnGatewayId: '$vpn_gateway_id',
        Routes: [
          {
            ...{ DestinationCidrBlock: '$destination_cidr_block', InstanceType: '$instance_type' },
            ...{ InstanceId: '$instance_id', Priority: '$priority', Status: '$status', Type: given('type') },
          },
        ],
      },
      keeps: { id: 'Routes.0.RouteId' },
    },
  ],
  read: [
    {
      from: `${gatewayRoutes} DescribeVpnGatewayRoutes`,
      action: 'DescribeVpnGatewayRoutes',
      arguments: { VpnGatewayId: '$vpn_gateway_id', Offset: 0, Limit: 100 },
      set: 'Routes',
      where: { RouteId: '$id' },
      attributes: {
        ...{ destination_cidr_block: 'DestinationCidrBlock', instance_type: 'InstanceType', instance_id: 'InstanceId' },
        ...{ priority: 'Priority', status: 'Status', route_id: 'RouteId', type: 'Type' },
        ...{ create_time: 'CreateTime', update_time: 'UpdateTime' },
      },
    },
  ],
  update: [
    {
      from: `${gatewayRoutes} ModifyVpnGatewayRoute`,
      action: 'ModifyVpnGatewayRoutes',
      changed: ['status'],
      arguments: { VpnGatewayId: '$vpn_gateway_id', Routes: [{ RouteId: '$id', Status: '$status' }] },
      expects: { 'Routes.length': 1 },
    },
  ],
  delete: [
    {
      from: `${gatewayRoutes} DeleteVpnGatewayRoutes`,
      action: 'DeleteVpnGatewayRoutes',
      arguments: { VpnGatewayId: '$vpn_gateway_id', RouteIds: ['$id'] },
    },
  ],
};

const theCcnRoutes: Call = {
  from: `${gatewayRoutes} DescribeVpcVpnGatewayCcnRoutesById`,
  action: 'DescribeVpnGatewayCcnRoutes',
  arguments: { VpnGatewayId: '$gateway.id' },
};
const modifyCcnRoute: Call = {
  from: 'vpn/resource_tc_vpn_gateway_ccn_routes.go resourceTencentCloudVpnGatewayCcnRoutesUpdate',
  action: 'ModifyVpnGatewayCcnRoutes',
  arguments: {
    VpnGatewayId: '$vpn_gateway_id',
    Routes: [{ RouteId: '$route_id', Status: '$status', DestinationCidrBlock: '$destination_cidr_block' }],
  },
};
const gatewayCcnRoutes: Resource = {
  type: 'vpn_gateway_ccn_routes',
  needs: {
    gateway: { resource: 'vpn_gateway', configuration: { vpc_id: null, type: 'CCN' } },
    ...{ ccn: 'ccn', peer: 'vpn_customer_gateway' },
    attachment: {
      resource: 'ccn_attachment_v2',
      configuration: { instance_id: '$gateway.id', instance_type: 'VPNGW' },
    },
    // What its policies say is what the gateway publishes.
    tunnel: { resource: 'vpn_connection', configuration: { vpc_id: null } },
  },
  looks: [{ ...theCcnRoutes, keeps: { found: 'RouteSet.0' } }],
  configuration: {
    ...{ vpn_gateway_id: '$gateway.id', route_id: '$found.RouteId', status: 'DISABLE' },
    destination_cidr_block: '$found.DestinationCidrBlock',
  },
  changes: [{ status: 'ENABLE' }],
  create: [modifyCcnRoute],
  read: [
    {
      ...theCcnRoutes,
      set: 'RouteSet',
      where: { RouteId: '$route_id' },
      attributes: { route_id: 'RouteId', status: 'Status', destination_cidr_block: 'DestinationCidrBlock' },
    },
  ],
  update: [{ ...modifyCcnRoute, changed: ['status'] }],
  delete: [],
  remains: true,
};

export const vpnConnectionResources = [
  vpnConnection,
  connectionReset,
  configurationDownload,
  gatewayRoute,
  gatewayCcnRoutes,
];
