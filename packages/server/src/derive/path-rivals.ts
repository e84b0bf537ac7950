import { blockOfOne, cidrContains, cidrPrefixLength, everything, type Cidr } from '@landbridge/net';
import type { VpnConnectionId, VpnGatewayId } from '../domain/resource-id.ts';
import type { VpcRoute } from '../domain/vpc/route-table.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import { mappingsOf } from '../domain/vpn/vpn-connection.ts';
import type { VpnGatewayRoute } from '../domain/vpn/vpn-gateway-route.ts';
import type { Rows } from '../image/rows.ts';
import { announcedAround } from './ccn-announcement.ts';
import { attachmentOf, ccnRoutesOf, type CcnRoute } from './ccn-routes.ts';
import { routesAt } from './kept-index.ts';
import { tableOfSender, type Decision, type Hop, type Origin, type Path, type TracedPacket } from './packet-trace.ts';

/** What might have decided where a packet was, and did not. */
export interface Rival {
  readonly decision: Decision;
  readonly lostBy: LostBy;
}

export type LostBy =
  /** A longer prefix decides. */
  | 'shorter-prefix'
  | 'lower-priority'
  /** What a CCN announces comes after routes of users of the same length. */
  | 'own-routes-first'
  /** What is the VPC's own stays there. */
  | 'local-first'
  /** Mappings come before routes. */
  | 'policies-first'
  | 'disabled'
  /** Its tunnel, or each of its tunnels, is not usable now. */
  | 'unusable'
  /** To a CCN that the gateway is not attached to. */
  | 'not-attached'
  /** Of a CCN: it came after one that it overlaps. */
  | 'overlap'
  /** Of a CCN that forbids overlaps: 0.0.0.0/0 has to be enabled by hand. */
  | 'default-route'
  /** In the table of the CCN, and by its policies not told to this instance. */
  | 'not-announced'
  /** Names other ranges than the packet's. */
  | 'other-ranges';

/** What was beaten on the ways of packets, by the rows and the usability that `PacketTraces` had. */
export class PathRivals {
  readonly #rows: Rows;
  readonly #isUsable: IsUsable;

  constructor(rows: Rows, isUsable: IsUsable) {
    this.#rows = rows;
    this.#isUsable = isUsable;
  }

  /** Of each hop in turn, the nearest first; a last list where the packet is lost before anything decided there. */
  of(origin: Origin, packet: TracedPacket, { hops, end }: Path): readonly (readonly Rival[])[] {
    const found = hops.map((hop, number) => this.#at(origin, packet, hops.slice(0, number), hop));
    if (end.kind !== 'nowhere' || end.at === null || hops.at(-1)?.at === end.at) return found;
    const rivals =
      end.why === 'foreign-source'
        ? this.#leadingBack(origin)
        : this.#at(origin, packet, hops, { at: end.at, decidedBy: null });
    return [...found, rivals];
  }

  #at(origin: Origin, packet: TracedPacket, before: readonly Hop[], hop: Undecided): readonly Rival[] {
    if (this.#rows.vpnGateways.get(hop.at) !== undefined) {
      const comesOutHere = before.length === 0 && origin.kind === 'vpn-connection';
      return comesOutHere && this.#rows.vpnConnections.get(origin.id)?.mode === 'spd'
        ? this.#mappingsBeside(origin.id, hop.decidedBy)
        : this.#inGateway(hop.at as VpnGatewayId, packet, hop.decidedBy);
    }
    const from = before.at(-1)?.at;
    if (this.#rows.ccns.get(hop.at) !== undefined && from !== undefined)
      return this.#inCcn(from, packet, hop.decidedBy);
    if (before.length === 0 && origin.kind === 'subnet') return this.#inVpc(origin, packet, hop.decidedBy);
    return [];
  }

  /** A packet comes to the VPC's routes out of its subnets only. */
  #inVpc({ id }: Origin & { readonly kind: 'subnet' }, packet: TracedPacket, decided: Decision | null): Rival[] {
    const subnet = this.#rows.subnets.get(id);
    if (subnet === undefined) return [];
    const destination = blockOfOne(packet.destination);
    const routes = routesAt(this.#rows.vpcRoutes.of('routeTable', subnet.routeTableId)).around(destination);
    const candidates = [
      ...routes.map((route) => candidate({ kind: 'vpc-route', route }, obstacleOfVpcRoute(route))),
      ...this.#heardFromCcn(subnet.vpcId, packet),
    ];
    return beaten(candidates, decided);
  }

  #inGateway(id: VpnGatewayId, packet: TracedPacket, decided: Decision | null): Rival[] {
    const destination = blockOfOne(packet.destination);
    const { vpnGatewayRoutes } = this.#rows;
    const routes = [
      ...vpnGatewayRoutes.overlapping('destinations', [destination], id),
      ...vpnGatewayRoutes.of('destination', id, everything),
    ];
    const candidates = [
      ...routes.map((route) => candidate({ kind: 'gateway-route', route }, this.#obstacleOfRoute(route))),
      ...this.#heardFromCcn(id, packet),
      ...this.#nearMappings(id, packet),
    ];
    return beaten(candidates, decided);
  }

  #obstacleOfRoute({ enabled, nextHop, vpnGatewayId }: VpnGatewayRoute): LostBy | null {
    if (!enabled) return 'disabled';
    if (nextHop.kind === 'vpn-connection') return this.#isUsable(nextHop.id) ? null : 'unusable';
    return attachmentOf(vpnGatewayId, this.#rows)?.ccnId === nextHop.id ? null : 'not-attached';
  }

  /** Mappings that name the destination, and not the source. */
  #nearMappings(id: VpnGatewayId, { source, destination }: TracedPacket): Candidate[] {
    return this.#rows.vpnConnections
      .overlapping('remotes', [blockOfOne(destination)], id)
      .filter(({ mode }) => mode === 'spd')
      .flatMap((connection) =>
        mappingsOf(connection)
          .filter(({ local, remote }) => cidrContains(remote, destination) && !cidrContains(local, source))
          .map((mapping) => candidate({ kind: 'mapping', vpnConnectionId: connection.id, mapping }, 'other-ranges')),
      );
  }

  /** Of the tunnel that a packet comes out of: others than the one that lets it. */
  #mappingsBeside(id: VpnConnectionId, decided: Decision | null): Rival[] {
    const connection = this.#rows.vpnConnections.get(id);
    if (connection === undefined || decided !== null) return [];
    return mappingsOf(connection).map((mapping) => ({
      decision: { kind: 'mapping', vpnConnectionId: id, mapping },
      lostBy: 'other-ranges',
    }));
  }

