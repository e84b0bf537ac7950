import { cidrContains, cidrPrefixLength } from '@landbridge/net';
import * as fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import { rowsOf } from '../../testing/image-of.ts';
import { ccnWorldArbitrary } from '../../testing/simulation/arbitrary-ccn-routing.ts';
import { worldArbitrary } from '../../testing/simulation/arbitrary-world.ts';
import { ccnScenario } from '../../testing/simulation/ccn-worlds.ts';
import { probesOf, type Probe } from '../../testing/simulation/comparison.ts';
import { ping } from '../../testing/simulation/packet.ts';
import { byRoute, idcRange, route } from '../../testing/simulation/scenario-worlds.ts';
import type { World } from '../../testing/simulation/world.ts';
import type { Rows } from '../image/rows.ts';
import { rowsKeepingAll } from './derivation.ts';
import type { IsUsable } from '../domain/vpn/tunnel-usability.ts';
import { PacketTraces, type Hop, type Origin, type Path, type TracedPacket } from './packet-trace.ts';
import { destinationOf, PathRivals, type Rival } from './path-rivals.ts';

vi.setConfig({ testTimeout: 60_000 });

function originOf(probe: Probe): Origin {
  if (probe.kind === 'subnet') return { kind: 'subnet', id: probe.id };
  if (probe.kind === 'line') return { kind: 'direct-connect-gateway', id: probe.id };
  return { kind: 'vpn-connection', id: probe.id };
}

const decidingIds = (paths: readonly Path[], at: Hop['at']) =>
  paths.flatMap(({ hops }) => hops.filter((hop) => hop.at === at).map(({ decidedBy }) => idOf(decidedBy)));
const idOf = (decision: Rival['decision']) => ('route' in decision ? decision.route.id : decision.kind);

interface Facts {
  readonly rows: Rows;
  readonly isUsable: IsUsable;
  readonly traces: PacketTraces;
}

function factsOf(world: World): Facts {
  const rows = rowsKeepingAll(rowsOf(world.desired));
  const isUsable: IsUsable = (id) => world.unusable?.has(id) !== true;
  return { rows, isUsable, traces: new PacketTraces(rows, isUsable) };
}

/** Its loss is not what the rows say. */
function isWrong({ decision, lostBy }: Rival, decided: Rival['decision'] | null, isUsable: IsUsable): boolean {
  const lengthOf = (of: Rival['decision']) => cidrPrefixLength(destinationOf(of));
  const checks: Partial<Record<Rival['lostBy'], () => boolean>> = {
    'shorter-prefix': () => decided === null || lengthOf(decision) >= lengthOf(decided),
    'lower-priority': () => decided === null || lengthOf(decision) !== lengthOf(decided),
    'own-routes-first': () => decided === null || lengthOf(decision) !== lengthOf(decided),
    disabled: () => !('route' in decision) || decision.route.enabled,
    unusable: () =>
      decision.kind === 'gateway-route' && decision.route.nextHop.kind === 'vpn-connection'
        ? isUsable(decision.route.nextHop.id)
        : decision.kind !== 'ccn-route',
    'policies-first': () => decided?.kind !== 'mapping',
    'local-first': () => decided?.kind !== 'vpc-range',
  };
  return checks[lostBy]?.() ?? false;
}

/** What is wrong with the rivals of a packet; undefined: nothing. */
function wrongRivals({ rows, isUsable, traces }: Facts, origin: Origin, packet: TracedPacket): unknown {
  const paths = traces.pathsOf(origin, packet);
  const found = new PathRivals(rows, isUsable);
  for (const path of paths) {
    const lists = found.of(origin, packet, path);
    const { hops, end } = path;
    const isLostBeside = end.kind === 'nowhere' && end.at !== null && hops.at(-1)?.at !== end.at;
    if (lists.length !== hops.length + Number(isLostBeside)) return { path, lists };
    for (const [number, rivals] of lists.entries()) {
      const decided = hops[number]?.decidedBy ?? null;
      const wrong = rivals.find((rival) => isWrong(rival, decided, isUsable));
      if (wrong !== undefined) return { path, wrong };
    }
    // Whatever of a gateway's route table is around the destination either decides, on this way or another, or lost.
    const asked = new Set(hops.map(({ at }) => at));
    for (const gateway of rows.vpnGateways.all().filter(({ id }) => asked.has(id))) {
      const place = hops.findIndex(({ at, decidedBy }, number) => {
        const comesOutHere = number === 0 && origin.kind === 'vpn-connection' && decidedBy.kind === 'mapping';
        return at === gateway.id && !comesOutHere;
      });
      if (place < 0) continue;
      const known = new Set([
        ...decidingIds(paths, gateway.id),
        ...(lists[place] ?? []).map(({ decision }) => idOf(decision)),
      ]);
      const missing = rows.vpnGatewayRoutes
        .of('vpnGateway', gateway.id)
        .find(({ id, destination }) => cidrContains(destination, packet.destination) && !known.has(id));
      if (missing !== undefined) return { path, missing };
    }
  }
  return undefined;
}

test.each([
  ['any networks, whichever tunnels failed', worldArbitrary, 40],
  ['any route tables of a CCN', ccnWorldArbitrary, 20],
])(
  'what lost could not have decided, and whatever else is around the destination is told: in %s',
  (_name, worlds, numRuns) => {
    fc.assert(
      fc.property(worlds, (world) => {
        const facts = factsOf(world);
        const wrong = probesOf(world).find((probe) => wrongRivals(facts, originOf(probe), probe.packet) !== undefined);
        expect(wrong && wrongRivals(facts, originOf(wrong), wrong.packet)).toBeUndefined();
      }),
      { numRuns },
    );
  },
);

test('where a CCN tells nothing any more, what it has is named with its obstacle', () => {
  const world = ccnScenario({ tunnels: [byRoute(1)], routes: [route(1)], disabled: [] });
  const lostIn = (desired: World['desired'], isUsable: IsUsable) => {
    const [rows, packet] = [rowsOf(desired), ping('10.0.1.5', '192.168.1.6')];
    const origin = { kind: 'subnet', id: 'subnet-subnet0a' } as const;
    const [path] = new PacketTraces(rows, isUsable).pathsOf(origin, packet);
    const [rivals] = new PathRivals(rows, isUsable).of(origin, packet, path!);
    expect(path!.end).toEqual({ kind: 'nowhere', why: 'no-route', at: 'vpc-network1' });
    return rivals!.map(({ decision, lostBy }) => `${decision.kind} ${destinationOf(decision)} ${lostBy}`);
  };
  expect(lostIn(world.desired, () => false)).toEqual(['ccn-route 192.168.1.0/24 unusable']);
  const disabled = ccnScenario({ tunnels: [byRoute(1)], routes: [route(1)], disabled: [idcRange(1)] });
  expect(lostIn(disabled.desired, () => true)).toEqual(['ccn-route 192.168.1.0/24 disabled']);
});
