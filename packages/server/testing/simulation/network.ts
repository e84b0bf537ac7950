import type { IpAddress } from '@landbridge/net';
import type { LinkPlan, NetnsPlan } from '../../src/plan/plan.ts';
import { judge } from './filter.ts';
import { errorSources, lookUp, martian, namespaceOf, type Namespace } from './namespace.ts';
import { covers, type Packet } from './packet.ts';

/**
 * What Linux would do with a packet, were all plans applied: policy routing, veths, filters, tunnel devices. Pure, and of
 * nothing but the plans. Every branch of a multipath route is followed.
 */
export interface Network {
  readonly namespaces: ReadonlyMap<string, Namespace>;
  /** `<netns>/<device>` → its other end, in both directions. */
  readonly veths: ReadonlyMap<string, Place>;
}

/** A device in a namespace. */
export interface Place {
  readonly netns: string;
  readonly device: string;
}

export type Outcome = {
  readonly packet: Packet;
  /** Namespaces with the device by which the packet entered each; `lo` where it was made. */
  readonly hops: readonly Place[];
} & Ending;

type Ending =
  /** Out of a subnet's bridge, towards a host of the subnet. */
  | { readonly kind: 'subnet'; readonly netns: string; readonly device: string }
  /** Encrypted; `isAdmitted` when a CHILD_SA's traffic selectors cover the packet, else IPsec drops it. */
  | {
      readonly kind: 'tunnel';
      readonly netns: string;
      readonly device: string;
      readonly peer: IpAddress;
      readonly isAdmitted: boolean;
    }
  /** On the line of a Direct Connect gateway. */
  | { readonly kind: 'line'; readonly netns: string; readonly device: string }
  /** In clear to where the internet is. */
  | { readonly kind: 'outside'; readonly netns: string; readonly device: string }
  /** For the namespace itself; `isAccepted` when its filter lets it in. */
  | { readonly kind: 'local'; readonly netns: string; readonly isAccepted: boolean }
  /** `counter` of the filter's rule that dropped it, if it has one. */
  | { readonly kind: 'dropped'; readonly netns: string; readonly why: string; readonly counter?: string };

const hopLimit = 16;

/** The network of all namespaces but the host's. */
export function networkOf(plans: readonly NetnsPlan[]): Network {
  const namespaces = new Map(
    plans.filter(({ netns }) => netns !== null).map((plan) => [plan.netns ?? '', namespaceOf(plan)]),
  );
  const veths = new Map<string, Place>();
  for (const { name: netns, links } of namespaces.values()) {
    for (const link of links.values()) {
      if (link.kind !== 'veth' || link.peer.netns === null) continue;
      const near: Place = { netns, device: link.name };
      const far: Place = { netns: link.peer.netns, device: link.peer.name };
      const listed = namespaces.get(far.netns)?.links.get(far.device);
      if (listed?.kind !== 'veth-peer') throw new Error(`${textOf(near)}: its far end ${textOf(far)} is in no plan`);
      veths.set(textOf(near), far);
      veths.set(textOf(far), near);
    }
  }
  return { namespaces, veths };
}

function textOf({ netns, device }: Place): string {
  return `${netns}/${device}`;
}

/** A packet comes in by a device: from a subnet's host, decrypted out of a tunnel, in clear by `wan`. */
export function enter(network: Network, place: Place, packet: Packet): Outcome[] {
  return new Journey(network, packet, []).arrive(place);
}

/** A packet that the namespace itself makes. */
export function originate(network: Network, netns: string, packet: Packet): Outcome[] {
  const place = { netns, device: 'lo' };
  return new Journey(network, packet, [place]).leave(place, 'output');
}

/** What the namespaces on the way may say in answer: an echo reply where delivered, an ICMP error wherever routed. */
export function answersTo(network: Network, outcome: Outcome): Outcome[] {
  const { packet, hops } = outcome;
  const errors = hops.flatMap(({ netns, device }) =>
    errorSources(namespaceIn(network, netns), device).flatMap((source) =>
      originate(network, netns, {
        source,
        destination: packet.source,
        protocol: 'icmp',
        icmpType: 'time-exceeded',
        quotedDestination: packet.destination,
      }),
    ),
  );
  if (outcome.kind !== 'local' || !outcome.isAccepted) return errors;
  return [...errors, ...originate(network, outcome.netns, echoReply(packet))];
}

function echoReply({ source, destination }: Packet): Packet {
  return { source: destination, destination: source, protocol: 'icmp', icmpType: 'echo-reply' };
}

function namespaceIn(network: Network, netns: string): Namespace {
  const namespace = network.namespaces.get(netns);
  if (namespace === undefined) throw new Error(`no plan makes ${netns}`);
  return namespace;
}

interface NextHop {
  readonly device: string;
  readonly via?: IpAddress;
}

class Journey {
  readonly #network: Network;
  readonly #packet: Packet;
  readonly #hops: readonly Place[];

  constructor(network: Network, packet: Packet, hops: readonly Place[]) {
    this.#network = network;
    this.#packet = packet;
    this.#hops = hops;
  }

