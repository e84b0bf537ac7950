import {
  blockOfOne,
  cidrContains,
  type CidrIndex,
  cidrPrefixLength,
  everything,
  firstHost,
  parseCidr,
  type Cidr,
  type IpAddress,
} from '@landbridge/net';
import type { CcnAttachment, CcnInstance } from '../domain/ccn/ccn.ts';
import type {
  CcnId,
  CcnRouteTableId,
  DirectConnectGatewayId,
  SubnetId,
  VpcId,
  VpnConnectionId,
  VpnGatewayId,
} from '../domain/resource-id.ts';
import type { VpcRoute } from '../domain/vpc/route-table.ts';
import { rangesOfVpc, vpcRangeAround, type Vpc } from '../domain/vpc/vpc.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import { mappingsOf, type Mapping, type VpnConnection } from '../domain/vpn/vpn-connection.ts';
import type { VpnGatewayRoute } from '../domain/vpn/vpn-gateway-route.ts';
import type { VpnGateway } from '../domain/vpn/vpn-gateway.ts';
import type { Rows } from '../image/rows.ts';
import { announcedAround } from './ccn-announcement.ts';
import { attachmentOf, ccnRoutesOf, type CcnRoute } from './ccn-routes.ts';
import { rowsKeepingAll } from './derivation.ts';
import { foreignSources, foreignSourcesOfVpc } from './foreign-sources.ts';
import { rangesAt, routesAt } from './kept-index.ts';

/** Where a packet is put into the network: a host of a subnet sends it, or it comes out of a tunnel or a dedicated line. */
export type Origin =
  | { readonly kind: 'subnet'; readonly id: SubnetId }
  | { readonly kind: 'vpn-connection'; readonly id: VpnConnectionId }
  | { readonly kind: 'direct-connect-gateway'; readonly id: DirectConnectGatewayId };

export interface TracedPacket {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** Of ICMP errors: where the packet was going that they are about. */
  readonly quotedDestination?: IpAddress;
}

/** One way that a packet may take; a multipath route makes several of it. */
export interface Path {
  readonly hops: readonly Hop[];
  readonly end: End;
}

/** What a packet passes, and the row that decides there. */
export interface Hop {
  readonly at: CcnInstance['id'] | CcnId;
  readonly decidedBy: Decision;
}

export type Decision =
  /** The destination is the VPC's own. */
  | { readonly kind: 'vpc-range'; readonly vpcId: VpcId; readonly range: Cidr }
  | { readonly kind: 'vpc-route'; readonly route: VpcRoute }
  /** A pair of local and remote range of an SPD tunnel. */
  | { readonly kind: 'mapping'; readonly vpnConnectionId: VpnConnectionId; readonly mapping: Mapping }
  | { readonly kind: 'gateway-route'; readonly route: VpnGatewayRoute }
  /** What its CCN announces to the one that the packet passes. */
  | { readonly kind: 'announcement'; readonly range: Cidr }
  | { readonly kind: 'ccn-route'; readonly route: CcnRoute };

export type End =
  | { readonly kind: 'subnet'; readonly id: SubnetId }
  /** The address that hosts of the subnet use as their gateway. */
  | { readonly kind: 'router'; readonly id: SubnetId }
  /** Sent to the other end. */
  | { readonly kind: 'vpn-connection'; readonly id: VpnConnectionId }
  | { readonly kind: 'direct-connect-gateway'; readonly id: DirectConnectGatewayId }
  | {
      readonly kind: 'nowhere';
      readonly why: LossReason;
      /** Where it is lost; null: before it came to anything. */
      readonly at: Hop['at'] | null;
    };

export type LossReason =
  /** There is no such subnet, tunnel or gateway. */
  | 'unknown'
  /** "This network", loopback, multicast or broadcast. */
  | 'not-forwardable'
  /** No host has this source where the packet comes from. */
  | 'foreign-source'
  | 'no-route'
  /** In the VPC's range, and in no subnet. */
  | 'no-subnet'
  /** Gateways deliver to a VPC's own addresses only. */
  | 'not-in-vpc'
  /** Into or out of an SPD tunnel, and no mapping names it. */
  | 'no-mapping'
  | 'no-line'
  /** What a CCN sent never goes back to it. */
  | 'back-to-ccn'
  /** The gateway joins neither VPC nor CCN. */
  | 'not-joined';

/** RFC 1812 section 5.3.7. */
const neverForwarded = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '255.255.255.255/32'].map(parseCidr);

