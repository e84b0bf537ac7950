import { everything, normalizeCidr, type IpAddress } from '@landbridge/net';
import { offeredToGateway, type CcnOffer } from '../derive/ccn-offers.ts';
import { attachmentOf } from '../derive/ccn-routes.ts';
import type { Rows } from '../image/rows.ts';
import type { DirectConnectGateway } from '../domain/direct-connect/direct-connect-gateway.ts';
import { vxlanMtu, type DirectConnectLine } from '../domain/direct-connect/direct-connect-line.ts';
import { rangesOfVpc } from '../domain/vpc/vpc.ts';
import type { CcnId, VpcId } from '../domain/resource-id.ts';
import { adjacent, innerCable } from '../plan/cable.ts';
import { clampMssFrom, clampMssInto } from './clamp-mss.ts';
import { hopWhileServed } from './hop-while-served.ts';
import { routerSysctls, tables } from './layout.ts';
import type { ChainPlan, TablePlan } from '../plan/packet-filter.ts';
import { accept, filterChain, is, tableOf, when } from './filter-words.ts';
import { checkLineSources } from './line-sources.ts';
import { boundStations } from './neighbour-bound.ts';
import type { LinkPlan, NetnsPlan, RoutePlan, RulePlan } from '../plan/plan.ts';
import { routerInput } from './router-input.ts';
import { line, ccnAddress, gatewaySideAddress, netnsName, networkSideAddress } from '../plan/names.ts';

const rules = { ownLine: 4, own: 5, ownOtherwise: 6, fromNetwork: 100, fromLine: 101, drop: 300 } as const;

/** What lies on the cloud's side: a VPC or a CCN. */
interface Network {
  readonly device: VpcId | CcnId;
  readonly via: IpAddress;
  /** What is reached there, and what of a CCN has to serve for it. */
  readonly destinations: readonly CcnOffer[];
}

/** The namespace of a Direct Connect gateway: a router between the line and its VPC or CCN. */
export function planDirectConnectGateway(gateway: DirectConnectGateway, rows: Rows): NetnsPlan {
  const network = networkOf(gateway, rows);
  const attached = rows.directConnectLines.get(gateway.id);
  return {
    key: gateway.id,
    netns: netnsName(gateway.id),
    sysctls: {
      ...routerSysctls,
      ...(network === null ? {} : { [`net.ipv4.conf.${network.device}.accept_local`]: '1' }),
    },
    links: [loopback, ...planNetworkLink(gateway, network), ...planLine(attached)],
    rules: planRules(gateway, network, attached),
    routes: [...planNetworkRoutes(network), ...planLineRoutes(gateway, rows, attached)],
    proxies: [],
    filter: tableOf({ chains: [forward(network, attached), routerInput] }, checkSources(gateway, attached, rows)),
    ...boundLine(attached),
    charon: null,
  };
}

function networkOf({ id, vpcId }: DirectConnectGateway, rows: Rows): Network | null {
  const vpc = vpcId === null ? undefined : rows.vpcs.get(vpcId);
  if (vpc !== undefined) {
    const destinations = rangesOfVpc(vpc).map((destination) => ({ destination, ranges: null }));
    return { device: vpc.id, via: networkSideAddress, destinations };
  }
  const attachment = attachmentOf(id, rows);
  if (attachment === undefined) return null;
  return { device: attachment.ccnId, via: ccnAddress, destinations: offeredToGateway(attachment, rows) };
}

const loopback: LinkPlan = {
  kind: 'loopback',
  name: 'lo',
  addresses: [{ address: `${gatewaySideAddress}/32`, scope: 'link' }],
};

function planNetworkLink({ id }: DirectConnectGateway, network: Network | null): LinkPlan[] {
  if (network === null) return [];
  const { device } = network;
  const peer = { netns: netnsName(device), name: id };
  return [
    { kind: 'veth', name: device, peer, addresses: [], cable: innerCable(id, device), adjacent: adjacent(device) },
  ];
}

