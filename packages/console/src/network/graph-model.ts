import type { Gateway } from '../tunnels/gateway-book.ts';
import { kindOf, type StateKind, type Tunnel, type TunnelState } from '../tunnels/tunnel.ts';
import type { Connection, NetworkAnswers } from './network-answers.ts';

export type NodeKind =
  'customer-gateway' | 'vpn-gateway' | 'vpc' | 'ccn' | 'direct-connect-gateway' | 'line' | 'tunnels';

export interface NodeRow {
  readonly id: string;
  readonly name: string;
  readonly detail: string;
}

export interface GraphNode {
  readonly id: string;
  readonly kind: NodeKind;
  readonly name: string;
  /** Its address or range. */
  readonly detail: string;
  /** What is in it: subnets. */
  readonly rows: readonly NodeRow[];
  /** Another account's: nothing but its id is known. */
  readonly isOthers: boolean;
  /** What a filter looks through, in small letters. */
  readonly text: string;
  /** Of a group of tunnels, by state. */
  readonly counts?: Readonly<Record<StateKind, number>>;
  /** Of a group of tunnels. */
  readonly gatewayId?: string;
}

/** From the outside inwards. */
export interface GraphLink {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  /** Null: it belongs there, or is attached. */
  readonly tunnel: LinkedTunnel | null;
  readonly text: string;
}

export interface LinkedTunnel {
  readonly id: string;
  readonly name: string;
  readonly state: TunnelState;
  readonly kind: StateKind;
}

export interface Graph {
  readonly nodes: ReadonlyMap<string, GraphNode>;
  readonly links: readonly GraphLink[];
}

export interface GraphSources {
  readonly answers: NetworkAnswers;
  readonly gateways: Iterable<Gateway>;
  readonly stateOf: (id: string) => Pick<Tunnel, 'State'> | undefined;
}

/** A line has no id of its own. */
export function lineIdOf(directConnectGatewayId: string): string {
  return `${directConnectGatewayId}.line`;
}

/** The network as objects and what joins them. */
export function graphOf({ answers, gateways, stateOf }: GraphSources): Graph {
  const own = [...gateways];
  const nodes = new Map(nodesOf(answers, own).map((node) => [node.id, node]));
  const joins = [...belongings(answers, own), ...attachments(answers)];
  for (const id of joins.flat()) if (!nodes.has(id)) nodes.set(id, othersNode(id, answers));
  const tunnels = answers.connections
    .filter(({ CustomerGatewayId, VpnGatewayId }) => nodes.has(CustomerGatewayId) && nodes.has(VpnGatewayId))
    .map((connection) => tunnelLink(connection, stateOf(connection.VpnConnectionId)));
  const plain = new Map(joins.map(([from, to]) => [`${from} ${to}`, { from, to }]));
  const links = [...plain].map(([id, ends]) => ({ id, ...ends, tunnel: null, text: '' }));
  return { nodes, links: [...tunnels, ...links] };
}

function nodesOf(answers: NetworkAnswers, gateways: readonly Gateway[]): GraphNode[] {
  const subnets = Map.groupBy(answers.subnets, ({ VpcId }) => VpcId);
  return [
    ...answers.customerGateways.map(({ CustomerGatewayId, CustomerGatewayName, IpAddress }) =>
      node('customer-gateway', CustomerGatewayId, CustomerGatewayName, IpAddress),
    ),
    ...linesOf(answers).map(({ DirectConnectGatewayId, InterfaceName, VlanId, PeerAddress, Vxlan }) => {
      const vlan = VlanId === null ? '' : `.${VlanId}`;
      const name = Vxlan === null ? `${InterfaceName}${vlan}` : `VXLAN ${Vxlan.Vni}`;
      return node('line', lineIdOf(DirectConnectGatewayId), name, PeerAddress);
    }),
    ...gateways.map(({ VpnGatewayId, VpnGatewayName, PublicIpAddress, TagSet }) =>
      node('vpn-gateway', VpnGatewayId, VpnGatewayName, PublicIpAddress, TagSet),
    ),
    ...answers.directConnectGateways.map((gateway) => {
      const { DirectConnectGatewayId, DirectConnectGatewayName, DirectConnectGatewayIp } = gateway;
      return node('direct-connect-gateway', DirectConnectGatewayId, DirectConnectGatewayName, DirectConnectGatewayIp);
    }),
    ...answers.ccns.map(({ CcnId, CcnName, TagSet }) => node('ccn', CcnId, CcnName, '', TagSet)),
    ...answers.vpcs.map(({ VpcId, VpcName, CidrBlock, AssistantCidrSet, TagSet }) => {
      const ranges = [CidrBlock, ...AssistantCidrSet.map((range) => range.CidrBlock)].join(', ');
      const own = subnets.get(VpcId) ?? [];
      const rows = own.map((subnet) => ({
        ...{ id: subnet.SubnetId, name: subnet.SubnetName, detail: subnet.CidrBlock },
      }));
      return node('vpc', VpcId, VpcName, ranges, [...TagSet, ...own.flatMap((subnet) => subnet.TagSet)], rows);
    }),
  ];
}

