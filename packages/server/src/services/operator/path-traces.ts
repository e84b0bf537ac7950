import type { IpAddress } from '@landbridge/net';
import { gatewayPacket, type GatewayPacket, type Transport } from '../../derive/gateway-packets.ts';
import {
  PacketTraces,
  type Decision,
  type End,
  type Hop,
  type LossReason,
  type Origin,
  type Path,
} from '../../derive/packet-trace.ts';
import { PathRivals, type Rival } from '../../derive/path-rivals.ts';
import { placesOfAddress } from '../../derive/places-of-address.ts';
import type { ObservedState } from '../../domain/operator/observed-state.ts';
import { refuse } from '../../domain/refusal.ts';
import type { DirectConnectGatewayId, SubnetId, VpnConnectionId } from '../../domain/resource-id.ts';
import type { CustomerGateway } from '../../domain/vpn/customer-gateway.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { sees } from '../visible-rows.ts';
import type { LastingCondition } from './tunnel-states.ts';

/** One end of a packet's way. Without a place it is where the address is, of the caller's places. */
export interface TraceEnd {
  readonly address: IpAddress;
  readonly placeId: string | null;
}

export interface TraceQuestion extends Transport {
  readonly from: TraceEnd;
  readonly to: TraceEnd;
}

/** The way of a packet and of its answer, by today's rows and facts, as far as the caller may see it. */
export interface PathTrace {
  /** `network`: of a host. Otherwise the gateway makes it itself. */
  readonly traffic: 'network' | GatewayPacket['kind'];
  readonly forward: Direction;
  /** Null: nobody answers, or it begins where the caller sees nothing. */
  readonly back: Direction | null;
}

export interface Direction {
  readonly source: IpAddress;
  readonly destination: IpAddress;
  /** Where it is put into the network. */
  readonly from: Origin | null;
  /** Several where a multipath route decides, of which a flow takes one. */
  readonly ways: readonly Way[];
  /** How many there are. */
  readonly wayCount: number;
}

export interface Way {
  readonly hops: readonly ShownHop[];
  readonly end: ShownEnd;
}

export interface ShownHop {
  readonly at: Hop['at'];
  readonly name: string;
  /** Another account's: nothing is shown of its inside. */
  readonly isOthers: boolean;
  /** Null: nothing did, or it is another account's. */
  readonly decidedBy: Decision | OwnDecision | null;
  /** What might have decided there, the nearest first, and how many these are in all. */
  readonly rivals: readonly ShownRival[];
  readonly rivalCount: number;
}

export interface ShownRival extends Rival {
  /** Which fault its tunnel has, or what of the CCN is in the way; empty where its loss says it all. */
  readonly detail: string;
}

/** A gateway's own packets go by their tunnel alone. */
export interface OwnDecision {
  readonly kind: GatewayPacket['kind'];
  readonly vpnConnectionId: VpnConnectionId;
}

export type ShownEnd =
  | { readonly kind: 'subnet' | 'router'; readonly id: SubnetId; readonly name: string }
  /** Encrypted and sent to the peer. */
  | {
      readonly kind: 'tunnel';
      readonly id: VpnConnectionId;
      readonly name: string;
      readonly peer: CustomerGateway | undefined;
      readonly condition: LastingCondition;
    }
  | { readonly kind: 'line'; readonly id: DirectConnectGatewayId; readonly name: string }
  /** Sent in clear to the peer, by the uplink. */
  | { readonly kind: 'uplink'; readonly peer: CustomerGateway | undefined }
  /** Handed over to another account's instance; null: by another account's CCN. */
  | { readonly kind: 'other-account'; readonly id: Hop['at'] | null }
  | { readonly kind: 'dropped'; readonly why: LossReason; readonly at: Hop['at'] | null };

export type PathTraceService = ReturnType<typeof pathTraceService>;

const mostWays = 16;
const mostRivals = 10;

type Dependencies = Pick<ServiceDependencies, 'read' | 'observed' | 'tunnelStates'>;

export function pathTraceService({ read, observed, tunnelStates }: Dependencies) {
  const conditionOf = (connection: VpnConnection) => tunnelStates.of(connection);
  return {
    trace: (caller: Caller, question: TraceQuestion): Promise<PathTrace> =>
      read((rows) => new Tracing(caller, { rows, observed, conditionOf }).answer(question)),
  };
}

interface Known {
  readonly rows: Rows;
  readonly observed: ObservedState;
  readonly conditionOf: (connection: VpnConnection) => LastingCondition;
}

/** One question. */
class Tracing {
  readonly #caller: Caller;
  readonly #rows: Rows;
  readonly #observed: ObservedState;
  readonly #conditionOf: Known['conditionOf'];
  readonly #traces: PacketTraces;
  readonly #rivals: PathRivals;