  /** What says where sources of a tunnel or a line may be, where the packet's is not. */
  #leadingBack({ id }: Origin): Rival[] {
    const gatewayRoutes = this.#rows.vpnGatewayRoutes.of('nextHop', id).map((route): Decision => {
      return { kind: 'gateway-route', route };
    });
    const vpcRoutes = this.#rows.vpcRoutes.of('nextHop', id).map((route): Decision => ({ kind: 'vpc-route', route }));
    return [...gatewayRoutes, ...vpcRoutes].map((decision) => {
      const isEnabled = !('route' in decision) || decision.route.enabled;
      return { decision, lostBy: isEnabled ? 'other-ranges' : 'disabled' };
    });
  }

  #inCcn(from: Hop['at'], packet: TracedPacket, decided: Decision | null): Rival[] {
    const routes = this.#ccnRoutesAround(from, packet);
    return beaten(
      routes.map((route) => candidate({ kind: 'ccn-route', route }, obstacleOfCcnRoute(route))),
      decided,
    );
  }

  /** What the CCN announces to the instance, and what it does not. */
  #heardFromCcn(id: Hop['at'], packet: TracedPacket): Candidate[] {
    const attachment = this.#rows.ccnAttachments.get(id);
    if (attachment === undefined) return [];
    const around = announcedAround(attachment, blockOfOne(packet.destination), this.#rows, this.#isUsable);
    const announced = new Set<Cidr>(around);
    const others = this.#ccnRoutesAround(id, packet).filter(({ instance }) => instance.id !== id);
    const hidden = others.filter(
      ({ destination }) => ![...announced].some((range) => cidrContains(range, destination)),
    );
    return [
      ...[...announced].map((range) => candidate({ kind: 'announcement', range }, null)),
      ...hidden.map((route) => candidate({ kind: 'ccn-route', route }, obstacleOfCcnRoute(route) ?? 'not-announced')),
    ];
  }

  #ccnRoutesAround(from: Hop['at'], { source, destination }: TracedPacket): readonly CcnRoute[] {
    const attachment = this.#rows.ccnAttachments.get(from);
    if (attachment === undefined) return [];
    const routeTableId = tableOfSender(attachment, source, this.#rows);
    const routes = ccnRoutesOf({ ccnId: attachment.ccnId, routeTableId }, this.#rows, this.#isUsable);
    return routesAt(routes).around(blockOfOne(destination));
  }
}

interface Undecided {
  readonly at: Hop['at'];
  readonly decidedBy: Decision | null;
}

interface Candidate {
  readonly decision: Decision;
  /** Why it could not have decided; null: it could. */
  readonly obstacle: LostBy | null;
}

function candidate(decision: Decision, obstacle: LostBy | null): Candidate {
  return { decision, obstacle };
}

function obstacleOfVpcRoute({ enabled }: VpcRoute): LostBy | null {
  return enabled ? null : 'disabled';
}

function obstacleOfCcnRoute({ obstacle }: CcnRoute): LostBy | null {
  return obstacle?.kind === 'disabled-by-user' ? 'disabled' : (obstacle?.kind ?? null);
}

/** All but those that decide as well: a multipath route has several. The longest first. */
function beaten(candidates: readonly Candidate[], decided: Decision | null): Rival[] {
  return candidates
    .flatMap(({ decision, obstacle }) => {
      const lostBy = obstacle ?? (decided === null ? null : whyLost(decision, decided));
      return lostBy === null ? [] : [{ decision, lostBy }];
    })
    .sort((a, b) => cidrPrefixLength(destinationOf(b.decision)) - cidrPrefixLength(destinationOf(a.decision)));
}

/** Null: it did not lose. */
function whyLost(rival: Decision, decided: Decision): LostBy | null {
  if (decided.kind === 'mapping') return 'policies-first';
  const [length, deciding] = [rival, decided].map((each) => cidrPrefixLength(destinationOf(each))) as [number, number];
  if (length < deciding) return 'shorter-prefix';
  if (decided.kind === 'vpc-range') return 'local-first';
  if (rival.kind === 'announcement' && decided.kind !== 'announcement') return 'own-routes-first';
  if (rival.kind !== 'gateway-route' || decided.kind !== 'gateway-route') return null;
  return rival.route.priority > decided.route.priority ? 'lower-priority' : null;
}

/** The range that a packet's destination is in. */
export function destinationOf(decision: Decision): Cidr {
  switch (decision.kind) {
    case 'vpc-range':
    case 'announcement':
      return decision.range;
    case 'mapping':
      return decision.mapping.remote;
    case 'vpc-route':
    case 'gateway-route':
    case 'ccn-route':
      return decision.route.destination;
  }
}
