import { Type, type Static, type TProperties, type TSchema } from 'typebox';
import { limitRequest } from '@landbridge/catalogue/ccn/ccn-bandwidth-limits';
import { conditionRequest, inputPolicyRequest } from '@landbridge/catalogue/ccn/ccn-route-policies';
import { ccnActions } from '@landbridge/catalogue/ccn/ccns';
import { directConnectLineActions } from '@landbridge/catalogue/direct-connect/direct-connect-lines';
import { directConnectGatewayActions } from '@landbridge/catalogue/direct-connect/direct-connect-gateways';
import { givenRange } from '@landbridge/catalogue/direct-connect/direct-connect-ranges';
import { about } from '@landbridge/catalogue/schema/about';
import { list, maybe, regionName, text } from '@landbridge/catalogue/schema/request-schemas';
import { subnetInterfaceActions } from '@landbridge/catalogue/vpc/subnet-interfaces';
import { subnetActions } from '@landbridge/catalogue/vpc/subnets';
import { newRoute } from '@landbridge/catalogue/vpc/vpc-routes';
import { vpcActions } from '@landbridge/catalogue/vpc/vpcs';
import { customerGatewayActions } from '@landbridge/catalogue/vpn/customer-gateways';
import { espRequest, ikeRequest } from '@landbridge/catalogue/vpn/negotiation';
import { sourceCheckActions } from '@landbridge/catalogue/vpn/source-checks';
import { vpnConnectionActions } from '@landbridge/catalogue/vpn/vpn-connections';
import { newVpnGatewayRoute } from '@landbridge/catalogue/vpn/vpn-gateway-routes';
import { vpnGatewayActions } from '@landbridge/catalogue/vpn/vpn-gateways';

/**
 * The site file (docs/site-file.md). What a field may hold is what the Action that it goes into takes; the table
 * `wireNames` says which of our fields is which of the API's.
 */

const vpc = vpcActions.CreateVpc.request.properties;
const vpnGateway = vpnGatewayActions.CreateVpnGateway.request.properties;
const customerGateway = customerGatewayActions.CreateCustomerGateway.request.properties;
const tunnel = vpnConnectionActions.CreateVpnConnection.request.properties;
const ccn = ccnActions.CreateCcn.request.properties;
const changedCcn = ccnActions.ModifyCcnAttribute.request.properties;
const line = directConnectLineActions.AttachDirectConnectInterface.request.properties;
const vxlan = directConnectLineActions.AttachDirectConnectVxlan.request.properties;
const cable = subnetInterfaceActions.AttachSubnetInterface.request.properties;

const block = <P extends TProperties>(properties: P) => Type.Object(properties, { additionalProperties: false });
/** Names of objects are keys, so that no two are alike. */
const named = <S extends TSchema>(schema: S) => maybe(Type.Record(Type.String({ pattern: '^[^/]+$' }), schema));
const some = <S extends TSchema>(schema: S) => maybe(list(schema, 1000));
const range = () =>
  Type.String({ pattern: '^\\d+(\\.\\d+){3}/\\d+$', means: 'a range such as 10.0.0.0/16 is expected' });
const nameOf = (what: string) => about(text({ minLength: 1 }), `The name of ${what} of this file.`);

/** Our field → the API's, of fields that are the same but for their names. */
export const wireNames = {
  ike: {
    version: 'IKEVersion',
    encryption: 'PropoEncryAlgorithm',
    integrity: 'PropoAuthenAlgorithm',
    dhGroup: 'DhGroupName',
    lifetimeSeconds: 'IKESaLifetimeSeconds',
    exchangeMode: 'ExchangeMode',
    localIdentity: 'LocalIdentity',
    localAddress: 'LocalAddress',
    localName: 'LocalFqdnName',
    remoteIdentity: 'RemoteIdentity',
    remoteAddress: 'RemoteAddress',
    remoteName: 'RemoteFqdnName',
  },
  ipsec: {
    encryption: 'EncryptAlgorithm',
    integrity: 'IntegrityAlgorithm',
    pfsGroup: 'PfsDhGroup',
    lifetimeSeconds: 'IPSECSaLifetimeSeconds',
    lifetimeKilobytes: 'IPSECSaLifetimeTraffic',
  },
  probe: { intervalMs: 'ProbeInterval', threshold: 'ProbeThreshold', timeoutMs: 'ProbeTimeout' },
  vxlan: {
    vni: 'Vni',
    remoteAddress: 'RemoteAddress',
    underlayAddress: 'UnderlayAddress',
    port: 'Port',
    underlayMtu: 'UnderlayMtu',
  },
} as const;

