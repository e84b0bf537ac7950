import { addressCount, everything, ipFromBigInt, ipToBigInt, networkAddress, parseIpAddress } from '@landbridge/net';
import type { Cidr, IpAddress } from '@landbridge/net';
import { assumeUsable } from '../domain/vpn/tunnel-usability.ts';
import type { Rows } from '../image/rows.ts';
import { PacketTraces, type End, type Origin } from './packet-trace.ts';
import { Places, type Place } from './places.ts';

/** `some`: a multipath route leads there and elsewhere. */
export type Reach = 'yes' | 'some' | 'no';

/** A cell of the reachability matrix that comes out different. One direction. */
export interface ChangedCell {
  readonly from: Place;
  readonly to: Place;
  readonly before: Reach;
  readonly after: Reach;
}

export interface ChangedCells {
  readonly cells: readonly ChangedCell[];
  /** False: others may change as well. */
  readonly isComplete: boolean;
}

export interface CellsToCompare {
  readonly before: Rows;
  readonly after: Rows;
  /** Whose places. */
  readonly accountId: string;
  /** Of the VPCs, gateways and CCNs that the two differ in; others' ids are passed over. */
  readonly changed: readonly string[];
  /** Asked now and then; false: what is known by then has to do. */
  readonly mayGoOn: () => boolean;
}

/** Bounds of one comparison: it holds up everybody else. */
const mostPlaces = 250;
const mostCells = 4000;

/** The cells in which two states of the rows differ, with a packet of one host to another, all tunnels taken as working. */
export function changedCells({ before, after, accountId, changed, mayGoOn }: CellsToCompare): ChangedCells {
  const places = new Places(accountId, mostPlaces);
  for (const rows of [before, after]) places.add(changed, rows);
  const hosts = new Map(places.all.map((place) => [place, hostsOf(place.range)]));
  const matrices = [new Matrix(before, hosts), new Matrix(after, hosts)] as const;
  const [cells, asked] = [[] as ChangedCell[], { count: 0 }];
  for (const [from, to] of pairsAround(places.all, new Set(changed))) {
    if (isOneNetwork(from, to)) continue;
    if (asked.count++ >= mostCells || !mayGoOn()) return { cells, isComplete: false };
    const [was, is] = [matrices[0].cell(from, to), matrices[1].cell(from, to)];
    if (was !== is) cells.push({ from, to, before: was, after: is });
  }
  return { cells, isComplete: places.isComplete };
}

/** A packet passes what its two places join, and a CCN: what else changed is not on its way. */
function* pairsAround(places: readonly Place[], changed: ReadonlySet<string>): Generator<readonly [Place, Place]> {
  const isNear = ({ joins }: Place) => [...joins].some((id) => changed.has(id));
  const near = places.filter(isNear);
  const far = places.filter((place) => !isNear(place));
  for (const place of near) {
    for (const other of places) yield [place, other];
    for (const other of far) yield [other, place];
  }
  if (![...changed].some((id) => id.startsWith('ccn-'))) return;
  for (const from of far) for (const to of far) yield [from, to];
}

/** Whose hosts find each other without us: several devices may stand before the same range. */
function isOneNetwork(from: Place, to: Place): boolean {
  return from.id === to.id || from.range === to.range;
}

/** Who reaches whom, by one state of the rows. */
class Matrix {
  readonly #rows: Rows;
  readonly #traces: PacketTraces;
  readonly #hosts: ReadonlyMap<Place, Hosts>;
  readonly #origins = new Map<Place, readonly Origin[]>();

  constructor(rows: Rows, hosts: ReadonlyMap<Place, Hosts>) {
    this.#rows = rows;
    this.#hosts = hosts;
    this.#traces = new PacketTraces(rows, assumeUsable);
  }

  /** A device chooses its tunnel: the best of them counts. */
  cell(from: Place, to: Place): Reach {
    const [source, destination] = [this.#hosts.get(from)?.sender, this.#hosts.get(to)?.receiver];
    if (source === undefined || destination === undefined) return 'no';
    const packet = { source, destination };
    const found = this.#originsOf(from).map((origin) => {
      const arrivals = this.#traces.pathsOf(origin, packet).map(({ end }) => this.#isAt(to, end));
      if (arrivals.every(Boolean)) return 'yes';
      return arrivals.some(Boolean) ? 'some' : 'no';
    });
    return (['yes', 'some'] as const).find((reach) => found.includes(reach)) ?? 'no';
  }

  #originsOf(place: Place): readonly Origin[] {
    const known = this.#origins.get(place);
    if (known !== undefined) return known;
    const origins = this.#findOrigins(place);
    this.#origins.set(place, origins);
    return origins;
  }

  #findOrigins(place: Place): readonly Origin[] {
    if (place.kind === 'subnet') return [{ kind: 'subnet', id: place.id }];
    if (place.kind === 'direct-connect-gateway') {
      const hasLine = this.#rows.directConnectLines.get(place.id) !== undefined;
      return hasLine ? [{ kind: 'direct-connect-gateway', id: place.id }] : [];
    }
    return this.#rows.vpnConnections
      .of('customerGateway', place.id)
      .filter(({ vpnGatewayId }) => place.joins.has(vpnGatewayId))
      .map(({ id }) => ({ kind: 'vpn-connection', id }));
  }

  #isAt(place: Place, end: End): boolean {
    if (end.kind !== 'vpn-connection') return end.kind === place.kind && end.id === place.id;
    const connection = this.#rows.vpnConnections.get(end.id);
    // Behind another gateway the same device may have other ranges.
    return connection?.customerGatewayId === place.id && place.joins.has(connection.vpnGatewayId);
  }
}

interface Hosts {
  readonly sender: IpAddress;
  readonly receiver: IpAddress;
}

/** Of the internet an address that is nobody's (RFC 5737). */
const anywhere = parseIpAddress('192.0.2.1');

function hostsOf(range: Cidr): Hosts {
  return range === everything
    ? { sender: anywhere, receiver: anywhere }
    : { sender: hostOf(range, 5n), receiver: hostOf(range, 6n) };
}

/** Neither the network's own address nor a router's, where the range has others. */
function hostOf(range: Cidr, number: bigint): IpAddress {
  const last = addressCount(range) - 2n;
  const step = last < number ? last : number;
  return ipFromBigInt(4, ipToBigInt(networkAddress(range)) + (step < 0n ? 0n : step));
}
