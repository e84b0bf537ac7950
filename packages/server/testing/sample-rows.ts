import { parseCidr, parseIpAddress } from '@landbridge/net';
import type { AllRows } from '../src/image/tables.ts';
import { unboundedTerms } from '../src/domain/operator/account.ts';
import { sampleConnection, sampleGatewayRoute, sampleNetwork } from './sample-network.ts';

const admin = { accountId: 'admin', region: 'local', createdAt: 1 };
const tenant = { accountId: 'tenant', region: 'north', createdAt: 2 };
const tags = [{ key: 'a key', value: 'value ü "\'\\' }];
const vpc = { kind: 'vpc', id: 'vpc-network1' } as const;
const gateway = { kind: 'vpn-gateway', id: 'vpngw-gateway2' } as const;
const line = { kind: 'direct-connect-gateway', id: 'dcg-ofccn001' } as const;
const [narrow, wide] = [parseCidr('10.0.1.0/24'), parseCidr('2001:db8::/32')];
const address = parseIpAddress('203.0.113.11');

const network = sampleNetwork(
  [
    sampleConnection(1, [], { writtenPolicies: [{ local: '0.0.0.0/0', remotes: ['10.0.0.0/0'] }], tags }),
    sampleConnection(2, [{ local: narrow, remotes: [parseCidr('192.168.2.0/24'), parseCidr('192.168.3.0/24')] }], {
      routeType: 'either',
      negotiation: 'on-traffic',
    }),
    sampleConnection(3, [], { vpnGatewayId: gateway.id, vpcId: null, ifId: 1, customerGatewayId: 'cgw-device01' }),
  ],
  [
    sampleGatewayRoute('192.168.1.0/24', 1),
    sampleGatewayRoute('192.168.1.0/24', 1, { priority: 100, enabled: false, description: 'text' }),
    sampleGatewayRoute('192.168.9.0/24', 3, {
      vpnGatewayId: gateway.id,
      nextHop: { kind: 'ccn', id: 'ccn-network1' },
    }),
  ],
  ['192.168.1.0/24', '192.168.2.0/24'],
);
const [sampleGateway] = network.vpnGateways;
const [sampleRoute] = network.vpcRoutes;
const routeTable = {
  accountId: 'admin',
  region: 'local',
  createdAt: 1,
  ccnId: 'ccn-network1',
  description: '',
} as const;
const lineCommon = { accountId: 'admin', localAddress: '198.18.0.1/30', peerAddress: address, createdAt: 1 };
const directConnectGateway = { ...admin, name: 'line', modeType: 'standard', tags } as const;

