import type { Cidr, IpAddress } from '@landbridge/net';
import type { DirectConnectGatewayId, SubnetId, VpnConnectionId } from '../../src/domain/resource-id.ts';
import { hostAddresses } from './addresses.ts';
import type { Outcome } from './network.ts';
import { covers, errorAbout, ping, type Packet } from './packet.ts';
import { ReachabilityModel } from './reachability-model.ts';
import type { SimulatedWorld } from './simulated-world.ts';
import type { Arrival, World } from './world.ts';

/** A packet and where it is put into the network. */
export type Probe = Origin & { readonly packet: Packet };

type Origin =
  | { readonly kind: 'subnet'; readonly id: SubnetId; readonly accountId: string }
  | { readonly kind: 'line'; readonly id: DirectConnectGatewayId; readonly accountId: string }
  | { readonly kind: 'tunnel'; readonly id: VpnConnectionId; readonly accountId: string };

/** Sources that do not belong where a packet comes from: one of so many is tried, another share at each place. */
const foreignShare = 9;
/** To one destination of so many ICMP errors are sent as well. */
const errorShare = 7;

/** Packets out of every subnet, every line and every tunnel, from hosts there and from strangers, to every address given. */
export function probesOf(world: World, destinations: readonly IpAddress[] = hostAddresses(world)): Probe[] {
  const sources = hostAddresses(world);
  return originsOf(world).flatMap(({ origin, ranges }, number) => {
    const own = sources.filter((source) => ranges.some((range) => covers(range, source)));
    const foreign = sources.filter((_, at) => at % foreignShare === number % foreignShare);
    const quoted = [...own.slice(0, 1), ...foreign.slice(0, 1)];
    const packets = [...new Set([...own.slice(0, 3), ...foreign])].flatMap((source) =>
      destinations.flatMap((destination, at) => [
        ping(source, destination),
        ...(at % errorShare === number % errorShare ? quoted.map((to) => errorAbout(to, source, destination)) : []),
      ]),
    );
    return packets.map((packet): Probe => ({ ...origin, packet }));
  });
}

function originsOf({ desired, idcs }: World): { origin: Origin; ranges: readonly Cidr[] }[] {
  const subnets = desired.subnets.map(({ id, accountId, cidr }) => ({
    origin: { kind: 'subnet' as const, id, accountId },
    ranges: [cidr],
  }));
  const tunnels = desired.vpnConnections.map(({ id, accountId, customerGatewayId }) => ({
    origin: { kind: 'tunnel' as const, id, accountId },
    ranges: idcs.find((idc) => idc.id === customerGatewayId)?.ranges ?? [],
  }));
  const lines = desired.directConnectLines.map(({ directConnectGatewayId: id, accountId }) => ({
    origin: { kind: 'line' as const, id, accountId },
    ranges: desired.directConnectRanges
      .filter((range) => range.directConnectGatewayId === id)
      .map(({ destination }) => destination),
  }));
  return [...subnets, ...lines, ...tunnels];
}

/** What the plans make of a probe, were IPsec to check nothing on the way in. */
export function send(simulated: SimulatedWorld, probe: Probe): Outcome[] {
  switch (probe.kind) {
    case 'subnet':
      return simulated.fromSubnet(probe.id, probe.packet);
    case 'line':
      return simulated.fromLine(probe.id, probe.packet);
    case 'tunnel':
      return simulated.fromTunnel(probe.id, probe.packet, 'admits-all');
  }
}

/** A probe for which plans and model differ. */
export interface Difference {
  readonly probe: string;
  readonly ipsec: 'checks-selectors' | 'admits-all';
  readonly model: readonly Arrival[];
  readonly plans: readonly Arrival[];
  readonly outcomes: readonly Outcome[];
}

/** The first difference, or undefined. Packets out of tunnels are tried with and without IPsec's own check. */
export function firstDifference(world: World, simulated: SimulatedWorld): Difference | undefined {
  const model = new ReachabilityModel(world);
  for (const probe of probesOf(world)) {
    const { packet } = probe;
    const expected = expectedOf(model, probe);
    const runs =
      probe.kind === 'tunnel'
        ? (['checks-selectors', 'admits-all'] as const).map((ipsec) => ({
            ipsec,
            outcomes: simulated.fromTunnel(probe.id, packet, ipsec),
          }))
        : [{ ipsec: 'checks-selectors' as const, outcomes: send(simulated, probe) }];
    for (const { ipsec, outcomes } of runs) {
      const found = simulated.arrivals(outcomes);
      if (isSame(expected, found)) continue;
      const about = packet.quotedDestination === undefined ? '' : ` about ${packet.quotedDestination}`;
      const text = `${probe.id}: ${packet.source} -> ${packet.destination}${about}`;
      return { probe: text, ipsec, model: [...expected], plans: [...found], outcomes };
    }
  }
  return undefined;
}

function expectedOf(model: ReachabilityModel, { packet, ...origin }: Probe): Set<Arrival> {
  switch (origin.kind) {
    case 'subnet':
      return model.fromSubnet(origin.id, packet);
    case 'line':
      return model.fromLine(origin.id, packet);
    case 'tunnel':
      return model.fromTunnel(origin.id, packet);
  }
}

function isSame(a: ReadonlySet<Arrival>, b: ReadonlySet<Arrival>): boolean {
  return a.size === b.size && [...a].every((arrival) => b.has(arrival));
}