function planLine(attached: DirectConnectLine | undefined): LinkPlan[] {
  if (attached === undefined) return [];
  const common = {
    addresses: [{ address: attached.localAddress, scope: 'global' as const }],
    neighbours: [{ address: attached.peerAddress, mac: null }],
  };
  if (attached.kind === 'vxlan') {
    const { vni, remoteAddress, underlayAddress, port } = attached;
    const mtu = vxlanMtu(attached);
    return [{ kind: 'vxlan', name: line, vni, remoteAddress, underlayAddress, port, mtu, ...common }];
  }
  const { interfaceName: hostInterface, vlanId } = attached;
  return [{ kind: 'attached', name: line, hostInterface, vlanId, master: null, ...common }];
}

/**
 * Packets made here: to the line's own network, else as if they were forwarded. Behind the line of a VPC's gateway is
 * everything, so the VPC comes first there; in a CCN the gateway's own ranges do.
 */
function planRules(
  gateway: DirectConnectGateway,
  network: Network | null,
  attached: DirectConnectLine | undefined,
): RulePlan[] {
  const { gateway: ranges, networkSide } = tables;
  const [own, otherwise] = gateway.network === 'vpc' ? [networkSide, ranges] : [ranges, networkSide];
  const lookup = (priority: number, iif: string, table: number): RulePlan => ({
    priority,
    iif,
    action: { kind: 'lookup', table },
  });
  return [
    lookup(rules.ownLine, 'lo', tables.main),
    lookup(rules.own, 'lo', own),
    lookup(rules.ownOtherwise, 'lo', otherwise),
    ...(network === null ? [] : [lookup(rules.fromNetwork, network.device, tables.gateway)]),
    ...(attached === undefined ? [] : [lookup(rules.fromLine, line, tables.networkSide)]),
    { priority: rules.drop, action: { kind: 'blackhole' } },
  ];
}

function planNetworkRoutes(network: Network | null): RoutePlan[] {
  if (network === null) return [];
  return network.destinations.map(({ destination, ranges }) => ({
    table: tables.networkSide,
    destination,
    metric: 0,
    kind: 'unicast',
    nextHops: [hopWhileServed(network, ranges)],
  }));
}

/** A VPC's own route table says what is behind the line; in a CCN the gateway's ranges do. */
function planLineRoutes(
  { id, network }: DirectConnectGateway,
  { directConnectRanges }: Rows,
  attached: DirectConnectLine | undefined,
): RoutePlan[] {
  if (attached === undefined) return [];
  const own = directConnectRanges.of('directConnectGateway', id);
  const destinations = network === 'vpc' ? [everything] : own.map(({ destination }) => destination);
  const nextHops = [{ device: line, via: attached.peerAddress }];
  return destinations.map((destination) => ({
    table: tables.gateway,
    destination,
    metric: 0,
    kind: 'unicast',
    nextHops,
  }));
}

/** The line's router is answered whatever else somebody writes into its network's name. */
function boundLine(attached: DirectConnectLine | undefined): Pick<NetnsPlan, 'neighbourBound'> {
  if (attached === undefined) return {};
  return { neighbourBound: boundStations(line, normalizeCidr(attached.localAddress), [attached.peerAddress]) };
}

function checkSources(
  gateway: DirectConnectGateway,
  attached: DirectConnectLine | undefined,
  rows: Rows,
): Partial<TablePlan> {
  return attached === undefined ? {} : checkLineSources(gateway, attached, line, rows);
}

/** Between the line and the network only. */
function forward(network: Network | null, attached: DirectConnectLine | undefined): ChainPlan {
  const passes =
    network === null || attached === undefined
      ? []
      : [
          when(is('iifname', line), is('oifname', network.device)).do(accept),
          when(is('iifname', network.device), is('oifname', line)).do(accept),
        ];
  const clamps =
    attached?.kind === 'vxlan'
      ? [clampMssInto(is('oifname', line)), clampMssFrom(is('iifname', line), vxlanMtu(attached))]
      : [];
  return filterChain('forward', 'forward', 'drop', [...clamps, ...passes]);
}