/** Schemas by our names, as the API has them by its own; none is needed. */
function byOurNames<Names extends Readonly<Record<string, string>>>(names: Names, properties: TProperties) {
  const entries = Object.entries(names).map(([ours, wire]) => [ours, maybe(properties[wire] ?? Type.Never())]);
  return Object.fromEntries(entries) as { [Name in keyof Names]: TSchema };
}

const vpcRoutes = () =>
  some(
    block({
      to: about(range(), 'The destination, outside the VPC.'),
      via: about(text(), 'The next hop: a VPN gateway, or a Direct Connect gateway, of this file.'),
      enabled: newRoute.properties.Enabled,
      description: newRoute.properties.RouteDescription,
    }),
  );

const subnetBlock = block({
  cidr: subnetActions.CreateSubnet.request.properties.CidrBlock,
  zone: maybe(about(text({ minLength: 1, maxLength: 60 }), 'A name of your own choice; local-1 unless given.')),
  routeTable: maybe(nameOf('a route table of the VPC; its default one unless given')),
  interfaces: some(
    block({
      interface: cable.InterfaceName,
      vlan: cable.VlanId,
      force: cable.Force,
    }),
  ),
});

const vpcBlock = block({
  cidr: vpc.CidrBlock,
  secondaryCidrs: some(range()),
  dnsServers: vpc.DnsServers,
  domainName: vpc.DomainName,
  publishWholeRange: vpc.EnableRouteVpcPublish,
  subnets: named(subnetBlock),
  routes: vpcRoutes(),
  routeTables: named(block({ routes: vpcRoutes() })),
});

const keyReference = () =>
  about(
    Type.String({
      pattern: '^(file|env|generate):.+$',
      means: 'file:PATH, env:NAME or generate:PATH is expected, never the key itself',
    }),
    'Where the key is: `file:PATH` (beside this file), `env:NAME`, or `generate:PATH`: made there, for its owner only, when it is not. Left out: as it is.',
  );

const tunnelBlock = block({
  customerGateway: nameOf('a customer gateway'),
  mode: about(
    Type.Unsafe<'route' | 'spd'>({ type: 'string', enum: ['route', 'spd'] }),
    '`route`: the routes of the gateway decide; `spd`: `policies` do.',
  ),
  policies: some(block({ local: range(), remote: list(range(), 1000) })),
  preSharedKey: maybe(keyReference()),
  ike: maybe(block(byOurNames(wireNames.ike, ikeRequest.properties))),
  ipsec: maybe(block(byOurNames(wireNames.ipsec, espRequest.properties))),
  initiation: tunnel.NegotiationType,
  dpd: maybe(
    block({
      enabled: maybe(Type.Boolean()),
      timeoutSeconds: maybe(Type.Integer({ minimum: 5, maximum: 3600 })),
      action: tunnel.DpdAction,
    }),
  ),
  healthCheck: maybe(
    block({
      enabled: tunnel.EnableHealthCheck,
      localAddress: tunnel.HealthCheckLocalIp,
      remoteAddress: tunnel.HealthCheckRemoteIp,
      ...byOurNames(wireNames.probe, tunnel.HealthCheckConfig.properties),
    }),
  ),
});