/** From where a packet comes to a gateway. */
type Side = 'network' | 'tunnel';

/**
 * The ways of packets by the rows alone (docs/spec/semantics.md, sections 5, 6 and 8 to 11), as every plan has them. What one trace
 * has looked up serves the next: to be used for many packets at once, and thrown away when the rows change.
 */
export class PacketTraces {
  readonly #rows: Rows;
  readonly #isUsable: IsUsable;
  readonly #forwardable = new Map<IpAddress, boolean>();
  readonly #foreign = new Map<CcnInstance['id'], CidrIndex<Cidr>>();

  constructor(rows: Rows, isUsable: IsUsable) {
    this.#rows = rowsKeepingAll(rows);
    this.#isUsable = isUsable;
  }

  /** At least one. */
  pathsOf(origin: Origin, packet: TracedPacket): readonly Path[] {
    if (!this.#isForwardable(packet.source) || !this.#isForwardable(packet.destination))
      return lost('not-forwardable', null);
    switch (origin.kind) {
      case 'subnet':
        return this.#fromSubnet(origin.id, packet);
      case 'vpn-connection':
        return this.#fromTunnel(origin.id, packet);
      case 'direct-connect-gateway':
        return this.#fromLine(origin.id, packet);
    }
  }

  #isForwardable(address: IpAddress): boolean {
    return kept(this.#forwardable, address, () => !isIn(neverForwarded, address));
  }

  /** What is local to the VPC stays there; else the longest prefix of the subnet's table, the user's before the CCN's. */
  #fromSubnet(id: SubnetId, packet: TracedPacket): readonly Path[] {
    const subnet = this.#rows.subnets.get(id);
    const vpc = subnet && this.#rows.vpcs.get(subnet.vpcId);
    if (subnet === undefined || vpc === undefined) return lost('unknown', null);
    if (!isIn(rangesOfVpc(vpc), packet.source)) return lost('foreign-source', vpc.id);
    const destination = blockOfOne(packet.destination);
    if (vpcRangeAround(vpc, destination) !== undefined) return this.#intoVpc(vpc.id, packet);
    const routes = routesAt(this.#rows.vpcRoutes.of('routeTable', subnet.routeTableId)).around(destination);
    const entries = [
      ...routes.filter(({ enabled }) => enabled).map(ofVpcRoute),
      ...this.#announcedTo(vpc.id, destination),
    ];
    const paths = best(entries).flatMap((entry) =>
      passing({ at: vpc.id, decidedBy: entry.decision }, this.#outOfVpc(vpc, entry.decision, packet)),
    );
    return paths.length === 0 ? lost('no-route', vpc.id) : paths;
  }

  #outOfVpc(vpc: Vpc, decision: Decision, packet: TracedPacket): readonly Path[] {
    if (decision.kind === 'vpc-route') {
      const { nextHop } = decision.route;
      return nextHop.kind === 'vpn-gateway'
        ? this.#throughGateway(nextHop.id, packet, 'network')
        : this.#intoLine(nextHop.id);
    }
    // VPCs may overlap: the source may be another instance's on the CCN.
    if (this.#isForeign(vpc.id, packet.source)) return lost('foreign-source', vpc.id);
    return this.#throughCcn(vpc.id, packet);
  }

  /** A plain router between the line and its VPC or CCN. */
  #fromLine(id: DirectConnectGatewayId, packet: TracedPacket): readonly Path[] {
    const gateway = this.#rows.directConnectGateways.get(id);
    if (gateway === undefined) return lost('unknown', null);
    if (!this.#mayComeByLine(id, gateway.vpcId, packet)) return lost('foreign-source', id);
    if (gateway.vpcId !== null) return this.#intoVpc(gateway.vpcId, packet);
    const [longest] = best(this.#announcedTo(id, blockOfOne(packet.destination)));
    if (longest === undefined) return lost('no-route', id);
    return passing({ at: id, decidedBy: longest.decision }, this.#throughCcn(id, packet));
  }

  /** What lies behind a line: the gateway's ranges in a CCN, what the VPC's routes lead there in a VPC. */
  #mayComeByLine(id: DirectConnectGatewayId, vpcId: VpcId | null, packet: TracedPacket): boolean {
    const { vpcRoutes, directConnectRanges } = this.#rows;
    const own =
      vpcId === null
        ? directConnectRanges.of('directConnectGateway', id)
        : vpcRoutes.of('nextHop', id).filter(({ enabled }) => enabled);
    const ranges = own.map(({ destination }) => destination);
    return !this.#isForged(id, vpcId, packet.source) && isAbout(ranges, packet);
  }

  #intoLine(id: DirectConnectGatewayId): readonly Path[] {
    if (this.#rows.directConnectLines.get(id) === undefined) return lost('no-line', id);
    return [{ hops: [], end: { kind: 'direct-connect-gateway', id } }];
  }

  /** An SPD tunnel lets out only what a mapping names in reverse, and only to the network side. */
  #fromTunnel(id: VpnConnectionId, packet: TracedPacket): readonly Path[] {
    const connection = this.#rows.vpnConnections.get(id);
    const gateway = connection && this.#rows.vpnGateways.get(connection.vpnGatewayId);
    if (connection === undefined || gateway === undefined) return lost('unknown', null);
    if (this.#isForged(gateway.id, gateway.vpcId, packet.source)) return lost('foreign-source', gateway.id);
    if (connection.mode === 'route') {
      const isFromThere = !gateway.checksSources || this.#isRoutedBack(connection, packet);
      return isFromThere ? this.#throughGateway(gateway.id, packet, 'tunnel') : lost('foreign-source', gateway.id);
    }
    const mapping = mappingsOf(connection).find(
      ({ local, remote }) => cidrContains(remote, packet.source) && cidrContains(local, packet.destination),
    );
    if (mapping === undefined) return lost('no-mapping', gateway.id);
    const hop: Hop = { at: gateway.id, decidedBy: { kind: 'mapping', vpnConnectionId: id, mapping } };
    return passing(hop, this.#toNetworkSide(gateway, packet));
  }

  #toNetworkSide({ id, vpcId }: VpnGateway, packet: TracedPacket): readonly Path[] {
    if (attachmentOf(id, this.#rows) !== undefined) return this.#throughCcn(id, packet);
    return vpcId === null ? lost('not-joined', id) : this.#intoVpc(vpcId, packet);
  }

  /** What has its address in the VPC, or elsewhere on the CCN, does not come from behind a gateway. */
  #isForged(id: VpnGatewayId | DirectConnectGatewayId, vpcId: VpcId | null, source: IpAddress): boolean {
    const vpc = vpcId === null ? undefined : this.#rows.vpcs.get(vpcId);
    return vpc === undefined ? this.#isForeign(id, source) : isIn(rangesOfVpc(vpc), source);
  }

  /** An enabled route leads back to the very tunnel, of any priority, usable or not; routers there have errors to report. */
  #isRoutedBack({ id, vpnGatewayId }: VpnConnection, packet: TracedPacket): boolean {
    const { vpnConnections, vpnGatewayRoutes } = this.#rows;
    const own = vpnGatewayRoutes.of('nextHop', id).filter(({ enabled }) => enabled);
    const ranges = own.map(({ destination }) => destination);
    if (isIn(ranges, packet.source)) return true;
    if (!isAbout(ranges, packet)) return false;
    const source = [blockOfOne(packet.source)];
    const isRouted = vpnGatewayRoutes
      .overlapping('destinations', source, vpnGatewayId)
      .some(({ enabled, nextHop }) => enabled && vpnConnections.get(nextHop.id)?.mode === 'route');
    return !isRouted && vpnConnections.overlapping('remotes', source, vpnGatewayId).length === 0;
  }

  /** The SPD first, then the gateway's route table. */
  #throughGateway(id: VpnGatewayId, packet: TracedPacket, from: Side): readonly Path[] {
    const gateway = this.#rows.vpnGateways.get(id);
    if (gateway === undefined) return lost('unknown', null);
    const mapped = this.#mappingFor(id, packet);
    if (mapped !== undefined) return passing({ at: id, decidedBy: mapped }, intoTunnel(mapped.vpnConnectionId));
    const paths = best(this.#entriesOf(gateway, packet.destination)).flatMap(({ decision }) =>
      passing({ at: id, decidedBy: decision }, this.#outOfGateway(id, decision, packet, from)),
    );
    return paths.length === 0 ? lost('no-route', id) : paths;
  }

  /** Of all tunnels of a gateway one mapping at most names a packet. */
  #mappingFor(id: VpnGatewayId, { source, destination }: TracedPacket) {
    const pair = [blockOfOne(source), blockOfOne(destination)];
    for (const connection of this.#rows.vpnConnections.overlapping('mappings', pair, id)) {
      const isMeant = ({ local, remote }: Mapping) => cidrContains(local, source) && cidrContains(remote, destination);
      const mapping = mappingsOf(connection).find(isMeant);
      if (mapping !== undefined) return { kind: 'mapping', vpnConnectionId: connection.id, mapping } as const;
    }
    return undefined;
  }

  /** The VPC's ranges come before routes of the same length, and the CCN's after them. */
  #entriesOf(gateway: VpnGateway, address: IpAddress): Entry[] {
    const { vpnGatewayRoutes, vpcs } = this.#rows;
    const destination = blockOfOne(address);
    const routes = [
      ...vpnGatewayRoutes.overlapping('destinations', [destination], gateway.id),
      ...vpnGatewayRoutes.of('destination', gateway.id, everything),
    ];
    const vpc = gateway.vpcId === null ? undefined : vpcs.get(gateway.vpcId);
    const range = vpc && vpcRangeAround(vpc, destination);
    return [
      ...routes.filter((route) => route.enabled && this.#leadsOn(route)).map(ofGatewayRoute),
      ...(vpc === undefined || range === undefined ? [] : [ofVpcRange(vpc.id, range)]),
      ...this.#announcedTo(gateway.id, destination),
    ];
  }

  #leadsOn({ vpnGatewayId, nextHop }: VpnGatewayRoute): boolean {
    if (nextHop.kind === 'ccn') return attachmentOf(vpnGatewayId, this.#rows)?.ccnId === nextHop.id;
    return this.#isUsable(nextHop.id);
  }

  #outOfGateway(id: VpnGatewayId, decision: Decision, packet: TracedPacket, from: Side): readonly Path[] {
    if (decision.kind === 'vpc-range') return this.#intoVpc(decision.vpcId, packet);
    if (decision.kind === 'gateway-route' && decision.route.nextHop.kind === 'vpn-connection') {
      // A mapping would have been met before any route.
      const connection = this.#rows.vpnConnections.get(decision.route.nextHop.id);
      return connection?.mode === 'route' ? intoTunnel(connection.id) : lost('no-mapping', id);
    }
    return from === 'network' ? lost('back-to-ccn', id) : this.#throughCcn(id, packet);
  }

  /** A sender reaches every enabled route of its table: the longest prefix, any of several. */
  #throughCcn(from: CcnInstance['id'], packet: TracedPacket): readonly Path[] {
    const attachment = attachmentOf(from, this.#rows);
    if (attachment === undefined) return lost('not-joined', from);
    const table = { ccnId: attachment.ccnId, routeTableId: tableOfSender(attachment, packet.source, this.#rows) };
    const around = routesAt(ccnRoutesOf(table, this.#rows, this.#isUsable)).around(blockOfOne(packet.destination));
    const paths = best(around.filter(({ enabled }) => enabled).map(ofCcnRoute)).flatMap(({ decision, instance }) =>
      passing({ at: attachment.ccnId, decidedBy: decision }, this.#intoInstance(instance, packet)),
    );
    return paths.length === 0 ? lost('no-route', attachment.ccnId) : paths;
  }

  #intoInstance(instance: CcnInstance, packet: TracedPacket): readonly Path[] {
    switch (instance.kind) {
      case 'vpc':
        return this.#intoVpc(instance.id, packet);
      case 'vpn-gateway':
        return this.#throughGateway(instance.id, packet, 'network');
      case 'direct-connect-gateway':
        return this.#intoLine(instance.id);
    }
  }

  /** Delivered to subnets only: a VPC does not transit. */
  #intoVpc(id: VpcId, { destination }: TracedPacket): readonly Path[] {
    const vpc = this.#rows.vpcs.get(id);
    const range = vpc && vpcRangeAround(vpc, blockOfOne(destination));
    if (range === undefined) return lost('not-in-vpc', id);
    const hop: Hop = { at: id, decidedBy: { kind: 'vpc-range', vpcId: id, range } };
    const [subnet] = this.#rows.subnets.overlapping('cidr', [blockOfOne(destination)], id);
    if (subnet === undefined) return passing(hop, lost('no-subnet', id));
    const kind = firstHost(subnet.cidr) === destination ? 'router' : 'subnet';
    return [{ hops: [hop], end: { kind, id: subnet.id } }];
  }

  /** What its CCN announces to an instance, as far as it is around this range. */
  #announcedTo(id: CcnInstance['id'], range: Cidr): Entry[] {
    const attachment = attachmentOf(id, this.#rows);
    if (attachment === undefined) return [];
    return [...new Set(announcedAround(attachment, range, this.#rows, this.#isUsable))].map(ofAnnouncement);
  }

  /** Others' on the CCN; failures change nothing here. */
  #isForeign(id: CcnInstance['id'], source: IpAddress): boolean {
    const foreign = kept(this.#foreign, id, () => {
      const attachment = attachmentOf(id, this.#rows);
      if (attachment === undefined) return rangesAt([]);
      const { instance } = attachment;
      if (instance.kind !== 'vpc') return rangesAt(foreignSources(instance.id, this.#rows));
      const vpc = this.#rows.vpcs.get(instance.id);
      return rangesAt(vpc === undefined ? [] : foreignSourcesOfVpc(vpc, this.#rows));
    });
    return foreign.around(blockOfOne(source)).length > 0;
  }
}

/** The route table of a CCN that decides about what an instance sends: a selection policy of its longest source, else its own. */
export function tableOfSender(
  { instance, routeTableId }: Pick<CcnAttachment, 'instance' | 'routeTableId'>,
  source: IpAddress,
  { ccnSelectionPolicies }: Pick<Rows, 'ccnSelectionPolicies'>,
): CcnRouteTableId {
  const [selected] = ccnSelectionPolicies
    .of('instance', instance.id)
    .filter((policy) => cidrContains(policy.source, source))
    .sort((a, b) => cidrPrefixLength(b.source) - cidrPrefixLength(a.source));
  return selected?.routeTableId ?? routeTableId;
}

/** What a route table knows of a destination. */
interface Entry {
  readonly destination: Cidr;
  /** Of those with the longest prefix the least decides; of several, any. */
  readonly rank: number;
  readonly decision: Decision;
}

const ranks = { vpcRange: -1, vpcRoute: 0, announcement: 1000 };

function ofVpcRange(vpcId: VpcId, range: Cidr): Entry {
  return { destination: range, rank: ranks.vpcRange, decision: { kind: 'vpc-range', vpcId, range } };
}

function ofVpcRoute(route: VpcRoute): Entry {
  return { destination: route.destination, rank: ranks.vpcRoute, decision: { kind: 'vpc-route', route } };
}

function ofGatewayRoute(route: VpnGatewayRoute): Entry {
  return { destination: route.destination, rank: route.priority, decision: { kind: 'gateway-route', route } };
}

function ofAnnouncement(range: Cidr): Entry {
  return { destination: range, rank: ranks.announcement, decision: { kind: 'announcement', range } };
}

function ofCcnRoute(route: CcnRoute): Entry & Pick<CcnRoute, 'instance'> {
  const { destination, instance } = route;
  return { destination, instance, rank: 0, decision: { kind: 'ccn-route', route } };
}

function best<Candidate extends Entry>(entries: readonly Candidate[]): readonly Candidate[] {
  if (entries.length < 2) return entries;
  const longest = Math.max(...entries.map(({ destination }) => cidrPrefixLength(destination)));
  const fitting = entries.filter(({ destination }) => cidrPrefixLength(destination) === longest);
  const least = Math.min(...fitting.map(({ rank }) => rank));
  return fitting.filter(({ rank }) => rank === least);
}

function intoTunnel(id: VpnConnectionId): readonly Path[] {
  return [{ hops: [], end: { kind: 'vpn-connection', id } }];
}

function lost(why: LossReason, at: Hop['at'] | null): readonly Path[] {
  return [{ hops: [], end: { kind: 'nowhere', why, at } }];
}

function passing(hop: Hop, paths: readonly Path[]): readonly Path[] {
  return paths.map(({ hops, end }) => ({ hops: [hop, ...hops], end }));
}

function isIn(ranges: readonly Cidr[], address: IpAddress): boolean {
  return ranges.some((range) => cidrContains(range, address));
}

/** It comes from there, or is an ICMP error about a packet on its way there: routers have addresses of their own. */
function isAbout(ranges: readonly Cidr[], { source, quotedDestination }: TracedPacket): boolean {
  return isIn(ranges, source) || (quotedDestination !== undefined && isIn(ranges, quotedDestination));
}

function kept<Key, Value>(values: Map<Key, Value>, key: Key, make: () => Value): Value {
  const known = values.get(key);
  if (known !== undefined) return known;
  const value = make();
  values.set(key, value);
  return value;
}