  arrive(place: Place): Outcome[] {
    const namespace = namespaceIn(this.#network, place.netns);
    if (!namespace.links.has(place.device)) throw new Error(`${textOf(place)} is in no plan`);
    const journey = new Journey(this.#network, this.#packet, [...this.#hops, place]);
    if (this.#hops.length >= hopLimit) return journey.#drop(place.netns, 'hop limit');
    const checked = judge(namespace.filter, 'prerouting', { packet: this.#packet, iif: place.device, oif: '' });
    if (checked.verdict === 'drop') return journey.#drop(place.netns, `prerouting: ${checked.by}`, checked.counter);
    const refusal = martian(namespace, place.device, this.#packet);
    return refusal === undefined ? journey.leave(place, 'forward') : journey.#drop(place.netns, refusal);
  }

  leave(place: Place, hook: 'forward' | 'output'): Outcome[] {
    const { netns, device: iif } = place;
    const namespace = namespaceIn(this.#network, netns);
    const found = lookUp(namespace, iif, this.#packet);
    if (found.kind === 'none') return this.#drop(netns, found.why);
    if (found.kind === 'local') return this.#deliver(namespace, iif);
    if (hook === 'forward' && namespace.sysctls['net.ipv4.ip_forward'] !== '1') return this.#drop(netns, 'ip_forward');
    return found.nextHops.flatMap((hop) => {
      const passage = { packet: this.#packet, iif: hook === 'forward' ? iif : '', oif: hop.device };
      const { verdict, by, counter } = judge(namespace.filter, hook, passage);
      return verdict === 'accept' ? this.#transmit(namespace, hop) : this.#drop(netns, `${hook}: ${by}`, counter);
    });
  }

  #deliver({ name: netns, filter }: Namespace, iif: string): Outcome[] {
    const { verdict } = judge(filter, 'input', { packet: this.#packet, iif, oif: '' });
    return this.#end({ kind: 'local', netns, isAccepted: verdict === 'accept' });
  }

  #transmit(namespace: Namespace, hop: NextHop): Outcome[] {
    const { name: netns } = namespace;
    const { device } = hop;
    const link = namespace.links.get(device);
    if (link === undefined) throw new Error(`${textOf({ netns, device })} is in no plan`);
    switch (link.kind) {
      case 'bridge':
        return this.#end({ kind: 'subnet', netns, device });
      case 'tunnel':
        return this.#encrypt(namespace, link);
      case 'veth':
        return link.peer.netns === null ? this.#end({ kind: 'outside', netns, device }) : this.#cross(netns, hop);
      case 'veth-peer':
        return this.#cross(netns, hop);
      case 'macvlan':
      case 'bridge-port':
        return this.#end({ kind: 'outside', netns, device });
      case 'attached':
        if (link.master === null) return this.#end({ kind: 'line', netns, device });
        throw new Error(`a route leads to ${textOf({ netns, device })}, a port of a bridge`);
      case 'vxlan':
        return this.#end({ kind: 'line', netns, device });
      case 'loopback':
      case 'ifb':
        throw new Error(`a route leads to ${textOf({ netns, device })}, a ${link.kind}`);
    }
  }

  #cross(netns: string, { device, via }: NextHop): Outcome[] {
    const far = this.#network.veths.get(textOf({ netns, device }));
    if (far === undefined) throw new Error(`${textOf({ netns, device })} has no other end`);
    // Linux answers ARP for its own addresses whatever device they are on.
    const neighbour = via ?? this.#packet.destination;
    if (!namespaceIn(this.#network, far.netns).localAddresses.has(neighbour)) {
      return this.#drop(netns, `nobody is ${neighbour} behind ${device}`);
    }
    return this.arrive(far);
  }

  #encrypt({ name: netns, connectionsByIfId }: Namespace, link: Extract<LinkPlan, { kind: 'tunnel' }>): Outcome[] {
    const connection = connectionsByIfId.get(link.ifId);
    if (connection?.id !== link.name)
      throw new Error(`${textOf({ netns, device: link.name })} is no connection of charon's`);
    const { source, destination } = this.#packet;
    const isAdmitted = connection.children.some(
      (child) => covers(child.localTs, source) && covers(child.remoteTs, destination),
    );
    return this.#end({ kind: 'tunnel', netns, device: link.name, peer: connection.remoteAddress, isAdmitted });
  }

  #drop(netns: string, why: string, counter: string | null = null): Outcome[] {
    return this.#end({ kind: 'dropped', netns, why, ...(counter !== null && { counter }) });
  }

  #end(ending: Ending): Outcome[] {
    return [{ packet: this.#packet, hops: this.#hops, ...ending }];
  }
}

/** Whether a CHILD_SA of the tunnel lets the packet out of it. */
export function decrypts(network: Network, { netns, device }: Place, { source, destination }: Packet): boolean {
  const { links, connectionsByIfId } = namespaceIn(network, netns);
  const link = links.get(device);
  if (link?.kind !== 'tunnel') throw new Error(`${textOf({ netns, device })} is no tunnel`);
  const children = connectionsByIfId.get(link.ifId)?.children ?? [];
  return children.some(({ localTs, remoteTs }) => covers(localTs, destination) && covers(remoteTs, source));
}