const vpnGatewayBlock = block({
  vpc: maybe(nameOf('its VPC; without one it is a gateway for CCNs')),
  bandwidthMbps: maybe(
    about(
      vpnGateway.InternetMaxBandwidthOut,
      'Mbit/s that it sends at most; 100 for a new one. It stays in its class: 5-100, 200-1000, 3000.',
    ),
  ),
  asn: vpnGateway.BgpAsn,
  sourceCheck: maybe(sourceCheckActions.ModifyVpnGatewaySourceCheck.request.properties.SourceCheck),
  tunnels: named(tunnelBlock),
  routes: some(
    block({
      to: about(range(), 'The destination.'),
      via: about(text(), 'The next hop: a tunnel of the gateway, or the CCN that it is attached to.'),
      priority: maybe(
        about(newVpnGatewayRoute.properties.Priority, '0, which comes first, unless given; 100 stands by.'),
      ),
      enabled: maybe(about(Type.Boolean(), 'True unless given.')),
      description: newVpnGatewayRoute.properties.Description,
    }),
  ),
  announces: maybe(about(list(range(), 1000), 'Ranges behind SPD tunnels that its CCN hears of.')),
});

const directConnectGatewayBlock = block({
  vpc: maybe(nameOf('its VPC; without one it is a gateway for CCNs')),
  asn: directConnectGatewayActions.CreateDirectConnectGateway.request.properties.GatewayAsn,
  ranges: some(
    block({ cidr: givenRange.properties.DestinationCidrBlock, description: givenRange.properties.Description }),
  ),
  line: maybe(
    block({
      interface: maybe(line.InterfaceName),
      vlan: line.VlanId,
      force: line.Force,
      vxlan: maybe(
        block({ ...byOurNames(wireNames.vxlan, vxlan), vni: vxlan.Vni, remoteAddress: vxlan.RemoteAddress }),
      ),
      localAddress: line.LocalAddress,
      peerAddress: line.PeerAddress,
    }),
  ),
});

const instanceName = () =>
  about(
    Type.String({
      pattern: '^(vpc|vpnGateway|directConnectGateway)/.+$',
      means: 'vpc/NAME, vpnGateway/NAME or directConnectGateway/NAME is expected',
    }),
    '`vpc/NAME`, `vpnGateway/NAME` or `directConnectGateway/NAME`.',
  );

const conditions = () =>
  some(
    block({
      name: conditionRequest.properties.Name,
      values: about(conditionRequest.properties.Values, 'Any of these; for instance-id as `vpc/NAME` and the like.'),
      exact: maybe(about(Type.Boolean(), 'False: of cidr-block, also ranges inside. True unless given.')),
    }),
  );
const policy = {
  action: inputPolicyRequest.properties.Action,
  description: maybe(inputPolicyRequest.properties.Description),
  routes: conditions(),
};
const tablePolicies = {
  accepts: maybe(about(list(block(policy), 1000), 'Which routes enter; the first that applies decides.')),
  tells: maybe(about(list(block({ ...policy, to: conditions() }), 1000), 'Which routes are announced to whom.')),
};

const ccnBlock = block({
  description: ccn.CcnDescription,
  bandwidthLimitType: ccn.BandwidthLimitType,
  ecmp: changedCcn.RouteECMPFlag,
  ...tablePolicies,
  routeTables: named(block({ description: ccn.CcnDescription, ...tablePolicies })),
  instances: some(
    block({
      instance: instanceName(),
      routeTable: maybe(nameOf('a route table of the CCN; its default one unless given')),
      description: ccn.CcnDescription,
    }),
  ),
  selection: some(
    block({
      instance: instanceName(),
      source: about(range(), 'Of the packets.'),
      routeTable: nameOf('the route table of the CCN that they use'),
      description: ccn.CcnDescription,
    }),
  ),
  bandwidthLimits: some(
    block({
      region: limitRequest.properties.Region,
      toRegion: maybe(about(regionName(), 'The other region, with INTER_REGION_LIMIT.')),
      mbps: about(Type.Integer({ minimum: 1 }), 'Mbit/s.'),
    }),
  ),
});

export const siteSchema = block({
  site: about(
    Type.String({
      pattern: '^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$',
      means: '1 to 63 letters, digits, `.`, `_` and `-` are expected',
    }),
    'What the objects of this file are marked with, by the tag `landbridge:site`.',
  ),
  region: maybe(regionName()),
  vpcs: named(vpcBlock),
  customerGateways: named(block({ address: customerGateway.IpAddress, asn: customerGateway.BgpAsn })),
  vpnGateways: named(vpnGatewayBlock),
  directConnectGateways: named(directConnectGatewayBlock),
  ccns: named(ccnBlock),
});

export type Site = Static<typeof siteSchema>;
