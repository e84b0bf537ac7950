import { everything, parseCidr } from '@landbridge/net';
import * as fc from 'fast-check';
import { isDeepStrictEqual } from 'node:util';
import { describe, expect, test, vi } from 'vitest';
import { changedCells, type ChangedCells } from '../derive/reachability.ts';
import type { CcnRoutePolicy } from '../domain/ccn/ccn-route-policy.ts';
import { sampleConnection, sampleUplink } from '../../testing/sample-network.ts';
import { planFor, planKeys } from './plan-for.ts';
import { rowsOf } from '../../testing/image-of.ts';
import { gatewayRules, learnedMetric, tables } from './layout.ts';
import { renderTable } from '../drivers/nft-text.ts';
import { parseTable } from '../../testing/simulation/nft-text.ts';
import type { NetnsPlan, RoutePlan, RulePlan } from '../plan/plan.ts';
import { ccnWorldArbitrary } from '../../testing/simulation/arbitrary-ccn-routing.ts';
import { worldArbitrary } from '../../testing/simulation/arbitrary-world.ts';
import { ccnScenario } from '../../testing/simulation/ccn-worlds.ts';
import { firstDifference } from '../../testing/simulation/comparison.ts';
import { matrixOf, matrixText, modelOracle, planOracle } from '../../testing/simulation/matrix.ts';
import { bySpd, byRoute, idcRange, route, scenario } from '../../testing/simulation/scenario-worlds.ts';
import { plansOf, SimulatedWorld } from '../../testing/simulation/simulated-world.ts';
import { traceOracle } from '../../testing/simulation/trace-oracle.ts';
import type { World } from '../../testing/simulation/world.ts';

/** Random networks by the hundred; a failing one is shrunk first. */
vi.setConfig({ testTimeout: 60_000 });

/** What a test of the plans sees; `tamper` spoils them first. */
function simulate(world: World, tamper: (plan: NetnsPlan) => NetnsPlan = (plan) => plan): SimulatedWorld {
  return new SimulatedWorld(world, plansOf(world, sampleUplink).map(tamper));
}

const three = [1, 2, 3];
const isolated = `
         A     B     IDC-1 IDC-2 IDC-3
  A      yes   yes   yes   yes   yes
  B      yes   yes   yes   yes   yes
  IDC-1  yes   yes   -     no    no
  IDC-2  yes   yes   no    -     no
  IDC-3  yes   yes   no    no    -`;
const connected = `
         A     B     IDC-1 IDC-2 IDC-3
  A      yes   yes   yes   yes   yes
  B      yes   yes   yes   yes   yes
  IDC-1  yes   yes   -     yes   yes
  IDC-2  yes   yes   yes   -     yes
  IDC-3  yes   yes   yes   yes   -`;
const vpcRoutes = three.map(idcRange);
const spdAndRoute = [bySpd(1), bySpd(2), byRoute(3)];

/** 192.168.9.0/24, which both IDCs have, by tunnel 1 with priority 0 and by tunnel 2 with 100. */
const sharedRange = '192.168.9.0/24';
const twoDevices = scenario({
  tunnels: [byRoute(1), byRoute(2)],
  routes: [route(1, { to: sharedRange }), route(2, { to: sharedRange, priority: 100 })],
  vpcRoutes: [sharedRange],
});
const activeAndStandby: World = {
  ...twoDevices,
  idcs: twoDevices.idcs.map((idc) => ({ ...idc, ranges: [parseCidr(sharedRange)] })),
};
const mesh = `
         A     B     C     DC    IDC-1 IDC-2 IDC-3
  A      yes   yes   yes   yes   yes   yes   yes
  B      yes   yes   yes   yes   yes   yes   yes
  C      yes   yes   yes   yes   yes   yes   yes
  DC     yes   yes   yes   -     yes   yes   yes
  IDC-1  yes   yes   yes   yes   -     yes   yes
  IDC-2  yes   yes   yes   yes   yes   -     yes
  IDC-3  yes   yes   yes   yes   yes   yes   -`;
const apart = mesh.replace(
  'IDC-1  yes   yes   yes   yes   -     yes   yes',
  'IDC-1  yes   yes   yes   yes   -     no    no',
);
const isolatedMesh = apart
  .replace('IDC-2  yes   yes   yes   yes   yes   -     yes', 'IDC-2  yes   yes   yes   yes   no    -     no')
  .replace('IDC-3  yes   yes   yes   yes   yes   yes   -', 'IDC-3  yes   yes   yes   yes   no    no    -');
