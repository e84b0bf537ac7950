import { ipFromBigInt, ipToBigInt, networkAddress, type Cidr, type IpAddress } from '@landbridge/net';
import type { DirectConnectGatewayId, SubnetId, VpnConnectionId } from '../../src/domain/resource-id.ts';
import { ping, type Packet } from './packet.ts';
import { ReachabilityModel } from './reachability-model.ts';
import type { SimulatedWorld } from './simulated-world.ts';
import type { Arrival, World } from './world.ts';

/** Anyone who can say where a packet arrives: the model or the plans. */
export interface Oracle {
  fromSubnet(id: SubnetId, packet: Packet): Set<Arrival>;
  fromLine(id: DirectConnectGatewayId, packet: Packet): Set<Arrival>;
  fromTunnel(id: VpnConnectionId, packet: Packet): Set<Arrival>;
}

export function modelOracle(world: World): Oracle {
  return new ReachabilityModel(world);
}

export function planOracle(simulated: SimulatedWorld): Oracle {
  return {
    fromSubnet: (id, packet) => simulated.arrivals(simulated.fromSubnet(id, packet)),
    fromLine: (id, packet) => simulated.arrivals(simulated.fromLine(id, packet)),
    fromTunnel: (id, packet) => simulated.arrivals(simulated.fromTunnel(id, packet, 'checks-selectors')),
  };
}

interface Place {
  readonly name: string;
  readonly arrival: Arrival;
  readonly range: Cidr;
  readonly send: (oracle: Oracle, packet: Packet) => Set<Arrival>;
}

/** Subnets by their names, data centres on lines, then IDCs by their numbers. */
function placesOf({ desired, idcs }: World): Place[] {
  const subnets = desired.subnets.map(({ id, name, cidr }): Place => ({
    name: name.toUpperCase(),
    arrival: id,
    range: cidr,
    send: (oracle, packet) => oracle.fromSubnet(id, packet),
  }));
  const remote = idcs.map(({ id, ranges }, index): Place => {
    const [range] = ranges;
    if (range === undefined) throw new Error(`${id} has no range`);
    const tunnels = desired.vpnConnections.filter(({ customerGatewayId }) => customerGatewayId === id);
    const send = (oracle: Oracle, packet: Packet) =>
      new Set(tunnels.flatMap((tunnel) => [...oracle.fromTunnel(tunnel.id, packet)]));
    return { name: `IDC-${index + 1}`, arrival: id, range, send };
  });
  const lines = desired.directConnectLines.flatMap(({ directConnectGatewayId: id }): Place[] => {
    const own = desired.directConnectRanges.filter((range) => range.directConnectGatewayId === id);
    const send = (oracle: Oracle, packet: Packet) => oracle.fromLine(id, packet);
    return own.slice(0, 1).map(({ destination }) => ({ name: 'DC', arrival: id, range: destination, send }));
  });
  return [...subnets, ...lines, ...remote];
}

/** A packet from one host to another: `yes`, `no`, or `some` where a multipath route decides. */
function cell(oracle: Oracle, from: Place, to: Place): string {
  const isOwnNetwork = from.arrival === to.arrival && /^(IDC|DC)/.test(from.name);
  if (isOwnNetwork) return '-';
  const arrivals = from.send(oracle, ping(hostOf(from.range, 5), hostOf(to.range, 6)));
  if (!arrivals.has(to.arrival)) return 'no';
  return arrivals.size === 1 ? 'yes' : 'some';
}

function hostOf(range: Cidr, number: number): IpAddress {
  return ipFromBigInt(4, ipToBigInt(networkAddress(range)) + BigInt(number));
}

/** The table of docs/spec/scenarios.md: a row for who sends, a column for who shall get it. One direction each. */
export function matrixOf(world: World, oracle: Oracle): string {
  const places = placesOf(world);
  const rows = places.map((from) => [from.name, ...places.map((to) => cell(oracle, from, to))]);
  return layOut([['', ...places.map(({ name }) => name)], ...rows]);
}

/** The same layout for a table typed by hand. */
export function matrixText(text: string): string {
  const [head = [], ...rows] = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '')
    .map((line) => line.split(/\s+/));
  return layOut([['', ...head], ...rows]);
}

function layOut(rows: readonly (readonly string[])[]): string {
  return rows
    .map((row) =>
      row
        .map((word) => word.padEnd(6))
        .join('')
        .trimEnd(),
    )
    .join('\n');
}
