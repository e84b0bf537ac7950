import { blockOfOne, everything, type Cidr } from '@landbridge/net';
import type { CcnAttachmentRequest } from '../domain/ccn/ccn-attachment-request.ts';
import type { CcnBandwidthLimit } from '../domain/ccn/ccn-bandwidth-limit.ts';
import type { CcnRoutePolicyList } from '../domain/ccn/ccn-route-policy.ts';
import type { CcnRouteTable, CcnSelectionPolicy } from '../domain/ccn/ccn-route-table.ts';
import type { Ccn, CcnAttachment, CcnRangeChoice, CcnRouteChoice } from '../domain/ccn/ccn.ts';
import type { Counter } from '../domain/counter.ts';
import type { DirectConnectGateway, DirectConnectRange } from '../domain/direct-connect/direct-connect-gateway.ts';
import type { DirectConnectLine } from '../domain/direct-connect/direct-connect-line.ts';
import type { Account, SealedAccessKey } from '../domain/operator/account.ts';
import type { FindingMute } from '../domain/diagnosis/finding-mute.ts';
import type { ClientToken } from '../domain/operator/client-token.ts';
import type { Webhook } from '../domain/operator/webhook.ts';
import type { Owned } from '../domain/owned.ts';
import type { RouteTable, VpcRoute } from '../domain/vpc/route-table.ts';
import type { Subnet, SubnetInterface } from '../domain/vpc/subnet.ts';
import type { Vpc } from '../domain/vpc/vpc.ts';
import type { CustomerGateway } from '../domain/vpn/customer-gateway.ts';
import type { SealedPreSharedKey } from '../domain/vpn/pre-shared-key.ts';
import { mappingsOf, type Identity, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { VpnGatewayRoute } from '../domain/vpn/vpn-gateway-route.ts';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import { byAge, shapeOf, type KeyParts, type RangesOfRow, type TableShape } from './table-shape.ts';

type Resource = Owned & { readonly id: string };

const id = (row: { readonly id: string }): KeyParts => [row.id];
/** Of an account in one region, and in all of them. */
const owned = {
  scope: ({ accountId, region }: Owned): KeyParts => [accountId, region],
  account: ({ accountId }: Owned): KeyParts => [accountId],
};
const ofVpc = ({ vpcId }: { readonly vpcId: string | null }): KeyParts | null => (vpcId === null ? null : [vpcId]);
const ofCcn = ({ ccnId }: { readonly ccnId: string }): KeyParts => [ccnId];
const chosenIdentity = (vpnGatewayId: string, { value }: Identity): KeyParts | null =>
  value === null ? null : [vpnGatewayId, value.toLowerCase()];
const inNoOrder = (): number => 0;

/** Every table of desired rows: what tells rows apart, by what they are looked up, what stands first. */
export const tables = {
  accounts: shapeOf<Account>()({ key: id, indexes: { name: ({ name }) => [name] }, order: byAge }),
  accessKeys: shapeOf<SealedAccessKey>()({
    key: ({ secretId }) => [secretId],
    indexes: { account: ({ accountId }) => [accountId] },
    order: byAge,
  }),
  clientTokens: shapeOf<ClientToken>()({
    key: ({ keyId, token }) => [keyId, token],
    indexes: { accessKey: ({ keyId }) => [keyId] },
    order: byAge,
  }),
  findingMutes: shapeOf<FindingMute>()({
    key: ({ vpnConnectionId, code }) => [vpnConnectionId, code],
    indexes: {
      account: ({ accountId }) => [accountId],
      vpnConnection: ({ vpnConnectionId }) => [vpnConnectionId],
    },
    order: byAge,
  }),
  webhooks: shapeOf<Webhook>()({ key: id, indexes: { account: ({ accountId }) => [accountId] }, order: byAge }),
  counters: shapeOf<Counter>()({ key: ({ name }) => [name], indexes: {}, order: inNoOrder }),

  vpcs: shapeOf<Vpc>()({ key: id, indexes: owned, order: byAge }),
  routeTables: shapeOf<RouteTable>()({ key: id, indexes: { ...owned, vpc: ofVpc }, order: byAge }),
  vpcRoutes: shapeOf<VpcRoute>()({
    key: id,
    indexes: {
      ...owned,
      vpc: ofVpc,
      routeTable: ({ routeTableId }) => [routeTableId],
      nextHop: ({ nextHop }) => [nextHop.id],
      destination: ({ routeTableId, destination }) => [routeTableId, destination],
      number: ({ routeTableId, routeId }) => [routeTableId, String(routeId)],
    },
    order: (a, b) => byAge(a, b) || a.routeId - b.routeId,
  }),
  subnets: shapeOf<Subnet>()({
    key: id,
    indexes: { ...owned, vpc: ofVpc, routeTable: ({ routeTableId }) => [routeTableId] },
    ranges: { cidr: ({ vpcId, cidr }) => ({ of: [vpcId], ranges: [[cidr]] }) },
    order: byAge,
  }),
  subnetInterfaces: shapeOf<SubnetInterface>()({
    key: interfaceKey,
    indexes: {
      account: ({ accountId }) => [accountId],
      vpc: ofVpc,
      subnet: ({ subnetId }) => [subnetId],
      interface: ({ interfaceName }) => [interfaceName],
    },
    order: byInterface,
  }),

  vpnGateways: shapeOf<VpnGateway>()({
    key: id,
    indexes: { ...owned, vpc: ofVpc, publicAddress: ({ publicAddress }) => [publicAddress] },
    order: byAge,
  }),
  customerGateways: shapeOf<CustomerGateway>()({
    key: id,
    indexes: { ...owned, address: ({ accountId, region, address }) => [accountId, region, address] },
    order: byAge,
  }),
  vpnConnections: shapeOf<VpnConnection>()({
    key: id,
    indexes: {
      ...owned,
      vpnGateway: ({ vpnGatewayId }) => [vpnGatewayId],
      customerGateway: ({ customerGatewayId }) => [customerGatewayId],
      pair: ({ vpnGatewayId, customerGatewayId }) => [vpnGatewayId, customerGatewayId],
      // Only identities that were chosen; the others are addresses. Without regard to case, as they are compared.
      localIdentity: ({ vpnGatewayId, ike }) => chosenIdentity(vpnGatewayId, ike.localIdentity),
      remoteIdentity: ({ vpnGatewayId, ike }) => chosenIdentity(vpnGatewayId, ike.remoteIdentity),
      ifId: ({ vpnGatewayId, ifId }) => [vpnGatewayId, String(ifId)],
    },
    ranges: {
      mappings: mappingsOnGateway,
      remotes: remotesOnGateway,
      probes: probesOnGateway,
    },
    order: byAge,
  }),
  preSharedKeys: shapeOf<SealedPreSharedKey>()({
    key: ({ vpnConnectionId }) => [vpnConnectionId],
    indexes: {},
    order: inNoOrder,
  }),
  vpnGatewayRoutes: shapeOf<VpnGatewayRoute>()({
    key: id,
    indexes: {
      ...owned,
      vpnGateway: ({ vpnGatewayId }) => [vpnGatewayId],
      nextHop: ({ nextHop }) => [nextHop.id],
      destination: ({ vpnGatewayId, destination }) => [vpnGatewayId, destination],
    },
    ranges: {
      destinations: ({ vpnGatewayId, destination }) => ({
        of: [vpnGatewayId],
        ranges: besideEverything([destination]),
      }),
    },
    order: byAge,
  }),

  /** A CCN is of no region. */
  ccns: shapeOf<Ccn>()({
    key: id,
    indexes: { scope: owned.account, account: owned.account },
    order: byAge,
  }),
  ccnRouteTables: shapeOf<CcnRouteTable>()({
    key: id,
    indexes: { scope: owned.account, account: owned.account, ccn: ofCcn },
    // A CCN's default table is as old as the CCN.
    order: (a, b) => byAge(a, b) || Number(b.isDefault) - Number(a.isDefault),
  }),
  /** In order of arrival. */
  ccnAttachments: shapeOf<CcnAttachment>()({
    key: ({ instance }) => [instance.id],
    indexes: { account: owned.account, ccn: ofCcn, routeTable: ({ routeTableId }) => [routeTableId] },
    order: (a, b) => a.number - b.number,
  }),
  ccnAttachmentRequests: shapeOf<CcnAttachmentRequest>()({
    key: ({ instance }) => [instance.id],
    indexes: { account: owned.account, ccn: ofCcn },
    order: byAge,
  }),
  /** Every version; the newest is in force. The newest first. */
  ccnRoutePolicyLists: shapeOf<CcnRoutePolicyList>()({
    key: ({ routeTableId, direction, version }) => [routeTableId, direction, String(version)],
    indexes: {
      routeTable: ({ routeTableId }) => [routeTableId],
      list: ({ routeTableId, direction }) => [routeTableId, direction],
    },
    order: (a, b) => b.version - a.version,
  }),
  ccnSelectionPolicies: shapeOf<CcnSelectionPolicy>()({
    key: ({ instance, source }) => [instance.id, source],
    indexes: {
      ccn: ofCcn,
      instance: ({ instance }) => [instance.id],
      routeTable: ({ routeTableId }) => [routeTableId],
    },
    order: inNoOrder,
  }),
  ccnRouteChoices: shapeOf<CcnRouteChoice>()({
    key: ({ routeTableId, instanceId, destination }) => [routeTableId, instanceId, destination],
    indexes: { routeTable: ({ routeTableId }) => [routeTableId], instance: ({ instanceId }) => [instanceId] },
    order: inNoOrder,
  }),
  ccnRangeChoices: shapeOf<CcnRangeChoice>()({
    key: ({ vpnGatewayId, destination }) => [vpnGatewayId, destination],
    indexes: { vpnGateway: ({ vpnGatewayId }) => [vpnGatewayId] },
    order: inNoOrder,
  }),
  ccnBandwidthLimits: shapeOf<CcnBandwidthLimit>()({
    key: ({ ccnId, region, peerRegion }) => [ccnId, region, peerRegion ?? ''],
    indexes: { ccn: ofCcn },
    order: byAge,
  }),

  directConnectGateways: shapeOf<DirectConnectGateway>()({
    key: id,
    indexes: { ...owned, vpc: ofVpc },
    order: byAge,
  }),
  directConnectRanges: shapeOf<DirectConnectRange>()({
    key: id,
    indexes: { ...owned, directConnectGateway: ({ directConnectGatewayId }) => [directConnectGatewayId] },
    order: byAge,
  }),
  /** One of each gateway at most. */
  directConnectLines: shapeOf<DirectConnectLine>()({
    key: ({ directConnectGatewayId }) => [directConnectGatewayId],
    indexes: {
      account: ({ accountId }) => [accountId],
      interface: (line) => (line.kind === 'interface' ? [line.interfaceName] : null),
      vxlan: (line) => (line.kind === 'vxlan' ? [String(line.vni), String(line.port)] : null),
    },
    order: byPlace,
  }),
} as const;

type Shapes = typeof tables;
export type TableName = keyof Shapes;
export const tableNames = Object.keys(tables) as readonly TableName[];
export type RowOf<Name extends TableName> = Shapes[Name] extends TableShape<infer Row> ? Row : never;
export type RangedOf<Name extends TableName> =
  Shapes[Name] extends TableShape<never, string, infer Ranged> ? Ranged : never;
export type IndexOf<Name extends TableName> = keyof Shapes[Name]['indexes'] & string;
/** Rows by table, in whatever order: what a store holds. */
export type AllRows = { readonly [Name in TableName]: readonly RowOf<Name>[] };
/** The tables whose rows belong to an account and have an id. */
export type ResourceTable = {
  [Name in TableName]: RowOf<Name> extends Resource ? ('scope' extends IndexOf<Name> ? Name : never) : never;
}[TableName];

interface PartOf {
  readonly table: TableName;
  /** Whose index finds the parts of a row by its key. */
  readonly index: string | null;
}

/** What goes away with a row. An index of null: the part has the same key. */
export const partsOf: Readonly<Partial<Record<TableName, readonly PartOf[]>>> = {
  accessKeys: [{ table: 'clientTokens', index: 'accessKey' }],
  vpnConnections: [
    { table: 'preSharedKeys', index: null },
    { table: 'findingMutes', index: 'vpnConnection' },
  ],
  vpnGateways: [{ table: 'ccnRangeChoices', index: 'vpnGateway' }],
  ccns: [
    { table: 'ccnRouteTables', index: 'ccn' },
    { table: 'ccnAttachmentRequests', index: 'ccn' },
    { table: 'ccnBandwidthLimits', index: 'ccn' },
  ],
  ccnRouteTables: [
    { table: 'ccnRouteChoices', index: 'routeTable' },
    { table: 'ccnRoutePolicyLists', index: 'routeTable' },
  ],
  ccnAttachments: [{ table: 'ccnSelectionPolicies', index: 'instance' }],
  directConnectGateways: [{ table: 'directConnectRanges', index: 'directConnectGateway' }],
};

/** Of SPD tunnels, local and remote. */
function mappingsOnGateway({ vpnGatewayId, mode, policies }: VpnConnection): RangesOfRow | null {
  if (mode !== 'spd') return null;
  return { of: [vpnGatewayId], ranges: mappingsOf({ policies }).map(({ local, remote }) => [local, remote]) };
}

function remotesOnGateway({ vpnGatewayId, policies }: VpnConnection): RangesOfRow {
  return { of: [vpnGatewayId], ranges: besideEverything(policies.flatMap(({ remotes }) => remotes)) };
}

/** Both addresses of the health check. */
function probesOnGateway({ vpnGatewayId, healthCheck }: VpnConnection): RangesOfRow {
  const addresses = [healthCheck.localAddress, healthCheck.remoteAddress].filter((address) => address !== null);
  return { of: [vpnGatewayId], ranges: addresses.map((address) => [blockOfOne(address)]) };
}

/** 0.0.0.0/0 says nothing about an address. */
function besideEverything(ranges: readonly Cidr[]): RangesOfRow['ranges'] {
  return ranges.filter((range) => range !== everything).map((range) => [range]);
}

function interfaceKey({ interfaceName, vlanId }: Pick<SubnetInterface, 'interfaceName' | 'vlanId'>): KeyParts {
  return [interfaceName, String(vlanId ?? 0)];
}

function byInterface(
  a: { readonly interfaceName: string; readonly vlanId: number | null },
  b: { readonly interfaceName: string; readonly vlanId: number | null },
): number {
  if (a.interfaceName !== b.interfaceName) return a.interfaceName < b.interfaceName ? -1 : 1;
  return (a.vlanId ?? 0) - (b.vlanId ?? 0);
}

/** Interfaces by name and VLAN, then VXLANs by VNI and port. */
function byPlace(a: DirectConnectLine, b: DirectConnectLine): number {
  if (a.kind === 'interface' && b.kind === 'interface') return byInterface(a, b);
  if (a.kind === 'vxlan' && b.kind === 'vxlan') return a.vni - b.vni || a.port - b.port;
  return a.kind === 'interface' ? -1 : 1;
}
