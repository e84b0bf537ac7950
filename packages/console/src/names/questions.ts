import type { call, CallOptions } from '../calls/call.ts';

type Named = readonly (readonly [id: string, name: string])[];
type Question = (ask: typeof call, ids: readonly string[], options: CallOptions) => Promise<Named>;

/** The parameters that name objects by their ids. */
function these<Name extends string>(name: Name, ids: readonly string[]) {
  // Ids come from texts: the service says what is no id.
  const asked: object = { [name]: ids, Limit: ids.length };
  return asked as Readonly<Partial<Record<Name, never[]>>>;
}

/** What asks for names, by what ids begin with. */
export const questions = {
  cgw: async (ask, ids, options) => {
    const { CustomerGatewaySet } = await ask('DescribeCustomerGateways', these('CustomerGatewayIds', ids), options);
    return CustomerGatewaySet.map((row) => [row.CustomerGatewayId, row.CustomerGatewayName]);
  },
  vpc: async (ask, ids, options) => {
    const { VpcSet } = await ask('DescribeVpcs', these('VpcIds', ids), options);
    return VpcSet.map(({ VpcId, VpcName }) => [VpcId, VpcName]);
  },
  subnet: async (ask, ids, options) => {
    const { SubnetSet } = await ask('DescribeSubnets', these('SubnetIds', ids), options);
    return SubnetSet.map(({ SubnetId, SubnetName }) => [SubnetId, SubnetName]);
  },
  rtb: async (ask, ids, options) => {
    const asked = { ...these('RouteTableIds', ids), NeedRouterInfo: false };
    const { RouteTableSet } = await ask('DescribeRouteTables', asked, options);
    return RouteTableSet.map(({ RouteTableId, RouteTableName }) => [RouteTableId, RouteTableName]);
  },
  ccn: async (ask, ids, options) => {
    const { CcnSet } = await ask('DescribeCcns', these('CcnIds', ids), options);
    return CcnSet.map(({ CcnId, CcnName }) => [CcnId, CcnName]);
  },
  dcg: async (ask, ids, options) => {
    const reply = await ask('DescribeDirectConnectGateways', these('DirectConnectGatewayIds', ids), options);
    return reply.DirectConnectGatewaySet.map((row) => [row.DirectConnectGatewayId, row.DirectConnectGatewayName]);
  },
} satisfies Readonly<Record<string, Question>>;

export type NamedKind = keyof typeof questions;
