import { cidrPrefixLength, firstHost, networkAddress, parseCidr, type Cidr, type IpAddress } from '@landbridge/net';
import type { CcnAttachment, CcnInstance } from '../../src/domain/ccn/ccn.ts';
import type { InstanceCondition, RouteCondition } from '../../src/domain/ccn/ccn-route-policy.ts';
import { ccnRoutesOf, type CcnRoute } from '../../src/derive/ccn-routes.ts';
import type {
  CcnId,
  CcnRouteTableId,
  DirectConnectGatewayId,
  SubnetId,
  VpcId,
  VpnConnectionId,
  VpnGatewayId,
} from '../../src/domain/resource-id.ts';
import type { Vpc } from '../../src/domain/vpc/vpc.ts';
import type { VpcNextHop } from '../../src/domain/vpc/route-table.ts';
import { mappingsOf, type VpnConnection } from '../../src/domain/vpn/vpn-connection.ts';
import type { VpnGateway } from '../../src/domain/vpn/vpn-gateway.ts';
import type { VpnGatewayRoute } from '../../src/domain/vpn/vpn-gateway-route.ts';
import type { Rows } from '../../src/image/rows.ts';
import { rowsOf } from '../image-of.ts';
import { covers, type Packet } from './packet.ts';
import type { Arrival, World } from './world.ts';

/**
 * Who reaches whom, by the words of docs/spec/semantics.md (sections 5, 6 and 8 to 11) and docs/spec/scenarios.md. It
 * asks the rows alone, knows no namespace, rule or table, and imports nothing of the planner: where the two differ, one
 * is wrong.
 */
export class ReachabilityModel {
  readonly #world: World;
  readonly #rows: Rows;
  readonly #connections: ReadonlyMap<VpnGatewayId, readonly VpnConnection[]>;
  /** All routes of a CCN, in whatever table, as if every tunnel worked: who has which address. */
  readonly #holders: ReadonlyMap<CcnId, readonly CcnRoute[]>;
  /** Enabled routes of each route table of a CCN. */
  readonly #ccnRoutes: ReadonlyMap<CcnRouteTableId, readonly CcnRoute[]>;

  constructor(world: World) {
    this.#world = world;
    this.#rows = rowsOf(world.desired);
    this.#connections = Map.groupBy(world.desired.vpnConnections, ({ vpnGatewayId }) => vpnGatewayId);
    this.#holders = Map.groupBy(
      world.desired.ccnRouteTables.flatMap(({ id, ccnId }) =>
        ccnRoutesOf({ ccnId, routeTableId: id }, this.#rows, () => true),
      ),
      ({ ccnId }) => ccnId,
    );
    this.#ccnRoutes = new Map(world.desired.ccnRouteTables.map(({ id, ccnId }) => [id, this.#enabledIn(ccnId, id)]));
  }

