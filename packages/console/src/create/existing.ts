import { call } from '../calls/call.ts';
import { GentleCalls } from '../calls/gentle-calls.ts';

/** What is there already and can be chosen. */
export interface Existing {
  readonly vpcs: readonly Vpc[];
  readonly gateways: readonly Gateway[];
  readonly peers: readonly Peer[];
  readonly ccns: readonly Ccn[];
}

export interface Vpc {
  readonly id: `vpc-${string}`;
  readonly name: string;
  readonly ranges: readonly string[];
  /** Its default one. */
  readonly routeTableId: `rtb-${string}`;
}

export interface Gateway {
  readonly id: `vpngw-${string}`;
  readonly name: string;
  /** Empty: it is for CCNs. */
  readonly vpcId: string;
  /** Empty: it is attached to none. */
  readonly ccnId: string;
}

export interface Peer {
  readonly id: `cgw-${string}`;
  readonly name: string;
  readonly address: string;
}

export interface Ccn {
  readonly id: `ccn-${string}`;
  readonly name: string;
  /** Ids of instances. */
  readonly attached: readonly string[];
}

/** All of one region. */
export async function readExisting(region: string, isBackground: boolean): Promise<Existing> {
  const calls = new GentleCalls(call);
  const options = { region, isBackground };
  const mainTables = {
    Filters: [{ Name: 'association.main', Values: ['true'] }],
    NeedRouterInfo: false,
  };
  const [vpcs, tables, gateways, peers, ccns, attached] = await Promise.all([
    calls.list('DescribeVpcs', 'VpcSet', {}, options),
    calls.list('DescribeRouteTables', 'RouteTableSet', mainTables, options),
    calls.list('DescribeVpnGateways', 'VpnGatewaySet', {}, options),
    calls.list('DescribeCustomerGateways', 'CustomerGatewaySet', {}, options),
    calls.list('DescribeCcns', 'CcnSet', {}, options),
    calls.list('DescribeCcnAttachedInstances', 'InstanceSet', {}, options),
  ]);
  const attachedTo = Map.groupBy(attached, ({ CcnId }) => CcnId);
  const tableOf = new Map(tables.map(({ VpcId, RouteTableId }) => [VpcId, RouteTableId]));
  return {
    vpcs: vpcs.flatMap(({ VpcId: id, VpcName, CidrBlock, AssistantCidrSet }) => {
      const routeTableId = tableOf.get(id);
      const ranges = [CidrBlock, ...AssistantCidrSet.map((more) => more.CidrBlock)];
      return routeTableId === undefined ? [] : [{ id, name: VpcName || id, ranges, routeTableId }];
    }),
    gateways: gateways.map(({ VpnGatewayId: id, VpnGatewayName, VpcId, NetworkInstanceId, Type }) => ({
      ...{ id, name: VpnGatewayName || id, vpcId: VpcId },
      ccnId: Type === 'CCN' ? NetworkInstanceId : '',
    })),
    peers: peers.map(({ CustomerGatewayId: id, CustomerGatewayName, IpAddress: address }) => ({
      ...{ id, name: CustomerGatewayName || id, address },
    })),
    ccns: ccns.map(({ CcnId: id, CcnName }) => ({
      ...{ id, name: CcnName || id },
      attached: (attachedTo.get(id) ?? []).map(({ InstanceId }) => InstanceId),
    })),
  };
}
