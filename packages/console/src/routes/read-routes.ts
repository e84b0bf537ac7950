import type { Reply } from '../calls/call.ts';
import type { GentleCalls } from '../calls/gentle-calls.ts';

/** What the Actions know of routes, by what holds them. */

export interface Asking {
  readonly calls: GentleCalls;
  readonly regions: readonly string[];
  readonly isBackground: boolean;
}

export interface VpcTables {
  readonly tables: Reply<'DescribeRouteTables'>['RouteTableSet'];
  readonly vpcs: Reply<'DescribeVpcs'>['VpcSet'];
}

export async function readVpcTables({ calls, regions, isBackground }: Asking): Promise<VpcTables> {
  const [tables, vpcs] = await Promise.all([
    ofEach(regions, (region) => calls.list('DescribeRouteTables', 'RouteTableSet', {}, { region, isBackground })),
    ofEach(regions, (region) => calls.list('DescribeVpcs', 'VpcSet', {}, { region, isBackground })),
  ]);
  return { tables: tables.flat(), vpcs: vpcs.flat() };
}

export interface GatewayTable {
  readonly gateway: Reply<'DescribeVpnGateways'>['VpnGatewaySet'][number];
  readonly routes: Reply<'DescribeVpnGatewayRoutes'>['Routes'];
  /** What its CCN may hear of; nothing of a gateway of a VPC. */
  readonly announced: Reply<'DescribeVpnGatewayCcnRoutes'>['RouteSet'];
}

export async function readGatewayTables({ calls, regions, isBackground }: Asking): Promise<readonly GatewayTable[]> {
  const found = await ofEach(regions, async (region) => {
    const options = { region, isBackground };
    const gateways = await calls.list('DescribeVpnGateways', 'VpnGatewaySet', {}, options);
    return ofEach(gateways, async (gateway) => {
      const { VpnGatewayId, Type } = gateway;
      const [routes, announced] = await Promise.all([
        calls.list('DescribeVpnGatewayRoutes', 'Routes', { VpnGatewayId }, options),
        Type === 'CCN' ? calls.list('DescribeVpnGatewayCcnRoutes', 'RouteSet', { VpnGatewayId }, options) : [],
      ]);
      return { gateway, routes, announced };
    });
  });
  return found.flat();
}

export interface CcnTable {
  readonly ccn: Reply<'DescribeCcns'>['CcnSet'][number];
  readonly table: Reply<'DescribeCcnRouteTables'>['CcnRouteTableSet'][number];
  readonly routes: Reply<'DescribeCcnRoutes'>['RouteSet'];
}

export interface CcnTables {
  readonly tables: readonly CcnTable[];
  /** Why routes are not enabled, by their ids. */
  readonly reasons: ReadonlyMap<string, string>;
}

/** A CCN is of no region. */
export async function readCcnTables({ calls, isBackground }: Asking): Promise<CcnTables> {
  const options = { isBackground };
  const [ccns, allTables] = await Promise.all([
    calls.list('DescribeCcns', 'CcnSet', {}, options),
    calls.list('DescribeCcnRouteTables', 'CcnRouteTableSet', {}, options),
  ]);
  const byId = new Map(ccns.map((ccn) => [ccn.CcnId, ccn]));
  const tables = await ofEach(allTables, async (table) => {
    const { CcnId, CcnRouteTableId } = table;
    const ccn = byId.get(CcnId);
    // Made between the two answers: the next look has it.
    if (ccn === undefined) return [];
    const Filters = [{ Name: 'route-table-id', Values: [CcnRouteTableId] }];
    return [{ ccn, table, routes: await calls.list('DescribeCcnRoutes', 'RouteSet', { CcnId, Filters }, options) }];
  });
  const found = tables.flat();
  const inDoubt = found.filter(({ routes }) => routes.some(({ Enabled }) => !Enabled)).map(({ ccn }) => ccn.CcnId);
  const conflicts = await ofEach([...new Set(inDoubt)], (CcnId) =>
    calls.list('DescribeCcnRouteConflicts', 'RouteSet', { CcnId }, options),
  );
  return { tables: found, reasons: new Map(conflicts.flat().map(({ RouteId, Reason }) => [RouteId, Reason])) };
}

type Connection = Reply<'DescribeVpnConnections'>['VpnConnectionSet'][number];

/** What the policies of one tunnel cover. */
export interface PolicyTunnel {
  readonly id: string;
  readonly name: string;
  readonly gateway: string;
  readonly policies: Connection['SecurityPolicyDatabaseSet'];
}

/** Of the tunnels that have policies; nothing else of them is kept, their keys least of all. */
export async function readPolicies({ calls, regions, isBackground }: Asking): Promise<readonly PolicyTunnel[]> {
  const found = await ofEach(regions, (region) =>
    calls.list('DescribeVpnConnections', 'VpnConnectionSet', {}, { region, isBackground }),
  );
  return found
    .flat()
    .map(policiesOf)
    .filter(({ policies }) => policies.length > 0);
}

const everything = '0.0.0.0/0';

function policiesOf(tunnel: Connection): PolicyTunnel {
  const { VpnConnectionId: id, VpnConnectionName: name, VpnGatewayId: gateway, RouteType } = tunnel;
  const policies = tunnel.SecurityPolicyDatabaseSet;
  const isAll = policies.every(
    ({ LocalCidrBlock, RemoteCidrBlock }) =>
      LocalCidrBlock === everything && RemoteCidrBlock.every((remote) => remote === everything),
  );
  // By routes: what its policies say decides nothing.
  return { id, name, gateway, policies: RouteType === 'StaticRoute' || isAll ? [] : policies };
}

export interface DirectConnectTable {
  readonly gateway: Reply<'DescribeDirectConnectGateways'>['DirectConnectGatewaySet'][number];
  readonly ranges: Reply<'DescribeDirectConnectGatewayCcnRoutes'>['RouteSet'];
}

export async function readDirectConnect({
  calls,
  regions,
  isBackground,
}: Asking): Promise<readonly DirectConnectTable[]> {
  const found = await ofEach(regions, async (region) => {
    const options = { region, isBackground };
    const gateways = await calls.list('DescribeDirectConnectGateways', 'DirectConnectGatewaySet', {}, options);
    return ofEach(gateways, async (gateway) => {
      const { DirectConnectGatewayId, NetworkType } = gateway;
      if (NetworkType !== 'CCN') return { gateway, ranges: [] };
      const asked = { DirectConnectGatewayId };
      return { gateway, ranges: await calls.list('DescribeDirectConnectGatewayCcnRoutes', 'RouteSet', asked, options) };
    });
  });
  return found.flat();
}

/** How usable tunnels are, and what gateways have in force. Of other accounts, too, for administrators. */
export async function readStatus({ calls, isBackground }: Asking) {
  const { Gateways } = await calls.call('DescribeSystemStatus', {}, { isBackground });
  return new Map(Gateways.map((gateway) => [gateway.VpnGatewayId as string, gateway]));
}

export type Status = Awaited<ReturnType<typeof readStatus>>;

function ofEach<Item, Found>(items: readonly Item[], read: (item: Item) => Promise<Found>): Promise<Found[]> {
  return Promise.all(items.map(read));
}
