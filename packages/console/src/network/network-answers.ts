import { call, type CallOptions, type Reply } from '../calls/call.ts';
import { CallError } from '../calls/call-error.ts';
import { GentleCalls } from '../calls/gentle-calls.ts';
import type { Load } from '../live/loaded.ts';

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
  const calls = new GentleCalls(call);
  return {
    kinds: [
      ...['vpcs', 'subnets', 'customerGateways', 'vpnConnections', 'ccns', 'ccnAttachments', 'ccnAttachmentRequests'],
      ...['directConnectGateways', 'directConnectLines'],
    ],
    everyMs: 60_000,
    load: (isBackground) => readNetwork(calls, regions, isBackground),
  };
}

async function readNetwork(
  calls: GentleCalls,
  regions: readonly string[],
  isBackground: boolean,
): Promise<NetworkAnswers> {
  const refused: CallError[] = [];
  const allowed = async <Item>(items: Promise<readonly Item[]>): Promise<readonly Item[]> => {
    try {
      return await items;
    } catch (error) {
      if (!(error instanceof CallError) || !error.code.startsWith('UnauthorizedOperation')) throw error;
      refused.push(error);
      return [];
    }
  };
  const everywhere = async <Item>(read: (options: CallOptions) => Promise<readonly Item[]>): Promise<Item[]> =>
    (await Promise.all(regions.map((region) => allowed(read({ region, isBackground }))))).flat();
  const options = { isBackground };
  const [vpcs, subnets, customerGateways, all, directConnectGateways, lines, ccns, attachments] = await Promise.all([
    everywhere((there) => calls.list('DescribeVpcs', 'VpcSet', {}, there)),
    everywhere((there) => calls.list('DescribeSubnets', 'SubnetSet', {}, there)),
    everywhere((there) => calls.list('DescribeCustomerGateways', 'CustomerGatewaySet', {}, there)),
    everywhere((there) => calls.list('DescribeVpnConnections', 'VpnConnectionSet', {}, there)),
    everywhere((there) => calls.list('DescribeDirectConnectGateways', 'DirectConnectGatewaySet', {}, there)),
    allowed(calls.list('DescribeDirectConnectInterfaces', 'DirectConnectInterfaceSet', {}, options)),
    allowed(calls.list('DescribeCcns', 'CcnSet', {}, options)),
    allowed(calls.list('DescribeCcnAttachedInstances', 'InstanceSet', {}, options)),
  ]);
  const connections = all.map(withoutKey);
  return {
    ...{ vpcs, subnets, customerGateways, connections, ccns, attachments, directConnectGateways, lines, refused },
  };
}

function withoutKey(connection: AnyConnection): Connection {
  const { VpnConnectionId, VpnConnectionName, VpnGatewayId, CustomerGatewayId } = connection;
  const { RouteType, SecurityPolicyDatabaseSet, TagSet } = connection;
  return {
    ...{ VpnConnectionId, VpnConnectionName, VpnGatewayId, CustomerGatewayId },
    ...{ RouteType, SecurityPolicyDatabaseSet, TagSet },
  };
}
