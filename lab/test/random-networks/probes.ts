import { cidrContains, parseCidr, type IpAddress } from '@landbridge/net';
import { hostAddresses } from '@landbridge/server/simulation/addresses';
import { ping } from '@landbridge/server/simulation/packet';
import { ReachabilityModel } from '@landbridge/server/simulation/reachability-model';
import type { Arrival, World } from '@landbridge/server/simulation/world';
import { poll } from '@landbridge/testbed/poll';
import { hostOf } from './places.ts';
import type { ProbeNode } from './probe-node.ts';
import type { OutgoingProbe } from './packet-node.ts';

/** A packet that somebody sends, and where the model says that it arrives: anywhere of these. */
export interface Probe {
  readonly from: ProbeNode;
  readonly outgoing: OutgoingProbe;
  readonly expected: ReadonlySet<Arrival>;
}

/** A packet that arrived elsewhere than the model says. */
export interface Difference {
  readonly from: Arrival;
  readonly source: string;
  readonly destination: string;
  readonly model: readonly Arrival[];
  readonly arrived: readonly Arrival[];
}

/** Nobody lives there, or the sender's own kernel keeps such packets. */
const beyond = ['127.0.0.0/8', '224.0.0.0/4', '203.0.113.0/24'].map(parseCidr);
/** Packets of equal addresses and different ports. */
const flows = [0, 1];

/** From every source of every place to every address there is in the world. */
export function probesOf(world: World, nodes: readonly ProbeNode[]): Probe[] {
  const model = new ReachabilityModel(world);
  const destinations = hostAddresses(world).filter((address) => !beyond.some((block) => contains(block, address)));
  return nodes.flatMap((from, number) => {
    const { sources, isOwn } = from.options;
    const foreign = destinations.filter((destination) => !isOwn(destination));
    return sources.flatMap((source) =>
      foreign.flatMap((destination) => {
        const expected = expectedOf(model, world, from.options.place, source, destination);
        return flows.map((flow) => {
          const text = `${number} ${source} ${destination} ${flow}`;
          return { from, expected, outgoing: { source, destination, flow, text } };
        });
      }),
    );
  });
}

/** How many packets cross a gateway, by the model, from one host of each range to everybody. */
export function countCrossings(world: World): number {
  const model = new ReachabilityModel(world);
  const { desired, idcs } = world;
  const places = [
    ...desired.subnets.map(({ id, cidr }) => ({ place: id, source: hostOf(cidr) })),
    ...idcs.flatMap(({ id, ranges }) => ranges.map((range) => ({ place: id, source: hostOf(range) }))),
  ];
  const crosses = (from: Arrival, to: Arrival): boolean =>
    to !== 'nowhere' && to !== 'router' && !(from.startsWith('subnet-') && to.startsWith('subnet-'));
  return places.reduce((sum, { place, source }) => {
    const arrivals = hostAddresses(world).map((to) => expectedOf(model, world, place, source, to));
    return sum + arrivals.filter((set) => [...set].some((to) => crosses(place, to))).length;
  }, 0);
}

function contains(block: ReturnType<typeof parseCidr>, address: IpAddress): boolean {
  return cidrContains(block, parseCidr(`${address}/32`));
}

function expectedOf(
  model: ReachabilityModel,
  { desired }: World,
  place: Arrival,
  source: IpAddress,
  destination: IpAddress,
): Set<Arrival> {
  const packet = ping(source, destination);
  if (place.startsWith('subnet-')) return model.fromSubnet(place as `subnet-${string}`, packet);
  if (place.startsWith('dcg-')) return model.fromLine(place as `dcg-${string}`, packet);
  const tunnel = desired.vpnConnections.find(({ customerGatewayId }) => customerGatewayId === place);
  if (tunnel === undefined) throw new Error(`no tunnel to ${place}`);
  return model.fromTunnel(tunnel.id, packet);
}

/** A packet that must arrive, at one place or another. */
function mustArrive({ expected }: Probe): boolean {
  return expected.size > 0 && !expected.has('nowhere') && !expected.has('router');
}

/**
 * What must arrive is awaited first, so that the network is known to stand; then everything is sent twice, and what must
 * arrive once more until it has: beside so much that arrives, silence means something.
 */
export async function findDifferences(probes: readonly Probe[], nodes: readonly ProbeNode[]): Promise<Difference[]> {
  const positives = probes.filter(mustArrive);
  await awaitArrivals('before', positives, nodes);
  await Promise.all(nodes.map((node) => node.ask('forget')));
  await sendAll(probes, nodes);
  await sendAll(probes, nodes);
  await awaitArrivals('after', positives, nodes);
  const arrivals = await readArrivals(nodes);
  return probes.flatMap((probe) => differenceOf(probe, arrivals.get(probe.outgoing.text) ?? []));
}

/** Silence is no error here: the comparison shows it. */
async function awaitArrivals(when: string, probes: readonly Probe[], nodes: readonly ProbeNode[]): Promise<void> {
  const missing = async (): Promise<readonly Probe[]> => {
    const arrivals = await readArrivals(nodes);
    return probes.filter(
      ({ expected, outgoing }) => !arrivals.get(outgoing.text)?.some((place) => expected.has(place)),
    );
  };
  await poll(
    `all that must arrive arrives, ${when} the measurement`,
    async () => {
      await sendAll(await missing(), nodes);
      return (await missing()).length;
    },
    (count) => count === 0,
    { within: 30_000, every: 200 },
  ).catch(() => undefined);
}

async function sendAll(probes: readonly Probe[], nodes: readonly ProbeNode[]): Promise<void> {
  const own = (node: ProbeNode): OutgoingProbe[] =>
    probes.filter(({ from }) => from === node).map(({ outgoing }) => outgoing);
  await Promise.all(nodes.map((node) => node.ask({ send: own(node) })));
}

/** By the text of the probe: where it arrived since nodes were last told to forget. */
export async function readArrivals(nodes: readonly ProbeNode[]): Promise<Map<string, Arrival[]>> {
  const arrivals = new Map<string, Arrival[]>();
  const reports = await Promise.all(nodes.map((node) => node.ask('report')));
  for (const [number, texts] of reports.entries()) {
    const place = nodes[number]?.options.place ?? 'nowhere';
    for (const text of texts) arrivals.set(text, [...(arrivals.get(text) ?? []), place]);
  }
  return arrivals;
}

function differenceOf(probe: Probe, arrived: readonly Arrival[]): Difference[] {
  const { expected, from, outgoing } = probe;
  const isMissing = arrived.length === 0 && mustArrive(probe);
  if (!isMissing && arrived.every((place) => expected.has(place))) return [];
  const { source, destination } = outgoing;
  return [{ from: from.options.place, source, destination, model: [...expected], arrived }];
}