  constructor(caller: Caller, { rows, observed, conditionOf }: Known) {
    this.#caller = caller;
    this.#rows = rows;
    this.#observed = observed;
    this.#conditionOf = conditionOf;
    this.#traces = new PacketTraces(rows, observed.isUsable);
    this.#rivals = new PathRivals(rows, observed.isUsable);
  }

  answer({ from, to, ...transport }: TraceQuestion): PathTrace {
    const ends = { source: from.address, destination: to.address };
    const own = from.placeId === null ? this.#madeByGateway(ends, transport) : undefined;
    if (own !== undefined) return own;
    const origin = this.#placeOf(from);
    const paths = this.#traces.pathsOf(origin, ends);
    const forward = this.#direction(origin, ends, paths);
    const answer = { source: to.address, destination: from.address };
    const backFrom = this.#answersFrom(forward, to);
    const back = backFrom && this.#direction(backFrom, answer, this.#traces.pathsOf(backFrom, answer));
    return { traffic: 'network', forward, back };
  }

  #madeByGateway(ends: Pick<Direction, 'source' | 'destination'>, transport: Transport): PathTrace | undefined {
    const found = gatewayPacket(ends, transport, this.#caller.accountId, this.#rows);
    if (found === undefined) return undefined;
    const { kind, connection } = found;
    const hop = {
      ...{ at: connection.vpnGatewayId, name: this.#nameOf(connection.vpnGatewayId), isOthers: false },
      ...{ decidedBy: { kind, vpnConnectionId: connection.id }, rivals: [], rivalCount: 0 },
    };
    const peer = this.#rows.customerGateways.get(connection.customerGatewayId);
    const end: ShownEnd = kind === 'ike' ? { kind: 'uplink', peer } : this.#tunnelEnd(connection);
    return { traffic: kind, forward: { ...ends, from: null, ways: [{ hops: [hop], end }], wayCount: 1 }, back: null };
  }

  /** The one that is named, or the only one of the caller's that has the address. */
  #placeOf({ address, placeId }: TraceEnd): Origin {
    if (placeId !== null) return this.#ownPlace(placeId);
    const found = placesOfAddress(address, this.#caller.accountId, this.#rows);
    const [only, ...others] = found;
    if (only === undefined) return refuse('address-at-no-place', { address });
    if (others.length === 0) return only;
    const shown = found.slice(0, mostRivals).map(({ id }) => id);
    return refuse('address-at-several-places', { address, places: shown.join(', ') });
  }

  #ownPlace(id: string): Origin {
    const { subnets, vpnConnections, directConnectGateways } = this.#rows;
    const [subnet, connection, line] = [subnets.get(id), vpnConnections.get(id), directConnectGateways.get(id)];
    const row = orNotFound(subnet ?? connection ?? line, id);
    if (!sees(this.#caller, row)) return refuse('not-found', { id });
    if (subnet !== undefined) return { kind: 'subnet', id: subnet.id };
    if (connection !== undefined) return { kind: 'vpn-connection', id: connection.id };
    return { kind: 'direct-connect-gateway', id: orNotFound(line, id).id };
  }

  /** From where the packet came to; where it came to nothing, from where it was meant to come to, if that is one place. */
  #answersFrom({ ways }: Direction, to: TraceEnd): Origin | null {
    for (const { end } of ways) {
      if (end.kind === 'subnet') return { kind: 'subnet', id: end.id };
      if (end.kind === 'tunnel') return { kind: 'vpn-connection', id: end.id };
      if (end.kind === 'line') return { kind: 'direct-connect-gateway', id: end.id };
      if (end.kind !== 'dropped') return null;
    }
    if (to.placeId !== null) return this.#ownPlace(to.placeId);
    const [only, ...others] = placesOfAddress(to.address, this.#caller.accountId, this.#rows);
    return only !== undefined && others.length === 0 ? only : null;
  }

  #direction(from: Origin, ends: Pick<Direction, 'source' | 'destination'>, paths: readonly Path[]): Direction {
    // What differs inside another account's instance is one way from outside, and not even counted.
    const different = [...new Map(paths.map((path) => [JSON.stringify(this.#way(path, [])), path])).values()];
    const ways = different.slice(0, mostWays).map((path) => this.#way(path, this.#rivals.of(from, ends, path)));
    return { ...ends, from, ways, wayCount: different.length };
  }

  /** @param rivals of each hop, and of the place where the packet is lost. */
  #way({ hops, end }: Path, rivals: readonly (readonly Rival[])[]): Way {
    const shown: ShownHop[] = [];
    for (const [number, { at, decidedBy }] of hops.entries()) {
      const isOthers = !this.#mayBeSeenAt(at);
      if (isOthers && this.#rows.ccns.get(at) === undefined) return { hops: shown, end: this.#handedOver(at, shown) };
      shown.push(this.#hop(at, isOthers ? null : decidedBy, isOthers ? [] : (rivals[number] ?? [])));
    }
    const place = placeOfEnd(end, this.#rows);
    if (place !== null && !this.#mayBeSeenAt(place) && this.#rows.ccns.get(place) === undefined) {
      return { hops: shown, end: this.#handedOver(place, shown) };
    }
    const undecided = this.#undecidedHop(end, shown, rivals[hops.length] ?? []);
    return { hops: [...shown, ...undecided], end: this.#end(end) };
  }

  /** Where the packet is lost before anything decided. */
  #undecidedHop(end: End, before: readonly ShownHop[], rivals: readonly Rival[]): ShownHop[] {
    if (end.kind !== 'nowhere' || end.at === null || before.at(-1)?.at === end.at) return [];
    return [this.#hop(end.at, null, this.#mayBeSeenAt(end.at) ? rivals : [])];
  }

  #hop(at: Hop['at'], decidedBy: Decision | null, rivals: readonly Rival[]): ShownHop {
    const seen = rivals.filter(
      ({ decision }) => decision.kind !== 'ccn-route' || this.#mayBeSeenAt(decision.route.ccnId),
    );
    return {
      ...{ at, name: this.#nameOf(at), isOthers: !this.#mayBeSeenAt(at), decidedBy },
      rivals: seen.slice(0, mostRivals).map((rival) => ({ ...rival, detail: this.#detailOf(rival) })),
      rivalCount: seen.length,
    };
  }

  #detailOf({ decision, lostBy }: Rival): string {
    if (
      decision.kind === 'gateway-route' &&
      lostBy === 'unusable' &&
      decision.route.nextHop.kind === 'vpn-connection'
    ) {
      return this.#observed.tunnel(decision.route.nextHop.id).usability?.fault ?? '';
    }
    if (decision.kind !== 'ccn-route' || decision.route.obstacle?.kind !== 'overlap') return '';
    const { destination, instance } = decision.route.obstacle.other;
    return `${destination} of ${instance.id}`;
  }

  /** Whoever owns the CCN knows its instances; others do not. */
  #handedOver(id: Hop['at'], hops: readonly ShownHop[]): ShownEnd {
    return { kind: 'other-account', id: hops.at(-1)?.isOthers === true ? null : id };
  }

  #end(end: End): ShownEnd {
    switch (end.kind) {
      case 'subnet':
      case 'router':
        return { kind: end.kind, id: end.id, name: this.#rows.subnets.get(end.id)?.name ?? '' };
      case 'direct-connect-gateway':
        return { kind: 'line', id: end.id, name: this.#nameOf(end.id) };
      case 'nowhere':
        return { kind: 'dropped', why: end.why, at: end.at };
      case 'vpn-connection': {
        const connection = this.#rows.vpnConnections.get(end.id);
        return connection === undefined ? { kind: 'dropped', why: 'unknown', at: null } : this.#tunnelEnd(connection);
      }
    }
  }

  #tunnelEnd(connection: VpnConnection): ShownEnd {
    const { id, name, customerGatewayId } = connection;
    const peer = this.#rows.customerGateways.get(customerGatewayId);
    return { kind: 'tunnel', id, name, peer, condition: this.#conditionOf(connection) };
  }

  #mayBeSeenAt(id: string): boolean {
    const row = this.#rowAt(id);
    return row === undefined || sees(this.#caller, row);
  }

  #nameOf(id: Hop['at']): string {
    return this.#mayBeSeenAt(id) ? (this.#rowAt(id)?.name ?? '') : '';
  }

  #rowAt(id: string) {
    const { vpcs, vpnGateways, directConnectGateways, ccns } = this.#rows;
    return vpcs.get(id) ?? vpnGateways.get(id) ?? directConnectGateways.get(id) ?? ccns.get(id);
  }
}

/** Whose it is that the packet ends at. */
function placeOfEnd(end: End, { subnets, vpnConnections }: Rows): Hop['at'] | null {
  switch (end.kind) {
    case 'subnet':
    case 'router':
      return subnets.get(end.id)?.vpcId ?? null;
    case 'vpn-connection':
      return vpnConnections.get(end.id)?.vpnGatewayId ?? null;
    case 'direct-connect-gateway':
      return end.id;
    case 'nowhere':
      return end.at;
  }
}