const dropGateways: CcnRoutePolicy = {
  ...{ action: 'drop', audience: [], description: '' },
  conditions: [{ kind: 'instance-kind', values: ['vpn-gateway'] }],
};
const meshRoutes = { tunnels: three.map(byRoute), routes: three.map((number) => route(number)) };
const announced = Object.fromEntries(vpcRoutes.map((range) => [range, true]));

/** Scenario 4 by SPD: local are the cloud's ranges, and those of the other IDCs where they shall reach each other. */
function spdTunnels(withOthers: boolean) {
  return three.map((number) => {
    const others = withOthers ? three.filter((other) => other !== number).map(idcRange) : [];
    const locals = ['10.0.0.0/16', '172.16.0.0/16', '192.168.9.0/24', ...others];
    const remotes = [parseCidr(idcRange(number))];
    return sampleConnection(
      number,
      locals.map((local) => ({ local: parseCidr(local), remotes })),
    );
  });
}

/** Name, world and the table of docs/spec/scenarios.md, one direction a cell. */
const matrices: readonly (readonly [string, World, string])[] = [
  [
    '1 by route',
    scenario({ tunnels: [byRoute(1)], routes: [route(1)], vpcRoutes: [idcRange(1)] }),
    `
         A     B     IDC-1
  A      yes   yes   yes
  B      yes   yes   yes
  IDC-1  yes   yes   -`,
  ],
  [
    '1 by SPD for one subnet (6.6)',
    scenario({ tunnels: [bySpd(1, '10.0.1.0/24')], vpcRoutes: [idcRange(1)] }),
    `
         A     B     IDC-1
  A      yes   yes   yes
  B      yes   yes   no
  IDC-1  yes   no    -`,
  ],
  [
    '1.1 no VPC route: requests of the IDC arrive, answers do not',
    scenario({ tunnels: [byRoute(1)], routes: [route(1)] }),
    `
         A     B     IDC-1
  A      yes   yes   no
  B      yes   yes   no
  IDC-1  yes   yes   -`,
  ],
  [
    '1.1 the same by SPD',
    scenario({ tunnels: [bySpd(1)] }),
    `
         A     B     IDC-1
  A      yes   yes   no
  B      yes   yes   no
  IDC-1  yes   yes   -`,
  ],
  [
    '1.2 no gateway route: nothing from the IDC either, its sources lead nowhere',
    scenario({ tunnels: [byRoute(1)], vpcRoutes: [idcRange(1)] }),
    `
         A     B     IDC-1
  A      yes   yes   no
  B      yes   yes   no
  IDC-1  no    no    -`,
  ],
  [
    '1.3 the gateway route is disabled: as 1.2',
    scenario({ tunnels: [byRoute(1)], routes: [route(1, { enabled: false })], vpcRoutes: [idcRange(1)] }),
    `
         A     B     IDC-1
  A      yes   yes   no
  B      yes   yes   no
  IDC-1  no    no    -`,
  ],
  [
    '2 (and 6C)',
    scenario({ tunnels: three.map(byRoute), routes: three.map((number) => route(number)), vpcRoutes }),
    connected,
  ],
  ['2.1 the same by SPD', scenario({ tunnels: three.map((number) => bySpd(number)), vpcRoutes }), isolated],
  [
    '2.2 without the gateway route of IDC-2, which cannot send either',
    scenario({ tunnels: three.map(byRoute), routes: [route(1), route(3)], vpcRoutes }),
    `
         A     B     IDC-1 IDC-2 IDC-3
  A      yes   yes   yes   no    yes
  B      yes   yes   yes   no    yes
  IDC-1  yes   yes   -     no    yes
  IDC-2  no    no    no    -     no
  IDC-3  yes   yes   yes   no    -`,
  ],
  [
    '2.3 without the VPC route for IDC-2',
    scenario({
      tunnels: three.map(byRoute),
      routes: three.map((number) => route(number)),
      vpcRoutes: [idcRange(1), idcRange(3)],
    }),
    `
         A     B     IDC-1 IDC-2 IDC-3
  A      yes   yes   yes   no    yes
  B      yes   yes   yes   no    yes
  IDC-1  yes   yes   -     yes   yes
  IDC-2  yes   yes   yes   -     yes
  IDC-3  yes   yes   yes   yes   -`,
  ],
  [
    '2.4 two tunnels for one range share it; a source outside it comes out of neither',
    scenario({
      tunnels: [byRoute(1), byRoute(2)],
      routes: [route(1), route(2, { to: idcRange(1) })],
      vpcRoutes: [idcRange(1)],
    }),
    `
         A     B     IDC-1 IDC-2
  A      yes   yes   some  no
  B      yes   yes   some  no
  IDC-1  yes   yes   -     no
  IDC-2  no    no    no    -`,
  ],
  [
    '3: no network, only tunnel to tunnel',
    scenario({ tunnels: three.map(byRoute), routes: three.map((number) => route(number)), isAttached: false }),
    `
         A     B     IDC-1 IDC-2 IDC-3
  A      yes   yes   no    no    no
  B      yes   yes   no    no    no
  IDC-1  no    no    -     yes   yes
  IDC-2  no    no    yes   -     yes
  IDC-3  no    no    yes   yes   -`,
  ],
  [
    '3.2 SPD tunnels without a network reach nothing',
    scenario({
      tunnels: three.map((number) => bySpd(number, '192.168.0.0/16', `10.${number}.0.0/16`)),
      isAttached: false,
    }),
    `
         A     B     IDC-1 IDC-2 IDC-3
  A      yes   yes   no    no    no
  B      yes   yes   no    no    no
  IDC-1  no    no    -     no    no
  IDC-2  no    no    no    -     no
  IDC-3  no    no    no    no    -`,
  ],
  ['4 by destination routing', ccnScenario(meshRoutes), mesh],
  ['4 by SPD, tunnel to CCN to tunnel', ccnScenario({ tunnels: spdTunnels(true), announced }), mesh],
  ['4 by SPD for the cloud alone', ccnScenario({ tunnels: spdTunnels(false), announced }), isolatedMesh],
  [
    '4 by SPD, ranges not enabled: only requests of IDCs arrive',
    ccnScenario({ tunnels: spdTunnels(true) }),
    isolatedMesh.replace(/^( +(?:A|B|C|DC) .*?)yes   yes   yes$/gm, '$1no    no    no'),
  ],
  [
    '4.1 a range withdrawn from the CCN: the gateway still knows it',
    ccnScenario({ ...meshRoutes, announced: { [idcRange(1)]: false } }),
    mesh.replace(/^( +(?:A|B|C|DC) .*?)yes   yes   yes$/gm, '$1no    yes   yes'),
  ],
  [
    '4.4 DisableCcnRoutes of IDC-1',
    ccnScenario({ ...meshRoutes, disabled: [idcRange(1)] }),
    mesh.replace(/^( +(?:A|B|C|DC) .*?)yes   yes   yes$/gm, '$1no    yes   yes'),
  ],
  [
    '4.7 the gateway detached: only IDC to IDC',
    ccnScenario({ ...meshRoutes, isGatewayAttached: false }),
    `
         A     B     C     DC    IDC-1 IDC-2 IDC-3
  A      yes   yes   yes   yes   no    no    no
  B      yes   yes   yes   yes   no    no    no
  C      yes   yes   yes   yes   no    no    no
  DC     yes   yes   yes   -     no    no    no
  IDC-1  no    no    no    no    -     yes   yes
  IDC-2  no    no    no    no    yes   -     yes
  IDC-3  no    no    no    no    yes   yes   -`,
  ],
  [
    '4.8 a route table without the VPN gateway: requests of IDCs arrive, answers of the bound VPC do not',
    ccnScenario({ ...meshRoutes, custom: { input: [dropGateways], bound: ['vpc-network1'] } }),
    mesh.replace(/^( +(?:A|B) .*?)yes   yes   yes$/gm, '$1no    no    no'),
  ],
  [
    'a selection policy for one subnet',
    ccnScenario({ ...meshRoutes, custom: { input: [dropGateways], selectedFrom: ['10.0.1.0/24'] } }),
    mesh.replace(/^( +A .*?)yes   yes   yes$/gm, '$1no    no    no'),
  ],
  [
    'a route table that tells the VPC nothing: others still reach it',
    ccnScenario({ ...meshRoutes, custom: { broadcast: [dropGateways], bound: ['vpc-network2'] } }),
    mesh.replace(/^( +C .*?)yes   yes   yes$/gm, '$1no    no    no'),
  ],
  [
    'an SPD tunnel is not bound to what its gateway was told',
    ccnScenario({
      ...{ tunnels: spdTunnels(true), announced },
      custom: { broadcast: [{ ...dropGateways, conditions: [] }], bound: ['vpngw-gateway1'] },
    }),
    mesh,
  ],
  [
    '4 the tunnel of IDC-1 failed: its range leaves the CCN, its packets arrive all the same',
    { ...ccnScenario(meshRoutes), unusable: new Set(['vpnx-tunnel01']) },
    mesh
      .replace(/^( +(?:A|B|C|DC) .*?)yes   yes   yes$/gm, '$1no    yes   yes')
      .replace(/^( +IDC-2 .*?)yes   -     yes$/gm, '$1no    -     yes')
      .replace(/^( +IDC-3 .*?)yes   yes   -$/gm, '$1no    yes   -'),
  ],
  ['6A', scenario({ tunnels: three.map((number) => bySpd(number)), vpcRoutes }), isolated],
  ['6B', scenario({ tunnels: spdAndRoute, routes: [route(3)], vpcRoutes }), isolated],
  [
    '6.2 SPD beats a gateway route into another tunnel',
    scenario({ tunnels: spdAndRoute, routes: [route(3), route(3, { to: idcRange(1) })], vpcRoutes }),
    isolated,
  ],
  [
    '6.3 a gateway route into an SPD tunnel opens nothing',
    scenario({ tunnels: spdAndRoute, routes: [route(3), route(1)], vpcRoutes }),
    isolated,
  ],
  [
    '6.4 local 0.0.0.0/0 still has no path from tunnel to tunnel',
    scenario({ tunnels: three.map((number) => bySpd(number, '0.0.0.0/0')), vpcRoutes }),
    isolated,
  ],
  [
    'T7 priority 0 before 100; another source than the routed one comes out of neither',
    scenario({
      tunnels: [byRoute(1), byRoute(2)],
      routes: [route(1), route(2, { to: idcRange(1), priority: 100 })],
      vpcRoutes: [idcRange(1)],
    }),
    `
         A     B     IDC-1 IDC-2
  A      yes   yes   yes   no
  B      yes   yes   yes   no
  IDC-1  yes   yes   -     no
  IDC-2  no    no    no    -`,
  ],
  [
    '5 tunnel 1 failed: the standby carries',
    { ...activeAndStandby, unusable: new Set(['vpnx-tunnel01']) },
    `
         A     B     IDC-1 IDC-2
  A      yes   yes   no    yes
  B      yes   yes   no    yes
  IDC-1  yes   yes   -     yes
  IDC-2  yes   yes   no    -`,
  ],
  [
    '5 both failed: nothing, dropped',
    { ...activeAndStandby, unusable: new Set(['vpnx-tunnel01', 'vpnx-tunnel02']) },
    `
         A     B     IDC-1 IDC-2
  A      yes   yes   no    no
  B      yes   yes   no    no
  IDC-1  yes   yes   -     no
  IDC-2  yes   yes   no    -`,
  ],
  [
    'T10 the longest prefix before the priority',
    scenario({
      tunnels: [byRoute(1), byRoute(2)],
      routes: [route(1, { priority: 100 }), route(2, { to: '192.168.0.0/16' })],
      vpcRoutes: ['192.168.0.0/16'],
    }),
    `
         A     B     IDC-1 IDC-2
  A      yes   yes   yes   yes
  B      yes   yes   yes   yes
  IDC-1  yes   yes   -     yes
  IDC-2  yes   yes   yes   -`,
  ],
];

