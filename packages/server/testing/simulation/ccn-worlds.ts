import { parseCidr, parseIpAddress } from '@landbridge/net';
import { defaultRouteTableId, type Ccn, type CcnAttachment, type CcnInstance } from '../../src/domain/ccn/ccn.ts';
import type { CcnRoutePolicy } from '../../src/domain/ccn/ccn-route-policy.ts';
import type { NetworkRows } from '../image-of.ts';
import { sampleNetwork } from '../sample-network.ts';
import type { VpnConnection } from '../../src/domain/vpn/vpn-connection.ts';
import type { VpnGatewayRoute } from '../../src/domain/vpn/vpn-gateway-route.ts';
import { idcRange } from './scenario-worlds.ts';
import type { World } from './world.ts';

/** Scenario 4 of docs/spec/scenarios.md: VPC-1 (A, B), VPC-2 (C), a Direct Connect network and IDCs on one CCN. */
interface CcnScenario {
  readonly tunnels: readonly VpnConnection[];
  readonly routes?: readonly VpnGatewayRoute[];
  /** Of VPC-2 (172.16.1.0/24), to make it overlap. */
  readonly subnetC?: string;
  /** Ranges of the gateway that are enabled, or disabled, towards the CCN. */
  readonly announced?: Readonly<Record<string, boolean>>;
  /** Routes disabled by hand. */
  readonly disabled?: readonly string[];
  readonly isGatewayAttached?: boolean;
  /** A second route table with these input policies, the instances bound to it, and sources of VPC-1 that select it. */
  readonly custom?: {
    readonly input?: readonly CcnRoutePolicy[];
    readonly broadcast?: readonly CcnRoutePolicy[];
    readonly bound?: readonly CcnInstance['id'][];
    readonly selectedFrom?: readonly string[];
  };
}

const owned = { accountId: 'admin', region: 'local', createdAt: 0 };
const ccn: Ccn = {
  ...{ ...owned, id: 'ccn-network1', name: 'ccn', description: '', qosLevel: 'gold', prepaid: false },
  ...{ metering: 'bandwidth', bandwidthLimit: 'outer-region', routeEcmp: false, routeOverlap: false },
  tags: [],
};
const gateway = { kind: 'vpn-gateway', id: 'vpngw-gateway1' } as const;
const direct = { kind: 'direct-connect-gateway', id: 'dcg-gateway1' } as const;

export function ccnScenario(parts: CcnScenario): World {
  const { tunnels, routes = [], isGatewayAttached = true } = parts;
  const network = sampleNetwork(tunnels, routes);
  const instances: CcnInstance[] = [
    { kind: 'vpc', id: 'vpc-network1' },
    { kind: 'vpc', id: 'vpc-network2' },
    direct,
    ...(isGatewayAttached ? [gateway] : []),
  ];
  const desired: NetworkRows = {
    ...withSecondVpc(network, parts.subnetC ?? '172.16.1.0/24'),
    vpnGateways: network.vpnGateways.map((one) => ({ ...one, kind: 'ccn' as const, vpcId: null })),
    ccns: [ccn],
    ccnAttachments: instances.map(attach).map((attachment) => {
      const isBound = parts.custom?.bound?.includes(attachment.instance.id) === true;
      return isBound ? { ...attachment, routeTableId: customTable } : attachment;
    }),
    ...customRouting(parts.custom ?? null),
    ccnRangeChoices: Object.entries(parts.announced ?? {}).map(([range, enabled]) => {
      return { vpnGatewayId: gateway.id, destination: parseCidr(range), enabled, updatedAt: 0 };
    }),
    ccnRouteChoices: (parts.disabled ?? []).map((range) => {
      const destination = parseCidr(range);
      return {
        routeTableId: defaultRouteTableId(ccn.id),
        instanceId: gateway.id,
        destination,
        enabled: false,
        updatedAt: 0,
      };
    }),
    ...directConnect,
  };
  const idcs = tunnels.map(({ customerGatewayId, ifId }) => ({
    id: customerGatewayId,
    address: parseIpAddress(`203.0.113.${10 + ifId}`),
    ranges: [parseCidr(idcRange(ifId))],
  }));
  return { desired, idcs };
}

function attach(instance: CcnInstance, number: number): CcnAttachment {
  const binding = { routeTableId: defaultRouteTableId(ccn.id), boundAt: 0 };
  return { ...owned, ccnId: ccn.id, instance, description: '', ...binding, number, generation: 1 };
}

const customTable = 'ccnrtb-custom01';

type Routing = Pick<NetworkRows, 'ccnRouteTables' | 'ccnRoutePolicyLists' | 'ccnSelectionPolicies'>;

function customRouting(custom: CcnScenario['custom'] | null): Routing {
  const table = { ...owned, ccnId: ccn.id, description: '' };
  const standard = { ...table, id: defaultRouteTableId(ccn.id), name: 'default', isDefault: true };
  if (custom == null) return { ccnRouteTables: [standard], ccnRoutePolicyLists: [], ccnSelectionPolicies: [] };
  const lists = { input: custom.input ?? [], broadcast: custom.broadcast ?? [] };
  return {
    ccnRouteTables: [standard, { ...table, id: customTable, name: 'custom', isDefault: false }],
    ccnRoutePolicyLists: (['input', 'broadcast'] as const).map((direction) => {
      return { routeTableId: customTable, direction, version: 1, policies: lists[direction], createdAt: 0 };
    }),
    ccnSelectionPolicies: (custom.selectedFrom ?? []).map((source, position) => ({
      ...{ ccnId: ccn.id, instance: { kind: 'vpc', id: 'vpc-network1' }, source: parseCidr(source) },
      ...{ routeTableId: customTable, description: '', position },
    })),
  };
}

function withSecondVpc(network: NetworkRows, subnetC: string): NetworkRows {
  const [vpc, subnet, table] = [network.vpcs[0], network.subnets[0], network.routeTables[0]];
  if (vpc === undefined || subnet === undefined || table === undefined) throw new Error('the sample network is empty');
  const vpcId = 'vpc-network2';
  const cidr = parseCidr(subnetC.startsWith('10.') ? '10.0.0.0/16' : '172.16.0.0/16');
  const routeTableId = 'rtb-default2';
  const second = {
    ...subnet,
    id: 'subnet-subnet0c' as const,
    vpcId,
    routeTableId,
    name: 'c',
    cidr: parseCidr(subnetC),
  };
  return {
    ...network,
    vpcs: [vpc, { ...vpc, id: vpcId, cidr }],
    subnets: [...network.subnets, second] as NetworkRows['subnets'],
    routeTables: [table, { ...table, id: routeTableId, vpcId }] as NetworkRows['routeTables'],
  };
}

const directConnect: Pick<NetworkRows, 'directConnectGateways' | 'directConnectRanges' | 'directConnectLines'> = {
  directConnectGateways: [
    {
      ...{ ...owned, id: direct.id, name: 'dc', network: 'ccn', vpcId: null, modeType: 'standard', asn: null },
      tags: [],
    },
  ],
  directConnectRanges: [
    {
      ...{ ...owned, id: 'dcr-range001', directConnectGatewayId: direct.id, destination: parseCidr('192.168.9.0/24') },
      ...{ description: '', updatedAt: 0 },
    },
  ],
  directConnectLines: [
    {
      ...{ kind: 'interface', accountId: 'admin', directConnectGatewayId: direct.id, createdAt: 0 },
      ...{ interfaceName: 'line', vlanId: null },
      ...{ localAddress: '198.18.9.1/30', peerAddress: parseIpAddress('198.18.9.2') },
    },
  ],
};
