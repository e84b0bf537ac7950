import type { ResponseOf } from '@landbridge/catalogue/action-definition';
import type { pathTraceActions, WireEnd } from '@landbridge/catalogue/operator/path-traces';
import { cidrContains, parseIpAddress, type IpAddress } from '@landbridge/net';
import type { Arrival, World } from '@landbridge/server/simulation/world';
import type { Cloud } from '../../src/cloud.ts';
import type { Probe } from './probes.ts';

/** How ids of the model and of the service belong together. */
export interface Ids {
  readonly real: (id: string) => string;
  readonly model: (real: string) => string;
}

/** A trace that says something else than packets did. */
export interface TraceDifference {
  readonly from: Arrival;
  readonly source: string;
  readonly destination: string;
  /** Where the trace ends, place by place, and what it says. */
  readonly traced: readonly string[];
  readonly arrived: readonly Arrival[];
}

/** Of one network. */
const mostTraces = 400;

/** Asks for the ways of probes that were sent, of as many as there is time for, and compares them with where they arrived. */
export async function findTraceDifferences(
  { model, ids, cloud }: { readonly model: World; readonly ids: Ids; readonly cloud: Cloud },
  probes: readonly Probe[],
  arrivalsOf: (probe: Probe) => readonly Arrival[],
): Promise<{
  readonly traced: number;
  readonly intoTunnels: number;
  readonly differences: readonly TraceDifference[];
}> {
  const kinds = Map.groupBy(probes, ({ from, outgoing: { source, destination } }) =>
    [from.options.place, source, destination].join(' '),
  );
  const chosen = everyNth([...kinds.values()], mostTraces);
  const differences: TraceDifference[] = [];
  let intoTunnels = 0;
  for (const flows of chosen) {
    const [first] = flows;
    if (first === undefined) continue;
    const [source, destination] = [first.outgoing.source, parseIpAddress(first.outgoing.destination)];
    const ends = await endsOf(cloud, {
      from: ids.real(originOf(first.from.options.place, model)),
      source,
      destination,
    });
    const arrived = [...new Set(flows.flatMap(arrivalsOf))];
    intoTunnels += Number(ends.some(({ Kind }) => Kind === 'tunnel'));
    if (isSo(ends, arrived, destination, { model, ids })) continue;
    const traced = ends.map(({ Kind, ResourceId, Reason }) => `${Kind} ${ResourceId} ${Reason}`.trim());
    differences.push({ from: first.from.options.place, source, destination, traced, arrived });
  }
  return { traced: chosen.length, intoTunnels, differences };
}

async function endsOf(
  cloud: Cloud,
  { from, source, destination }: { readonly from: string; readonly source: string; readonly destination: string },
): Promise<readonly WireEnd[]> {
  const ask = { SourceAddress: source, SourceId: from, DestinationAddress: destination };
  const reply = (await cloud.call('TracePath', ask, 'landbridge')) as unknown as ResponseOf<
    typeof pathTraceActions.TracePath
  >;
  return reply.Forward.Ways.map(({ End }) => End);
}

/** A device is behind its tunnel: each has one. */
function originOf(place: Arrival, { desired }: World): string {
  if (!place.startsWith('cgw-')) return place;
  const tunnel = desired.vpnConnections.find(({ customerGatewayId }) => customerGatewayId === place);
  if (tunnel === undefined) throw new Error(`no tunnel to ${place}`);
  return tunnel.id;
}

/** Nothing arrives elsewhere than at an end of the trace; where each of its ends is a host, something arrives. */
function isSo(
  ends: readonly WireEnd[],
  arrived: readonly Arrival[],
  destination: IpAddress,
  of: { readonly model: World; readonly ids: Ids },
): boolean {
  const places = ends.map((end) => placeOf(end, destination, of));
  const isEverywhere = places.every((place) => place !== 'nowhere' && place !== 'router');
  return arrived.every((place) => places.includes(place)) && (arrived.length > 0 || !isEverywhere);
}

/** What is beyond the peer no route says: a device takes in what is for its ranges. */
function placeOf(
  { Kind, ResourceId }: WireEnd,
  destination: IpAddress,
  { model: { desired, idcs }, ids }: { readonly model: World; readonly ids: Ids },
): Arrival {
  if (Kind === 'router') return 'router';
  if (Kind === 'subnet' || Kind === 'line') return ids.model(ResourceId) as Arrival;
  if (Kind !== 'tunnel') return 'nowhere';
  const tunnel = desired.vpnConnections.find(({ id }) => id === ids.model(ResourceId));
  const idc = idcs.find(({ id }) => id === tunnel?.customerGatewayId);
  const takesIn = idc?.ranges.some((range) => cidrContains(range, destination)) === true;
  return idc !== undefined && takesIn ? idc.id : 'nowhere';
}

function everyNth<Item>(items: readonly Item[], most: number): readonly Item[] {
  const step = Math.max(1, Math.ceil(items.length / most));
  return items.filter((_, number) => number % step === 0);
}