/** Every table with rows of every shape that it can have, as a store holds them: whatever one refers to is there. */
export const sampleRows: AllRows = {
  ...network,
  accounts: [
    { id: 'admin', name: 'admin', isAdministrator: true, createdAt: 1 },
    { id: 'tenant', name: 'tenant', isAdministrator: false, createdAt: 2 },
  ],
  accessKeys: [
    { secretId: 'AKID1', accountId: 'admin', sealedSecretKey: 'v1:one', ...unboundedTerms, createdAt: 1 },
    {
      ...{ secretId: 'AKID2', accountId: 'tenant', sealedSecretKey: 'v1:two', createdAt: 2 },
      ...{ callsPerSecond: 5, expiresAt: 1_900_000_000_000 },
      policy: { statements: [{ access: 'read', resources: ['vpc-network1'], tags }], showsSecrets: false },
    },
  ],
  clientTokens: [
    { keyId: 'AKID1', token: 'a token', callDigest: '0123', sealedAnswer: 'v1:three', createdAt: 3 },
    { keyId: 'AKID2', token: 'a token', callDigest: '4567', sealedAnswer: 'v1:four', createdAt: 4 },
  ],
  findingMutes: [
    {
      ...{ vpnConnectionId: 'vpnx-tunnel01', code: 'pre-shared-key-differs', accountId: 'tenant', reason: 'a new key' },
      ...{ mutedBy: 'AKID2', until: 1_900_000_000_000, createdAt: 5 },
    },
    {
      ...{
        vpnConnectionId: 'vpnx-tunnel01',
        code: 'esp-not-received',
        accountId: 'tenant',
        reason: '',
        mutedBy: 'AKID2',
      },
      ...{ until: null, createdAt: 6 },
    },
  ],
  webhooks: [{ id: 'hook-webhook1', accountId: 'tenant', url: 'https://a/b', sealedSecret: 'v1:five', createdAt: 7 }],
  counters: [
    { name: 'ccn-attachment', value: 3 },
    { name: 'vpc-route', value: Number.MAX_SAFE_INTEGER },
  ],
  vpcs: network.vpcs.map((row) => ({ ...row, dnsServers: [address], isDefault: true, enableMulticast: true })),
  vpcRoutes: [
    ...network.vpcRoutes,
    {
      ...(sampleRoute ?? never()),
      ...{ id: 'rti-toline01', routeId: 9, enabled: false, description: 'text' },
      nextHop: { kind: 'direct-connect-gateway', id: 'dcg-ofvpc001' },
    },
  ],
  vpnGateways: [
    ...network.vpnGateways,
    {
      ...(sampleGateway ?? never()),
      ...{ id: gateway.id, kind: 'ccn', vpcId: null, publicAddress: parseIpAddress('203.0.113.129') },
      ...{ prepaid: true, checksSources: false, bgpAsn: 4_294_967_295, maxConnections: 20, tags },
    },
  ],
  customerGateways: [
    ...network.customerGateways.filter(({ id }) => id !== 'cgw-device03').filter(isFirst),
    { ...tenant, id: 'cgw-device04', name: '', address, bgpAsn: 65_000, tags },
  ],
  preSharedKeys: network.vpnConnections.map(({ id }) => ({ vpnConnectionId: id, sealedKey: `v1:${id}` })),
  ccns: [
    {
      ...{ ...admin, id: 'ccn-network1', name: 'ccn', description: 'text', qosLevel: 'gold', prepaid: false, tags },
      ...{ metering: 'bandwidth', bandwidthLimit: 'inter-region', routeEcmp: false, routeOverlap: true },
    },
    {
      ...{ ...tenant, id: 'ccn-network2', name: '', description: '', qosLevel: 'silver', prepaid: true, tags: [] },
      ...{ metering: 'traffic', bandwidthLimit: 'outer-region', routeEcmp: true, routeOverlap: false },
    },
  ],
  ccnRouteTables: [
    { ...routeTable, id: 'ccnrtb-network1', name: 'default', isDefault: true },
    { ...routeTable, id: 'ccnrtb-custom01', name: 'custom', isDefault: false },
  ],
  ccnAttachments: [vpc, gateway, line].map((instance, index) => ({
    ...{ ...admin, ccnId: 'ccn-network1', instance, description: '', routeTableId: 'ccnrtb-network1' },
    ...{ boundAt: 7, number: index + 1, generation: 2 },
  })),
  ccnAttachmentRequests: [
    {
      ...{ ...tenant, ccnId: 'ccn-network1', instance: { kind: 'vpc', id: 'vpc-tenant01' } },
      ...{ description: 'please', isRejected: false },
    },
    {
      ...{ ...admin, ccnId: 'ccn-network2', instance: { kind: 'vpn-gateway', id: 'vpngw-gateway2' } },
      ...{ description: '', isRejected: true },
    },
  ],
  ccnRoutePolicyLists: [
    {
      ...{ routeTableId: 'ccnrtb-custom01', direction: 'input', version: 2, createdAt: 3 },
      policies: [
        {
          ...{ action: 'drop', audience: [], description: 'text' },
          conditions: [
            { kind: 'destination', pattern: 'within', values: [narrow, wide] },
            { kind: 'instance-kind', values: ['vpc', 'vpn-gateway'] },
          ],
        },
      ],
    },
    { routeTableId: 'ccnrtb-custom01', direction: 'input', version: 1, createdAt: 2, policies: [] },
    {
      ...{ routeTableId: 'ccnrtb-custom01', direction: 'broadcast', version: 1, createdAt: 2 },
      policies: [
        { action: 'accept', conditions: [], audience: [{ kind: 'region', values: ['north'] }], description: '' },
      ],
    },
  ],
  ccnSelectionPolicies: [narrow, wide].map((source, position) => ({
    ...{ ccnId: 'ccn-network1', instance: vpc, source, routeTableId: 'ccnrtb-custom01', description: 'text', position },
  })),
  ccnRouteChoices: [true, false].map((enabled) => ({
    ...{ routeTableId: 'ccnrtb-network1', instanceId: enabled ? vpc.id : line.id, destination: narrow },
    ...{ enabled, updatedAt: 9 },
  })),
  ccnRangeChoices: [narrow, wide].map((destination) => ({
    ...{ vpnGatewayId: gateway.id, destination, enabled: destination === wide, updatedAt: 9 },
  })),
  ccnBandwidthLimits: [
    { ccnId: 'ccn-network1', region: 'north', peerRegion: null, limitMbps: 20, createdAt: 1 },
    { ccnId: 'ccn-network1', region: 'south', peerRegion: 'north', limitMbps: 30, createdAt: 1 },
  ],
  directConnectGateways: [
    { ...directConnectGateway, id: 'dcg-ofvpc001', network: 'vpc', vpcId: vpc.id, asn: 65_001 },
    { ...directConnectGateway, id: line.id, network: 'ccn', vpcId: null, asn: null },
    { ...directConnectGateway, id: 'dcg-ofvpc002', network: 'vpc', vpcId: vpc.id, asn: null, modeType: 'exquisite' },
    { ...directConnectGateway, id: 'dcg-ofvpc003', network: 'vpc', vpcId: vpc.id, asn: null },
  ],
  directConnectRanges: [narrow, wide].map((destination, index) => ({
    ...{ ...admin, id: `dcr-range00${index}`, directConnectGatewayId: line.id, destination },
    ...{ description: 'text', updatedAt: 4 },
  })),
  directConnectLines: [
    {
      ...{ ...lineCommon, kind: 'interface', directConnectGatewayId: 'dcg-ofvpc001' },
      ...{ interfaceName: 'eth8', vlanId: null },
    },
    {
      ...{ ...lineCommon, kind: 'interface', directConnectGatewayId: line.id },
      ...{ interfaceName: 'eth8', vlanId: 7 },
    },
    {
      ...{ ...lineCommon, kind: 'vxlan', directConnectGatewayId: 'dcg-ofvpc002', vni: 0, remoteAddress: address },
      ...{ underlayAddress: null, port: 4789, underlayMtu: 1500 },
    },
    {
      ...{ ...lineCommon, kind: 'vxlan', directConnectGatewayId: 'dcg-ofvpc003', vni: 9, remoteAddress: address },
      ...{ underlayAddress: parseIpAddress('203.0.113.12'), port: 4790, underlayMtu: 9000 },
    },
  ],
};

function isFirst({ id }: { readonly id: string }, index: number, all: readonly { readonly id: string }[]): boolean {
  return all.findIndex((other) => other.id === id) === index;
}

function never(): never {
  throw new Error('the sample network has no such row');
}
