import { parseCidr, parseIpAddress } from '@landbridge/net';
import type { NetworkRows } from './image-of.ts';
import type { VpcId } from '../src/domain/resource-id.ts';
import type { SubnetInterface } from '../src/domain/vpc/subnet.ts';
import type { Uplink } from '../src/domain/operator/uplink.ts';
import type { SecurityPolicyEntry, VpnConnection } from '../src/domain/vpn/vpn-connection.ts';
import type { VpnGatewayRoute } from '../src/domain/vpn/vpn-gateway-route.ts';

/** A small network for tests: one VPC of two subnets, one gateway, and the tunnels and routes given. */
export const sampleUplink: Uplink = {
  mode: 'routed',
  interface: 'uplink',
  addresses: [parseCidr('203.0.113.128/26')],
  pathMtu: 1500,
};

const owned = { accountId: 'admin', region: 'local', createdAt: 0 };

export function sampleConnection(
  number: number,
  policies: readonly SecurityPolicyEntry[] = [],
  changes: Partial<VpnConnection> = {},
): VpnConnection {
  return {
    ...owned,
    id: `vpnx-tunnel0${number}`,
    name: `tunnel ${number}`,
    vpnGatewayId: 'vpngw-gateway1',
    customerGatewayId: `cgw-device0${number}`,
    vpcId: 'vpc-network1',
    ifId: number,
    routeType: policies.length > 0 ? 'spd' : 'route',
    mode: policies.length > 0 ? 'spd' : 'route',
    policies,
    writtenPolicies: null,
    negotiation: 'active',
    ike: {
      version: 2,
      encryption: 'aes256gcm16',
      integrity: 'sha256',
      dhGroup: 19,
      aggressive: false,
      lifetimeSeconds: 86400,
      localIdentity: { kind: 'address', value: null },
      remoteIdentity: { kind: 'address', value: null },
    },
    esp: {
      encryption: 'aes256gcm16',
      integrity: 'sha256',
      pfsGroup: 19,
      lifetimeSeconds: 14400,
      lifetimeKilobytes: 4096000000,
    },
    dpd: { enabled: true, timeoutSeconds: 30, action: 'restart' },
    healthCheck: {
      enabled: false,
      localAddress: null,
      remoteAddress: null,
      intervalMs: 5000,
      threshold: 3,
      timeoutMs: 150,
    },
    epoch: 0,
    generation: 1,
    tags: [],
    ...changes,
  };
}

export function sampleGatewayRoute(
  destination: string,
  tunnel: number,
  changes: Partial<VpnGatewayRoute> = {},
): VpnGatewayRoute {
  return {
    ...owned,
    id: `vpnr-${destination}-${tunnel}-${changes.priority ?? 0}`,
    vpnGatewayId: 'vpngw-gateway1',
    destination: parseCidr(destination),
    nextHop: { kind: 'vpn-connection', id: `vpnx-tunnel0${tunnel}` },
    priority: 0,
    enabled: true,
    description: '',
    updatedAt: 0,
    ...changes,
  };
}

const noCcns = {
  ...{ ccns: [], ccnAttachments: [], ccnRouteChoices: [], ccnRangeChoices: [], ccnBandwidthLimits: [] },
  ...{ ccnRouteTables: [], ccnRoutePolicyLists: [], ccnSelectionPolicies: [] },
  ...{ directConnectGateways: [], directConnectRanges: [], directConnectLines: [] },
};

export function sampleNetwork(
  vpnConnections: readonly VpnConnection[],
  vpnGatewayRoutes: readonly VpnGatewayRoute[] = [],
  vpcRouteDestinations: readonly string[] = [],
): NetworkRows {
  const vpcId = 'vpc-network1';
  const subnet = (letter: string, cidr: string) => ({
    ...owned,
    id: `subnet-subnet0${letter}` as const,
    vpcId: vpcId as typeof vpcId,
    name: letter,
    cidr: parseCidr(cidr),
    zone: 'local-1',
    routeTableId: 'rtb-default1' as const,
    enableBroadcast: false,
    tags: [],
  });
  return {
    vpcs: [
      {
        ...owned,
        id: vpcId,
        name: 'network',
        cidr: parseCidr('10.0.0.0/16'),
        isDefault: false,
        enableMulticast: false,
        dnsServers: [],
        domainName: '',
        publishVpcCidr: false,
        publishVpcCidrIpv6: false,
        secondaryRanges: [],
        tags: [],
      },
    ],
    subnets: [subnet('a', '10.0.1.0/24'), subnet('b', '10.0.2.0/24')],
    subnetInterfaces: sampleInterfaces(vpcId),
    routeTables: [{ ...owned, id: 'rtb-default1', vpcId, name: 'default', isMain: true, tags: [] }],
    vpcRoutes: vpcRouteDestinations.map((destination, index) => ({
      ...owned,
      id: `rti-route00${index}` as const,
      routeId: index + 1,
      routeTableId: 'rtb-default1' as const,
      vpcId: vpcId,
      destination: parseCidr(destination),
      nextHop: { kind: 'vpn-gateway', id: 'vpngw-gateway1' },
      description: '',
      enabled: true,
    })),
    vpnGateways: [
      {
        ...owned,
        id: 'vpngw-gateway1',
        name: 'gateway',
        kind: 'vpc',
        vpcId,
        bandwidthMbps: 100,
        publicAddress: parseIpAddress('203.0.113.128'),
        zone: 'local-1',
        prepaid: false,
        renewFlag: 'auto-renew',
        bgpAsn: null,
        checksSources: true,
        maxConnections: null,
        tags: [],
      },
    ],
    customerGateways: vpnConnections.map(({ customerGatewayId, ifId }) => ({
      ...owned,
      id: customerGatewayId,
      name: 'device',
      address: parseIpAddress(`203.0.113.${10 + ifId}`),
      bgpAsn: null,
      tags: [],
    })),
    vpnConnections,
    vpnGatewayRoutes,
    ...noCcns,
  };
}

function sampleInterfaces(vpcId: VpcId): SubnetInterface[] {
  const common = { accountId: 'admin', vpcId, interfaceName: 'eth1', createdAt: 0 };
  return [
    { ...common, subnetId: 'subnet-subnet0a', vlanId: null },
    { ...common, subnetId: 'subnet-subnet0b', vlanId: 100 },
  ];
}
