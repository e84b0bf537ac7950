import { call, type CallOptions, type Reply } from '../calls/call.ts';
import { CallError } from '../calls/call-error.ts';
import type { Load } from '../live/loaded.ts';
import { everyPage } from './every-page.ts';

export type Vpc = Reply<'DescribeVpcs'>['VpcSet'][number];
export type Subnet = Reply<'DescribeSubnets'>['SubnetSet'][number];
export type CustomerGateway = Reply<'DescribeCustomerGateways'>['CustomerGatewaySet'][number];
export type Ccn = Reply<'DescribeCcns'>['CcnSet'][number];
export type Attachment = Reply<'DescribeCcnAttachedInstances'>['InstanceSet'][number];
export type DirectConnectGateway = Reply<'DescribeDirectConnectGateways'>['DirectConnectGatewaySet'][number];
export type Line = Reply<'DescribeDirectConnectInterfaces'>['DirectConnectInterfaceSet'][number];

type AnyConnection = Reply<'DescribeVpnConnections'>['VpnConnectionSet'][number];
/** What the page needs of a tunnel: its key is not kept. */
export type Connection = Pick<
  AnyConnection,
  | 'VpnConnectionId'
  | 'VpnConnectionName'
  | 'VpnGatewayId'
  | 'CustomerGatewayId'
  | 'RouteType'
  | 'SecurityPolicyDatabaseSet'
  | 'TagSet'
>;

/** The objects that the network is made of, of every region; those that a policy hides are missing. */
export interface NetworkAnswers {
  readonly vpcs: readonly Vpc[];
  readonly subnets: readonly Subnet[];
  readonly customerGateways: readonly CustomerGateway[];
  readonly connections: readonly Connection[];
  readonly ccns: readonly Ccn[];
  readonly attachments: readonly Attachment[];
  readonly directConnectGateways: readonly DirectConnectGateway[];
  readonly lines: readonly Line[];
  /** Calls that the key is not allowed. */
  readonly refused: readonly CallError[];
}

export function networkLoad(regions: readonly string[]): Load<NetworkAnswers> {
  return {
    kinds: [
      ...['vpcs', 'subnets', 'customerGateways', 'vpnConnections', 'ccns', 'ccnAttachments', 'ccnAttachmentRequests'],
      ...['directConnectGateways', 'directConnectLines'],
    ],
    everyMs: 60_000,
    load: (isBackground) => readNetwork(regions, isBackground),
  };
}

async function readNetwork(regions: readonly string[], isBackground: boolean): Promise<NetworkAnswers> {
  const refused: CallError[] = [];
  const allowed = async <Item>(items: Promise<Item[]>): Promise<Item[]> => {
    try {
      return await items;
    } catch (error) {
      if (!(error instanceof CallError) || !error.code.startsWith('UnauthorizedOperation')) throw error;
      refused.push(error);
      return [];
    }
  };
  const everywhere = async <Item>(read: (options: CallOptions) => Promise<Item[]>): Promise<Item[]> =>
    (await Promise.all(regions.map((region) => allowed(read({ region, isBackground }))))).flat();
  const [vpcs, subnets, customerGateways, connections, directConnectGateways, lines, ccns, attachments] =
    await Promise.all([
      everywhere(readVpcs),
      everywhere(readSubnets),
      everywhere(readCustomerGateways),
      everywhere(readConnections),
      everywhere(readDirectConnectGateways),
      allowed(readLines({ isBackground })),
      allowed(readCcns({ isBackground })),
      allowed(readAttachments({ isBackground })),
    ]);
  return {
    ...{ vpcs, subnets, customerGateways, connections, ccns, attachments, directConnectGateways, lines, refused },
  };
}

function readVpcs(options: CallOptions): Promise<Vpc[]> {
  return everyPage(async (paging) => {
    const { TotalCount, VpcSet: items } = await call('DescribeVpcs', paging, options);
    return { TotalCount, items };
  });
}

function readSubnets(options: CallOptions): Promise<Subnet[]> {
  return everyPage(async (paging) => {
    const { TotalCount, SubnetSet: items } = await call('DescribeSubnets', paging, options);
    return { TotalCount, items };
  });
}

function readCustomerGateways(options: CallOptions): Promise<CustomerGateway[]> {
  return everyPage(async (paging) => {
    const { TotalCount, CustomerGatewaySet: items } = await call('DescribeCustomerGateways', paging, options);
    return { TotalCount, items };
  });
}

function readConnections(options: CallOptions): Promise<Connection[]> {
  return everyPage(async (paging) => {
    const { TotalCount, VpnConnectionSet } = await call('DescribeVpnConnections', paging, options);
    return { TotalCount, items: VpnConnectionSet.map(withoutKey) };
  });
}

function withoutKey(connection: AnyConnection): Connection {
  const { VpnConnectionId, VpnConnectionName, VpnGatewayId, CustomerGatewayId } = connection;
  const { RouteType, SecurityPolicyDatabaseSet, TagSet } = connection;
  return {
    ...{ VpnConnectionId, VpnConnectionName, VpnGatewayId, CustomerGatewayId },
    ...{ RouteType, SecurityPolicyDatabaseSet, TagSet },
  };
}

function readDirectConnectGateways(options: CallOptions): Promise<DirectConnectGateway[]> {
  return everyPage(async (paging) => {
    const { TotalCount, DirectConnectGatewaySet } = await call('DescribeDirectConnectGateways', paging, options);
    return { TotalCount, items: DirectConnectGatewaySet };
  });
}

function readLines(options: CallOptions): Promise<Line[]> {
  return everyPage(async (paging) => {
    const { TotalCount, DirectConnectInterfaceSet } = await call('DescribeDirectConnectInterfaces', paging, options);
    return { TotalCount, items: DirectConnectInterfaceSet };
  });
}

function readCcns(options: CallOptions): Promise<Ccn[]> {
  return everyPage(async (paging) => {
    const { TotalCount, CcnSet: items } = await call('DescribeCcns', paging, options);
    return { TotalCount, items };
  });
}

function readAttachments(options: CallOptions): Promise<Attachment[]> {
  return everyPage(async (paging) => {
    const { TotalCount, InstanceSet: items } = await call('DescribeCcnAttachedInstances', paging, options);
    return { TotalCount, items };
  });
}