  /** Section 10: what is local to the VPC stays there; else the longest prefix of the subnet's table; nothing else. */
  fromSubnet(id: SubnetId, packet: Packet): Set<Arrival> {
    if (!isForwardable(packet)) return new Set(['nowhere']);
    const subnet = find(this.#world.desired.subnets, id);
    const vpc = find(this.#world.desired.vpcs, subnet.vpcId);
    if (!isLocal(vpc, packet.source)) return new Set(['nowhere']);
    if (isLocal(vpc, packet.destination)) return new Set([this.#inVpc(vpc.id, packet.destination)]);
    const routes = this.#world.desired.vpcRoutes
      .filter((route) => route.routeTableId === subnet.routeTableId && route.enabled)
      .map(({ destination, nextHop }) => ({ destination, rank: 0, hop: nextHop }));
    const entries = [...routes, ...this.#learned(vpc.id)].filter(({ destination }) =>
      covers(destination, packet.destination),
    );
    return union(best(entries).map(({ hop }) => this.#fromVpc(hop, packet)));
  }

  #fromVpc(hop: VpcNextHop | CcnHop, packet: Packet): Set<Arrival> {
    switch (hop.kind) {
      case 'vpn-gateway':
        return this.#throughGateway(find(this.#world.desired.vpnGateways, hop.id), packet, 'network');
      case 'direct-connect-gateway':
        return this.#intoLine(hop.id);
      case 'ccn':
        return this.#isAnothersInCcn(hop.from, packet.source)
          ? new Set(['nowhere'])
          : this.#throughCcn(hop.from, packet);
    }
  }

  /** VPCs may overlap: an address in the VPC's range is another instance's where that has an enabled route, and the VPC no longer one. */
  #isAnothersInCcn(id: CcnInstance['id'], source: IpAddress): boolean {
    const ccnId = this.#attachmentOf(id)?.ccnId;
    const routes = (ccnId === undefined ? [] : (this.#holders.get(ccnId) ?? [])).filter(
      ({ enabled, destination }) => enabled && cidrPrefixLength(destination) > 0 && covers(destination, source),
    );
    const precision = (isOwn: boolean) =>
      Math.max(
        -1,
        ...routes
          .filter(({ instance }) => (instance.id === id) === isOwn)
          .map((one) => cidrPrefixLength(one.destination)),
      );
    return precision(false) > precision(true);
  }

  /** Section 11: a plain router between the line and its VPC or CCN, which hears what the CCN announces. */
  fromLine(id: DirectConnectGatewayId, packet: Packet): Set<Arrival> {
    const { vpcId } = find(this.#world.desired.directConnectGateways, id);
    if (!isForwardable(packet) || !this.#mayComeByLine(id, vpcId, packet)) return new Set(['nowhere']);
    if (vpcId !== null) return new Set([this.#fromGatewayToVpc(vpcId, packet)]);
    const heard = this.#learned(id).find(({ destination }) => covers(destination, packet.destination));
    return heard === undefined ? new Set(['nowhere']) : this.#throughCcn(id, packet);
  }

  /** What lies behind a line: the gateway's ranges in a CCN, what the VPC's routes lead there in a VPC. */
  #mayComeByLine(id: DirectConnectGatewayId, vpcId: VpcId | null, packet: Packet): boolean {
    const { vpcs, vpcRoutes, directConnectRanges } = this.#world.desired;
    const routes = vpcId === null ? [] : vpcRoutes.filter(({ enabled, nextHop }) => enabled && nextHop.id === id);
    const own = vpcId === null ? directConnectRanges.filter((one) => one.directConnectGatewayId === id) : routes;
    const ranges = own.map(({ destination }) => destination);
    const isOthers =
      vpcId === null ? this.#belongsToOthers(id, packet.source, ranges) : isLocal(find(vpcs, vpcId), packet.source);
    return !isOthers && isFrom(ranges, packet);
  }

  #intoLine(id: DirectConnectGatewayId): Set<Arrival> {
    const lines = this.#world.desired.directConnectLines;
    return new Set([lines.some((line) => line.directConnectGatewayId === id) ? id : 'nowhere']);
  }

  #attachmentOf(id: CcnInstance['id']): CcnAttachment | undefined {
    return this.#world.desired.ccnAttachments.find(({ instance }) => instance.id === id);
  }

  /**
   * Section 9: input policies decide which routes enter a table; the first that fits, and none lets the route in. Section 7:
   * a range is published as long as one of its entries is usable.
   */
  #enabledIn(ccnId: CcnId, routeTableId: CcnRouteTableId): CcnRoute[] {
    const lets = this.#world.desired.ccnRoutePolicyLists.find(
      (list) => list.routeTableId === routeTableId && list.direction === 'input',
    );
    return ccnRoutesOf({ ccnId, routeTableId }, this.#rows, (tunnel) => this.#works(tunnel))
      .filter(({ enabled }) => enabled)
      .filter((route) => {
        const first = lets?.policies.find(({ conditions }) => conditions.every((condition) => fits(condition, route)));
        return first === undefined || first.action === 'accept';
      });
  }

  /** Section 9: the table of the longest selected source range, else the one that the sender is bound to. */
  #tableFor(from: CcnInstance['id'], { source }: Packet): CcnRouteTableId | undefined {
    const selected = this.#world.desired.ccnSelectionPolicies
      .filter((policy) => policy.instance.id === from && covers(policy.source, source))
      .map(({ source: destination, routeTableId }) => ({ destination, routeTableId }));
    return longest(selected)[0]?.routeTableId ?? this.#attachmentOf(from)?.routeTableId;
  }

  /** Section 9: a sender reaches every enabled route of its table; the longest prefix, any of several (ECMP). */
  #throughCcn(from: CcnInstance['id'], packet: Packet): Set<Arrival> {
    const table = this.#tableFor(from, packet);
    const known = (table === undefined ? undefined : this.#ccnRoutes.get(table)) ?? [];
    const routes = known.filter(({ destination }) => covers(destination, packet.destination));
    return union(longest(routes).map(({ instance }) => this.#toInstance(instance, packet)));
  }

  #toInstance(instance: CcnInstance, packet: Packet): Set<Arrival> {
    switch (instance.kind) {
      case 'vpc':
        return new Set([this.#fromGatewayToVpc(instance.id, packet)]);
      case 'vpn-gateway':
        return this.#throughGateway(find(this.#world.desired.vpnGateways, instance.id), packet, 'network');
      case 'direct-connect-gateway':
        return this.#intoLine(instance.id);
    }
  }

  /** What an instance hears of its CCN: others' routes, and whole ranges of VPCs where it is a gateway (section 8). */
  #learned(id: CcnInstance['id']): { destination: Cidr; rank: number; hop: CcnHop }[] {
    const attachment = this.#attachmentOf(id);
    if (attachment === undefined) return [];
    const isVpc = id.startsWith('vpc-');
    return (this.#ccnRoutes.get(attachment.routeTableId) ?? [])
      .filter((route) => route.instance.id !== id && this.#isAnnounced(route, attachment))
      .map(({ destination, instance }) => ({
        destination:
          isVpc || instance.kind !== 'vpc'
            ? destination
            : rangeAround(find(this.#world.desired.vpcs, instance.id), destination),
        rank: 1000,
        hop: { kind: 'ccn', from: id },
      }));
  }

  /** Section 9: broadcast policies decide what is announced to whom; the first that fits, and none announces. */
  #isAnnounced(route: CcnRoute, hearer: CcnAttachment): boolean {
    const list = this.#world.desired.ccnRoutePolicyLists.find(
      ({ routeTableId, direction }) => routeTableId === hearer.routeTableId && direction === 'broadcast',
    );
    const first = list?.policies.find(
      ({ conditions, audience }) =>
        conditions.every((condition) => fits(condition, route)) &&
        audience.every((condition) => fits(condition, hearer)),
    );
    return first === undefined || first.action === 'accept';
  }

  /**
   * Section 6, "Lookup order in the gateway", for a packet that came out of a tunnel. An SPD tunnel lets out only what a
   * mapping names in reverse, and only to the network side.
   */
  fromTunnel(id: VpnConnectionId, packet: Packet): Set<Arrival> {
    const connection = find(this.#world.desired.vpnConnections, id);
    const gateway = find(this.#world.desired.vpnGateways, connection.vpnGatewayId);
    if (!isForwardable(packet) || this.#isForged(gateway, packet)) return new Set(['nowhere']);
    if (connection.mode === 'route' && gateway.checksSources && !this.#isRoutedBack(connection, packet)) {
      return new Set(['nowhere']);
    }
    if (connection.mode === 'route') return this.#throughGateway(gateway, packet, 'tunnel');
    const isNamed = mappingsOf(connection).some(
      ({ local, remote }) => covers(remote, packet.source) && covers(local, packet.destination),
    );
    if (isNamed && this.#attachmentOf(gateway.id) !== undefined) return this.#throughCcn(gateway.id, packet);
    return new Set([isNamed && gateway.vpcId !== null ? this.#fromGatewayToVpc(gateway.vpcId, packet) : 'nowhere']);
  }

  /** What is in the VPC does not come out of a tunnel: such a packet could pose as VPC traffic to another tunnel's SPD. */
  #isForged({ id, vpcId }: VpnGateway, { source }: Packet): boolean {
    if (vpcId !== null) return isLocal(find(this.#world.desired.vpcs, vpcId), source);
    return this.#belongsToOthers(id, source, this.#rangesOf(id));
  }

  #rangesOf(id: VpnGatewayId): Cidr[] {
    return [
      ...this.#world.desired.vpnGatewayRoutes
        .filter((one) => one.vpnGatewayId === id && one.nextHop.kind !== 'ccn')
        .map(({ destination }) => destination),
      ...(this.#connections.get(id) ?? []).flatMap((one) =>
        one.mode === 'spd' ? mappingsOf(one).map(({ remote }) => remote) : [],
      ),
    ];
  }

  /** An enabled gateway route leads to the very tunnel, of any priority, usable or not; routers there have errors to report. */
  #isRoutedBack({ id, vpnGatewayId }: VpnConnection, packet: Packet): boolean {
    const behind = (tunnel: VpnConnection): Cidr[] =>
      tunnel.mode === 'spd'
        ? mappingsOf(tunnel).map(({ remote }) => remote)
        : this.#world.desired.vpnGatewayRoutes
            .filter(({ enabled, nextHop }) => enabled && nextHop.id === tunnel.id)
            .map(({ destination }) => destination);
    const tunnels = this.#connections.get(vpnGatewayId) ?? [];
    const own = tunnels.filter((tunnel) => tunnel.id === id).flatMap(behind);
    if (own.some((range) => covers(range, packet.source))) return true;
    const others = tunnels.flatMap(behind).filter((range) => cidrPrefixLength(range) > 0);
    return isFrom(own, packet) && !others.some((range) => covers(range, packet.source));
  }

  /**
   * The same on a CCN, for what it leads to others. An address behind the gateway itself may have come from there, unless a
   * subnet of a VPC names it more precisely; a default route says nothing about who has which address.
   */
  #belongsToOthers(id: CcnInstance['id'], source: IpAddress, mine: readonly Cidr[]): boolean {
    const { desired } = this.#world;
    const ccnId = this.#attachmentOf(id)?.ccnId;
    if (ccnId === undefined) return false;
    const precision = Math.max(-1, ...mine.filter((range) => covers(range, source)).map(cidrPrefixLength));
    return (this.#holders.get(ccnId) ?? []).some(({ enabled, instance, destination }) => {
      if (!enabled || instance.id === id || cidrPrefixLength(destination) === 0) return false;
      if (instance.kind !== 'vpc') return precision < 0 && covers(destination, source);
      if (precision < 0) return covers(rangeAround(find(desired.vpcs, instance.id), destination), source);
      return covers(destination, source) && cidrPrefixLength(destination) > precision;
    });
  }

  /** From the network side or from a destination-route tunnel: the SPD first, then the gateway's route table. */
  #throughGateway(gateway: VpnGateway, packet: Packet, from: 'network' | 'tunnel'): Set<Arrival> {
    const connections = this.#connections.get(gateway.id) ?? [];
    const chosen = connections.find((connection) => isMapped(connection, packet));
    if (chosen !== undefined) return new Set([this.#atIdc(chosen, packet)]);
    return union(this.#bestEntries(gateway, packet.destination).map((hop) => this.#fromGateway(hop, packet, from)));
  }

  /** Section 7: the entries of a tunnel that failed are taken out. */
  #works(id: VpnConnectionId): boolean {
    return this.#world.unusable?.has(id) !== true;
  }

  #leadsOn({ vpnGatewayId, nextHop }: VpnGatewayRoute): boolean {
    return nextHop.kind === 'ccn' ? this.#attachmentOf(vpnGatewayId)?.ccnId === nextHop.id : this.#works(nextHop.id);
  }

  /** What a CCN sent here never goes back to it. */
  #fromGateway(hop: Entry['hop'], packet: Packet, from: 'network' | 'tunnel'): Set<Arrival> {
    switch (hop.kind) {
      case 'vpc':
        return new Set([this.#fromGatewayToVpc(hop.id, packet)]);
      case 'ccn':
        return from === 'network' ? new Set(['nowhere']) : this.#throughCcn(hop.from, packet);
      case 'vpn-connection':
        return new Set([this.#intoTunnel(hop.id, packet)]);
    }
  }

  /** The longest prefix; there the VPC's own entry, else those of the better priority (ECMP), else the CCN's. */
  #bestEntries(gateway: VpnGateway, destination: IpAddress): readonly Entry['hop'][] {
    const entries = this.#world.desired.vpnGatewayRoutes
      .filter((route) => route.vpnGatewayId === gateway.id && route.enabled && this.#leadsOn(route))
      .map(({ destination, priority, nextHop }): Entry => ({
        ...{ destination, rank: priority },
        hop: nextHop.kind === 'ccn' ? { kind: 'ccn', from: gateway.id } : nextHop,
      }));
    if (gateway.vpcId !== null) {
      const { id, cidr, secondaryRanges } = find(this.#world.desired.vpcs, gateway.vpcId);
      const ranges = [cidr, ...secondaryRanges.map((range) => range.cidr)];
      entries.push(...ranges.map((destination): Entry => ({ destination, rank: -1, hop: { kind: 'vpc', id } })));
    }
    entries.push(...this.#learned(gateway.id));
    return best(entries.filter((entry) => covers(entry.destination, destination))).map(({ hop }) => hop);
  }

  /** A destination route may name an SPD tunnel; its mappings hold all the same (scenario 6, case 3). */
  #intoTunnel(id: VpnConnectionId, packet: Packet): Arrival {
    const connection = find(this.#world.desired.vpnConnections, id);
    return connection.mode === 'route' || isMapped(connection, packet) ? this.#atIdc(connection, packet) : 'nowhere';
  }

  #atIdc({ customerGatewayId }: VpnConnection, { destination }: Packet): Arrival {
    const idc = find(this.#world.idcs, customerGatewayId);
    return idc.ranges.some((range) => covers(range, destination)) ? idc.id : 'nowhere';
  }

  /** Packets from a gateway are delivered to subnets only; a VPC does not transit them (section 10). */
  #fromGatewayToVpc(vpcId: VpcId, { destination }: Packet): Arrival {
    const vpc = find(this.#world.desired.vpcs, vpcId);
    return isLocal(vpc, destination) ? this.#inVpc(vpcId, destination) : 'nowhere';
  }

  #inVpc(vpcId: VpcId, destination: IpAddress): Arrival {
    const subnet = this.#world.desired.subnets.find(
      (candidate) => candidate.vpcId === vpcId && covers(candidate.cidr, destination),
    );
    if (subnet === undefined) return 'nowhere';
    return firstHost(subnet.cidr) === destination ? 'router' : subnet.id;
  }
}

/** Section 10: in the VPC's block, or in one of its secondary ranges. */
function isLocal({ cidr, secondaryRanges }: Vpc, address: IpAddress): boolean {
  return covers(cidr, address) || secondaryRanges.some((range) => covers(range.cidr, address));
}

/** The range of the VPC that a destination in it is taken from. */
function rangeAround({ cidr, secondaryRanges }: Vpc, destination: Cidr): Cidr {
  const holds = (range: Cidr) => covers(range, networkAddress(destination));
  return [cidr, ...secondaryRanges.map((range) => range.cidr)].find(holds) ?? destination;
}

interface Entry {
  readonly destination: Cidr;
  readonly rank: number;
  readonly hop:
    | { readonly kind: 'vpn-connection'; readonly id: VpnConnectionId }
    | { readonly kind: 'vpc'; readonly id: VpcId }
    | CcnHop;
}

interface CcnHop {
  readonly kind: 'ccn';
  /** The attached instance that sends. */
  readonly from: CcnInstance['id'];
}

type Described = Pick<CcnAttachment, 'instance' | 'region'> & { readonly destination?: Cidr };

/** One of the values is the instance's or the route's; a fuzzy range also fits what lies inside it. */
function fits(condition: RouteCondition | InstanceCondition, { instance, region, destination }: Described): boolean {
  if (condition.kind === 'destination') {
    return condition.values.some((value) => {
      if (destination === undefined) return false;
      const isInside =
        covers(value, networkAddress(destination)) && cidrPrefixLength(destination) >= cidrPrefixLength(value);
      return condition.pattern === 'exact' ? value === destination : isInside;
    });
  }
  const actual = { 'instance-kind': instance.kind, 'instance-id': instance.id, region }[condition.kind];
  return condition.values.some((value) => value === actual);
}

/** Section 5: a (local, remote) pair of the tunnel names the packet. No two mappings of a gateway can (conflict rules). */
function isMapped(connection: VpnConnection, { source, destination }: Packet): boolean {
  return (
    connection.mode === 'spd' &&
    mappingsOf(connection).some(({ local, remote }) => covers(local, source) && covers(remote, destination))
  );
}

const neverForwarded = ['0.0.0.0/8', '127.0.0.0/8', '224.0.0.0/4', '255.255.255.255/32'].map(parseCidr);

/** RFC 1812 section 5.3.7: neither "this network", loopback, multicast nor broadcast is forwarded. */
function isForwardable({ source, destination }: Packet): boolean {
  return !neverForwarded.some((block) => covers(block, source) || covers(block, destination));
}

/** It has its source there, or is an ICMP error about a packet on its way there: routers have addresses of their own. */
function isFrom(ranges: readonly Cidr[], { source, quotedDestination }: Packet): boolean {
  return ranges.some(
    (range) => covers(range, source) || (quotedDestination !== undefined && covers(range, quotedDestination)),
  );
}

/** The longest prefix, and the best rank there. */
function best<T extends { readonly destination: Cidr; readonly rank: number }>(candidates: readonly T[]): T[] {
  const fitting = longest(candidates);
  const least = Math.min(...fitting.map(({ rank }) => rank));
  return fitting.filter(({ rank }) => rank === least);
}

function longest<T extends { readonly destination: Cidr }>(candidates: readonly T[]): T[] {
  const length = Math.max(...candidates.map(({ destination }) => cidrPrefixLength(destination)));
  return candidates.filter(({ destination }) => cidrPrefixLength(destination) === length);
}

function union(sets: readonly Set<Arrival>[]): Set<Arrival> {
  return sets.length === 0 ? new Set(['nowhere']) : new Set(sets.flatMap((set) => [...set]));
}

function find<I extends string, T extends { readonly id: I }>(rows: readonly T[], id: I): T {
  const row = rows.find((candidate) => candidate.id === id);
  if (row === undefined) throw new Error(`no ${id}`);
  return row;
}
