import { cidrPrefixLength, firstHost, parseCidr, type Cidr, type IpAddress } from '@landbridge/net';
import type { SubnetId, VpcId, VpnConnectionId, VpnGatewayId } from '../../domain/resource-id.ts';
import { mappingsOf, type VpnConnection } from '../../domain/vpn-connection.ts';
import type { VpnGateway } from '../../domain/vpn-gateway.ts';
import { covers, type Packet } from './packet.ts';
import type { Arrival, World } from './world.ts';

/**
 * Who reaches whom, by the words of spec/semantics.md (sections 5, 6 and 10) and spec/scenarios.md. It asks the rows
 * alone, knows no namespace, rule or table, and imports nothing of the planner: where the two differ, one is wrong.
 */
export class ReachabilityModel {
  readonly #world: World;
  readonly #connections: ReadonlyMap<VpnGatewayId, readonly VpnConnection[]>;

  constructor(world: World) {
    this.#world = world;
    this.#connections = Map.groupBy(world.desired.vpnConnections, ({ vpnGatewayId }) => vpnGatewayId);
  }

  /** Section 10: what is local to the VPC stays there; else the longest prefix of the subnet's table; nothing else. */
  fromSubnet(id: SubnetId, packet: Packet): Set<Arrival> {
    if (!isForwardable(packet)) return new Set(['nowhere']);
    const subnet = find(this.#world.desired.subnets, id);
    const vpc = find(this.#world.desired.vpcs, subnet.vpcId);
    if (covers(vpc.cidr, packet.destination)) return new Set([this.#inVpc(vpc.id, packet.destination)]);
    const routes = this.#world.desired.vpcRoutes.filter(
      ({ routeTableId, enabled, destination }) =>
        routeTableId === subnet.routeTableId && enabled && covers(destination, packet.destination),
    );
    return union(
      longest(routes).map(({ nextHop }) =>
        this.#throughGateway(find(this.#world.desired.vpnGateways, nextHop.id), packet),
      ),
    );
  }

  /**
   * Section 6, "Lookup order in the gateway", for a packet that came out of a tunnel. An SPD tunnel lets out only what a
   * mapping names in reverse, and only to the network side.
   */
  fromTunnel(id: VpnConnectionId, packet: Packet): Set<Arrival> {
    const connection = find(this.#world.desired.vpnConnections, id);
    const gateway = find(this.#world.desired.vpnGateways, connection.vpnGatewayId);
    if (!isForwardable(packet) || this.#isForged(gateway, packet)) return new Set(['nowhere']);
    if (connection.mode === 'route') return this.#throughGateway(gateway, packet);
    const isNamed = mappingsOf(connection).some(
      ({ local, remote }) => covers(remote, packet.source) && covers(local, packet.destination),
    );
    return new Set([isNamed && gateway.vpcId !== null ? this.#fromGatewayToVpc(gateway.vpcId, packet) : 'nowhere']);
  }

  /** What is in the VPC does not come out of a tunnel: such a packet could pose as VPC traffic to another tunnel's SPD. */
  #isForged({ vpcId }: VpnGateway, { source }: Packet): boolean {
    return vpcId !== null && covers(find(this.#world.desired.vpcs, vpcId).cidr, source);
  }

  /** From the network side or from a destination-route tunnel: the SPD first, then the gateway's route table. */
  #throughGateway(gateway: VpnGateway, packet: Packet): Set<Arrival> {
    const connections = this.#connections.get(gateway.id) ?? [];
    const chosen = connections.find((connection) => isMapped(connection, packet));
    if (chosen !== undefined) return new Set([this.#atIdc(chosen, packet)]);
    const hops = this.#bestEntries(gateway, packet.destination).map((hop) =>
      hop.kind === 'vpc' ? this.#fromGatewayToVpc(hop.id, packet) : this.#intoTunnel(hop.id, packet),
    );
    return hops.length === 0 ? new Set(['nowhere']) : new Set(hops);
  }

  /** Section 7: the entries of a tunnel that failed are taken out. */
  #works(id: VpnConnectionId): boolean {
    return this.#world.unusable?.has(id) !== true;
  }

  /** The longest prefix; there the VPC's own entry, else those of the better priority: any of them (ECMP). */
  #bestEntries(gateway: VpnGateway, destination: IpAddress): readonly Entry['hop'][] {
    const entries: Entry[] = this.#world.desired.vpnGatewayRoutes
      .filter((route) => route.vpnGatewayId === gateway.id && route.enabled && this.#works(route.nextHop.id))
      .map((route) => ({ destination: route.destination, rank: route.priority, hop: route.nextHop }));
    if (gateway.vpcId !== null) {
      const { id, cidr } = find(this.#world.desired.vpcs, gateway.vpcId);
      entries.push({ destination: cidr, rank: -1, hop: { kind: 'vpc', id } });
    }
    const fitting = longest(entries.filter((entry) => covers(entry.destination, destination)));
    const best = Math.min(...fitting.map(({ rank }) => rank));
    return fitting.filter(({ rank }) => rank === best).map(({ hop }) => hop);
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
    return covers(vpc.cidr, destination) ? this.#inVpc(vpcId, destination) : 'nowhere';
  }

  #inVpc(vpcId: VpcId, destination: IpAddress): Arrival {
    const subnet = this.#world.desired.subnets.find(
      (candidate) => candidate.vpcId === vpcId && covers(candidate.cidr, destination),
    );
    if (subnet === undefined) return 'nowhere';
    return firstHost(subnet.cidr) === destination ? 'router' : subnet.id;
  }
}

interface Entry {
  readonly destination: Cidr;
  readonly rank: number;
  readonly hop:
    { readonly kind: 'vpn-connection'; readonly id: VpnConnectionId } | { readonly kind: 'vpc'; readonly id: VpcId };
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