describe('the matrices of docs/spec/scenarios.md', () => {
  for (const [name, world, expected] of matrices) {
    test(`${name}: the model`, () => expect(matrixOf(world, modelOracle(world))).toBe(matrixText(expected)));
    test(`${name}: the trace`, () => expect(matrixOf(world, traceOracle(world))).toBe(matrixText(expected)));
    test(`${name}: the plans`, () => expect(matrixOf(world, planOracle(simulate(world)))).toBe(matrixText(expected)));
  }
});

describe('random networks', () => {
  test('plans and model agree on every pair', () => {
    fc.assert(
      fc.property(worldArbitrary, (world) => {
        expect(firstDifference(world, simulate(world))).toBeUndefined();
      }),
      { numRuns: 500 },
    );
  });

  test('plans and model agree on every pair of scenario 4 with any route tables', () => {
    fc.assert(
      fc.property(ccnWorldArbitrary, (world) => {
        expect(firstDifference(world, simulate(world))).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });

  test('the order of rules of one priority, of links and of routes decides nothing', () => {
    const reverse = (plan: NetnsPlan): NetnsPlan => ({
      ...plan,
      links: [...plan.links].reverse(),
      rules: [...plan.rules].reverse(),
      routes: [...plan.routes].reverse(),
    });
    fc.assert(
      fc.property(worldArbitrary, (world) => {
        expect(firstDifference(world, simulate(world, reverse))).toBeUndefined();
      }),
      { numRuns: 100 },
    );
  });
});

describe('who reaches whom', () => {
  const removable = [
    ...(['vpnGatewayRoutes', 'vpcRoutes', 'ccnAttachments', 'ccnRoutePolicyLists', 'ccnSelectionPolicies'] as const),
    ...(['ccnRangeChoices', 'directConnectRanges', 'directConnectLines'] as const),
  ];

  test('changes only between places that changed plans join', () => {
    let changes = 0;
    fc.assert(
      fc.property(fc.oneof(worldArbitrary, ccnWorldArbitrary), fc.nat(), fc.nat(), ({ desired }, which, at) => {
        const filled = removable.filter((name) => desired[name].length > 0);
        const name = filled[which % Math.max(1, filled.length)] ?? 'vpcRoutes';
        const place = at % Math.max(1, desired[name].length);
        const [before, after] = [desired, { ...desired, [name]: desired[name].toSpliced(place, 1) }].map(rowsOf);
        if (before === undefined || after === undefined) throw new Error('there are two');
        const keys = planKeys(before);
        const changed = keys.filter(
          (key) => !isDeepStrictEqual(planFor(key, before, sampleUplink), planFor(key, after, sampleUplink)),
        );
        for (const accountId of new Set(desired.vpcs.map((vpc) => vpc.accountId))) {
          const compared = { before, after, accountId, mayGoOn: () => true };
          const [told, all] = [changed, keys].map((some) => changedCells({ ...compared, changed: some }));
          expect(inWords(told)).toEqual(inWords(all));
          changes += all?.cells.length ?? 0;
        }
      }),
      { numRuns: 200 },
    );
    expect(changes).toBeGreaterThan(0);
  });

  const inWords = (changed: ChangedCells | undefined) =>
    changed?.cells
      .map(({ from, to, ...reach }) => JSON.stringify([from.id, from.range, to.id, to.range, reach]))
      .sort();
});

const withRules = (change: (rules: readonly RulePlan[]) => readonly RulePlan[]) => (plan: NetnsPlan) => ({
  ...plan,
  rules: change(plan.rules),
});
const withRoutes = (change: (routes: NetnsPlan['routes']) => NetnsPlan['routes']) => (plan: NetnsPlan) => ({
  ...plan,
  routes: change(plan.routes),
});
const withFilter = (change: (lines: readonly string[]) => readonly string[]) => (plan: NetnsPlan) => ({
  ...plan,
  filter: plan.filter === null ? null : parseTable(change(renderTable(plan.filter).split('\n')).join('\n')),
});

/** Changes lines of the chains that packets out of tunnels go through. */
const withFromTunnels = (change: (line: string) => string) =>
  withFilter((lines) => {
    let isInside = false;
    const changed = lines.map((line) => {
      if (line.startsWith('chain ')) isInside = line.startsWith('chain from-vpnx-');
      return isInside ? change(line) : line;
    });
    // An empty one is no rule.
    return changed.filter((line) => line !== '');
  });
/** `ip saddr { … }` or `ip saddr RANGE`. */
const sources = / *ip saddr (?:\{ [^}]* \}|\S+)(?= )/;
const withKind = (kind: string, tamper: (plan: NetnsPlan) => NetnsPlan) => (plan: NetnsPlan) =>
  plan.key.startsWith(kind) ? tamper(plan) : plan;

const ofCcns = (tamper: (plan: NetnsPlan) => NetnsPlan) => (plan: NetnsPlan) =>
  plan.key.startsWith('ccn-') ? tamper(plan) : plan;

/** Faults that the comparison must find. */
const faults: Readonly<Record<string, (plan: NetnsPlan) => NetnsPlan>> = {
  // What counts packets without a way would lead those of mappings as well.
  'no SPD rules': withRules((rules) =>
    rules.filter(({ priority }) => priority !== gatewayRules.spd && priority !== gatewayRules.unmapped),
  ),
  'destination routing before SPD': withRules((rules) =>
    rules.map((rule) =>
      rule.priority === gatewayRules.spd ? { ...rule, priority: gatewayRules.destination + 1 } : rule,
    ),
  ),
  'SPD rules without their local range': withRules((rules) =>
    rules.map(({ from, ...rule }) =>
      rule.priority === gatewayRules.spd || from === undefined ? rule : { ...rule, from },
    ),
  ),
  'nothing leads out of an SPD tunnel': withRules((rules) =>
    rules.filter(({ priority }) => priority !== gatewayRules.fromSpdTunnel),
  ),
  'subnets use the wrong route tables': withRules((rules) => {
    const bound = rules.filter(({ iif }) => iif?.startsWith('subnet-') === true);
    return rules.map((rule) =>
      bound.includes(rule) ? { ...rule, action: bound[(bound.indexOf(rule) + 1) % bound.length]!.action } : rule,
    );
  }),
  'a VPC without its last resort': withRoutes((routes) =>
    routes.filter(({ table, kind }) => table !== tables.main || kind !== 'blackhole'),
  ),
  'a gateway that does not know its VPC': withRoutes((routes) =>
    routes.filter(({ table, metric }) => table !== tables.gateway || metric !== 0),
  ),
  'a failed tunnel is used all the same': withRoutes((routes) => [
    ...routes,
    ...routes
      .filter(({ table, kind }) => kind === 'unicast' && table === tables.probes)
      .map(({ nextHops }, number): RoutePlan => {
        const way = { kind: 'unicast', nextHops, metric: 50_000 + number } as const;
        return { table: tables.gateway, destination: everything, ...way };
      }),
  ]),
  'standby before active': withRoutes((routes) =>
    routes.map((one) => (one.table === tables.gateway && one.metric > 0 ? { ...one, metric: 102 - one.metric } : one)),
  ),
  'multipath with one path': withRoutes((routes) =>
    routes.map((one) => ({ ...one, nextHops: one.nextHops.slice(0, 1) })),
  ),
  'a filter that lets everything pass': withFilter((lines) =>
    lines
      .filter((line) => !/(accept|drop)$/.test(line))
      .map((line) => line.replace('forward priority filter; policy drop', 'forward priority filter; policy accept')),
  ),
  'SPD tunnels let out any source': withFromTunnels((line) =>
    line.includes('ip daddr') ? line.replace(sources, '') : line,
  ),
  'SPD tunnels let out any destination of the VPC': withFromTunnels((line) => line.replace(/ip daddr \S+ /, '')),
  'destination-routing tunnels let out any source': withFromTunnels((line) =>
    /ip saddr .* accept$/.test(line) && !line.includes('ip daddr') ? line.replace(sources, '') : line,
  ),
  'destination-routing tunnels let out nothing': withFromTunnels((line) =>
    /ip saddr .* accept$/.test(line) && !line.includes('ip daddr') ? '' : line,
  ),
  'tunnels let out no errors of routers': withFromTunnels((line) =>
    line.replace(/icmp type \{[^}]*\}/, 'icmp type { redirect }'),
  ),
  'tunnels let out errors about anything': withFromTunnels((line) => line.replace(/@th,192,32 \{[^}]*\} /, '')),
  'routers in the name of other tunnels': withFilter((lines) =>
    lines.filter((line) => !/^ *ip saddr .* counter name iifname map .* drop$/.test(line)),
  ),
  'subnets let out any source': withKind(
    'vpc-',
    withFilter((lines) => lines.filter((line) => !line.includes('.outside-vpc drop'))),
  ),
  'VPCs speak for others on the CCN': withKind(
    'vpc-',
    withFilter((lines) => lines.filter((line) => !line.includes('.others-source drop'))),
  ),
  'lines let out any source': withKind(
    'dcg-',
    withFilter((lines) => lines.filter((line) => !line.includes('.outside-ranges drop'))),
  ),
  'lines speak for the network': withKind(
    'dcg-',
    withFilter((lines) => lines.filter((line) => !line.includes('.network-source drop'))),
  ),
  'SPD tunnels let nothing in': withFilter((lines) => lines.filter((line) => !/^ *ip [sd]addr .* accept$/.test(line))),
  'tunnels cannot exchange packets': withFilter((lines) =>
    lines.map((line) => line.replace(/oifname \{ .* \} accept$/, 'oifname "vpc-*" accept')),
  ),
  'a CCN that does not know one of its routes': withRoutes((routes) =>
    routes.filter(({ nextHops }, at) => at !== 0 || nextHops[0]?.device.startsWith('ccn-') !== false),
  ),
  'a VPC that does not hear of its CCN': withRoutes((routes) =>
    routes.filter(({ table, nextHops }) => table < 1000 || nextHops[0]?.device.startsWith('ccn-') !== true),
  ),
  'a CCN route before those of the user': withRoutes((routes) =>
    routes.map((one) => (one.metric === learnedMetric ? { ...one, metric: 0 } : { ...one, metric: one.metric + 1 })),
  ),
  'a gateway that sends back what its CCN sent': (plan) => {
    const fromCcn = plan.links.find(({ name }) => plan.key.startsWith('vpngw-') && name.startsWith('ccn-'));
    if (fromCcn === undefined) return plan;
    const action = { kind: 'lookup', table: tables.networkSide } as const;
    return { ...plan, rules: [{ priority: gatewayRules.destination - 1, iif: fromCcn.name, action }, ...plan.rules] };
  },
  'tunnels that speak for what is on the CCN': (plan) =>
    plan.links.some(({ name }) => name.startsWith('ccn-'))
      ? withFilter((lines) => lines.filter((line) => !/network-source.* drop$/.test(line)))(plan)
      : plan,
  'tunnels that do not speak for a range that others announce, too': withFilter((lines) =>
    lines.map((line) => (line.includes('network-source') ? line.replace(sources, ' ip saddr 0.0.0.0/0') : line)),
  ),
  'a gateway without the entries of users to the CCN': withRoutes((routes) =>
    routes.filter(({ metric, nextHops }) => metric > 101 || nextHops[0]?.device.startsWith('ccn-') !== true),
  ),
  'SPD tunnels that do not reach the CCN': withRoutes((routes) =>
    routes.filter(
      ({ table, nextHops }) => table !== tables.networkSide || nextHops[0]?.device.startsWith('ccn-') !== true,
    ),
  ),
  'a Direct Connect gateway that lets nothing pass': withFilter((lines) =>
    lines.filter((line) => !/[io]ifname "dc"/.test(line)),
  ),
  'a CCN that lets nothing pass': withFilter((lines) =>
    lines.filter((line) => !/iifname \{ "(vpc|dcg|vpngw)-.*accept$/.test(line)),
  ),
  'every instance looks into the default table of its CCN': ofCcns(
    withRules((rules) => rules.map((rule) => ({ ...rule, action: { kind: 'lookup', table: tables.ccn } as const }))),
  ),
  'selection policies that are not asked': ofCcns(
    withRules((rules) => rules.filter(({ priority }) => priority >= 100)),
  ),
  'selection policies for any source': ofCcns(
    withRules((rules) => rules.map(({ from, ...rule }) => (from === everything ? { ...rule, from } : rule))),
  ),
  'selection policies for any instance': ofCcns(
    withRules((rules) => rules.map(({ iif, ...rule }) => (rule.priority < 100 ? rule : { ...rule, iif: iif! }))),
  ),
  'the shortest source range first': ofCcns(
    withRules((rules) => rules.map((rule) => (rule.priority < 100 ? { ...rule, priority: 52 - rule.priority } : rule))),
  ),
  'what a selected table does not know is looked up in the next': ofCcns(
    withRoutes((routes) => routes.filter(({ kind }) => kind !== 'blackhole')),
  ),
  'a CHILD_SA is missing': (plan) => ({
    ...plan,
    charon: plan.charon && {
      connections: plan.charon.connections.map((connection) => ({
        ...connection,
        children: connection.children.slice(1),
      })),
    },
  }),
};

describe('the comparison finds', () => {
  const seed = 20260102;
  const worlds = [
    ...fc.sample(worldArbitrary, { numRuns: 150, seed }),
    ...fc.sample(ccnWorldArbitrary, { numRuns: 60, seed }),
  ];

  test('nothing in plans that are as they should be', () => {
    for (const world of worlds) expect(firstDifference(world, simulate(world))).toBeUndefined();
  });

  for (const [name, tamper] of Object.entries(faults)) {
    test(name, () => expect(worlds.some((world) => firstDifference(world, simulate(world, tamper)))).toBe(true));
  }
});
