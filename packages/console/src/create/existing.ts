import { call } from '../calls/call.ts';

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
  const options = { region, isBackground };
  const mainTables = {
    Filters: [{ Name: 'association.main', Values: ['true'] }],
    NeedRouterInfo: false,
  };
  const [vpcs, tables, gateways, peers, ccns, attached] = await Promise.all([
    everyPage(async (paging) => {
      const { VpcSet, TotalCount } = await call('DescribeVpcs', { ...paging }, options);
      return { items: VpcSet, TotalCount };
    }),
    everyPage(async (paging) => {
      const { RouteTableSet, TotalCount } = await call('DescribeRouteTables', { ...paging, ...mainTables }, options);
      return { items: RouteTableSet, TotalCount };
    }),
    everyPage(async (paging) => {
      const { VpnGatewaySet, TotalCount } = await call('DescribeVpnGateways', { ...paging }, options);
      return { items: VpnGatewaySet, TotalCount };
    }),
    everyPage(async (paging) => {
      const { CustomerGatewaySet, TotalCount } = await call('DescribeCustomerGateways', { ...paging }, options);
      return { items: CustomerGatewaySet, TotalCount };
    }),
    everyPage(async (paging) => {
      const { CcnSet, TotalCount } = await call('DescribeCcns', { ...paging }, options);
      return { items: CcnSet, TotalCount };
    }),
    everyPage(async (paging) => {
      const { InstanceSet, TotalCount } = await call('DescribeCcnAttachedInstances', { ...paging }, options);
      return { items: InstanceSet, TotalCount };
    }),
  ]);
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
      attached: attached.filter(({ CcnId }) => CcnId === id).map(({ InstanceId }) => InstanceId),
    })),
  };
}

interface Paging {
  readonly Offset: number;
  readonly Limit: number;
}

async function everyPage<Item>(
  read: (paging: Paging) => Promise<{ readonly items: readonly Item[]; readonly TotalCount: number }>,
): Promise<readonly Item[]> {
  const all: Item[] = [];
  for (;;) {
    const { items, TotalCount } = await read({ Offset: all.length, Limit: 100 });
    all.push(...items);
    if (items.length === 0 || all.length >= TotalCount) return all;
  }
}