/** An administrator is shown everybody's. */
function linesOf({ lines, directConnectGateways }: NetworkAnswers) {
  const own = new Set<string>(directConnectGateways.map(({ DirectConnectGatewayId }) => DirectConnectGatewayId));
  return lines.filter(({ DirectConnectGatewayId }) => own.has(DirectConnectGatewayId));
}

type Join = readonly [from: string, to: string];

function belongings(answers: NetworkAnswers, gateways: readonly Gateway[]): Join[] {
  return [
    ...gateways.flatMap(({ VpnGatewayId, VpcId }): Join[] => (VpcId === '' ? [] : [[VpnGatewayId, VpcId]])),
    ...answers.directConnectGateways.flatMap(({ DirectConnectGatewayId, VpcId }): Join[] =>
      VpcId === '' ? [] : [[DirectConnectGatewayId, VpcId]],
    ),
    ...linesOf(answers).map(({ DirectConnectGatewayId: id }): Join => [lineIdOf(id), id]),
  ];
}

/** Gateways stand before a CCN, and VPCs behind it. */
function attachments({ attachments: all }: NetworkAnswers): Join[] {
  return all
    .filter(({ State }) => State === 'ACTIVE' || State === 'ATTACHING')
    .map(({ CcnId, InstanceId, InstanceType }) => (InstanceType === 'VPC' ? [CcnId, InstanceId] : [InstanceId, CcnId]));
}

const kindsByPrefix: Readonly<Record<string, NodeKind>> = {
  ...{ vpc: 'vpc', ccn: 'ccn', vpngw: 'vpn-gateway', dcg: 'direct-connect-gateway' },
};

function othersNode(id: string, { attachments: all }: NetworkAnswers): GraphNode {
  const name = all.find(({ InstanceId }) => InstanceId === id)?.InstanceName ?? '';
  return { ...node(kindsByPrefix[id.slice(0, id.indexOf('-'))] ?? 'vpc', id, name, ''), isOthers: true };
}

type Tags = readonly { readonly Key: string; readonly Value: string }[];

function node(
  kind: NodeKind,
  id: string,
  name: string,
  detail: string,
  tags: Tags = [],
  rows: readonly NodeRow[] = [],
): GraphNode {
  const inside = rows.flatMap((row) => [row.id, row.name, row.detail]);
  const text = textOf([id, name, detail, ...inside], tags);
  return { id, kind, name: name || id, detail, rows, isOthers: false, text };
}

function tunnelLink(connection: Connection, told: Pick<Tunnel, 'State'> | undefined): GraphLink {
  const { VpnConnectionId: id, VpnConnectionName, CustomerGatewayId: from, VpnGatewayId: to, TagSet } = connection;
  const state = told?.State ?? 'unknown';
  const tunnel = { id, name: VpnConnectionName || id, state, kind: kindOf({ State: state }) };
  return { id, from, to, tunnel, text: textOf([id, VpnConnectionName, state], TagSet) };
}

function textOf(words: readonly string[], tags: Tags): string {
  return [...words, ...tags.flatMap(({ Key, Value }) => [Key, Value, `${Key}=${Value}`])].join('\n').toLowerCase();
}
