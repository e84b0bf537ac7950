import { expect, test } from 'vitest';
import { rowsOf, type NetworkRows } from '../../testing/image-of.ts';
import { bySpd, byRoute, idcRange, route, scenario } from '../../testing/simulation/scenario-worlds.ts';
import { ccnScenario } from '../../testing/simulation/ccn-worlds.ts';
import { changedCells, type CellsToCompare } from './reachability.ts';

const gateway = 'vpngw-gateway1';
const vpc = 'vpc-network1';
const both = ['10.0.1.0/24', '10.0.2.0/24'];

function compare(before: NetworkRows, after: NetworkRows, options: Partial<CellsToCompare> = {}) {
  const rows = { before: rowsOf(before), after: rowsOf(after) };
  return changedCells({ ...rows, accountId: 'admin', changed: [gateway], mayGoOn: () => true, ...options });
}

function words(before: NetworkRows, after: NetworkRows, options: Partial<CellsToCompare> = {}) {
  const { cells, isComplete } = compare(before, after, options);
  expect(isComplete).toBe(true);
  return cells.map((cell) => `${cell.from.range} -> ${cell.to.range}: ${cell.before} -> ${cell.after}`).sort();
}

const three = [1, 2, 3];
const connected = scenario({
  tunnels: three.map(byRoute),
  routes: three.map((number) => route(number)),
  vpcRoutes: three.map(idcRange),
}).desired;
const without = ({ vpnGatewayRoutes, ...rest }: NetworkRows, number: number): NetworkRows => ({
  ...{ ...rest, vpnGatewayRoutes: vpnGatewayRoutes.filter(({ destination }) => destination !== idcRange(number)) },
});

test('scenario 2: without the route to an IDC nobody reaches it, and it reaches nobody: its sources have no way back', () => {
  const [one, others] = [idcRange(1), [...both, idcRange(2), idcRange(3)]];
  const expected = others.flatMap((other) => [`${one} -> ${other}: yes -> no`, `${other} -> ${one}: yes -> no`]);
  expect(words(connected, without(connected, 1))).toEqual(expected.sort());
  expect(words(connected, connected)).toEqual([]);
});

test('from nothing at all, a scenario comes to its matrix in docs/spec/scenarios.md', () => {
  const nothing = { ...connected, subnets: [], vpnGatewayRoutes: [], vpnConnections: [], vpcRoutes: [] };
  const all = [...both, ...three.map(idcRange)];
  const pairs = all.flatMap((from) => all.filter((to) => to !== from).map((to) => `${from} -> ${to}: no -> yes`));
  expect(words(nothing, connected, { changed: [vpc, gateway] })).toEqual(pairs.sort());
  const partial = scenario({ tunnels: [bySpd(1, '10.0.1.0/24')], vpcRoutes: [idcRange(1)] }).desired;
  const [a, b, idc] = [...both, idcRange(1)] as [string, string, string];
  const reached = [`${a} -> ${b}`, `${b} -> ${a}`, `${a} -> ${idc}`, `${idc} -> ${a}`];
  expect(words(nothing, partial, { changed: [vpc, gateway] })).toEqual(
    reached.map((pair) => `${pair}: no -> yes`).sort(),
  );
});

test('a gateway that checks no sources lets the IDC in all the same', () => {
  const unchecked = {
    ...{ ...connected, vpnGateways: connected.vpnGateways.map((each) => ({ ...each, checksSources: false })) },
  };
  const expected = [...both, idcRange(2), idcRange(3)].map((other) => `${other} -> ${idcRange(1)}: yes -> no`);
  expect(words(unchecked, without(unchecked, 1))).toEqual(expected.sort());
});

test('scenario 6: a policy for one subnet takes the other one out, in both directions', () => {
  const wide = scenario({ tunnels: [bySpd(1)], vpcRoutes: [idcRange(1)] }).desired;
  const narrow = scenario({ tunnels: [bySpd(1, '10.0.1.0/24')], vpcRoutes: [idcRange(1)] }).desired;
  const range = idcRange(1);
  expect(words(wide, narrow)).toEqual([`10.0.2.0/24 -> ${range}: yes -> no`, `${range} -> 10.0.2.0/24: yes -> no`]);
});

test('a route of the VPC counts for its subnets alone', () => {
  const before = {
    ...connected,
    vpcRoutes: connected.vpcRoutes.filter(({ destination }) => destination !== idcRange(2)),
  };
  const expected = both.map((subnet) => `${subnet} -> ${idcRange(2)}: no -> yes`);
  expect(words(before, connected, { changed: [vpc] })).toEqual(expected);
  expect(words(before, connected, { changed: ['host'] })).toEqual([]);
});

test('two routes of one priority are multipath', () => {
  const shared = (priority: 0 | 100) =>
    scenario({
      tunnels: [byRoute(1), byRoute(2)],
      routes: [route(1, { to: idcRange(9) }), route(2, { to: idcRange(9), priority })],
      vpcRoutes: [idcRange(9)],
    }).desired;
  const { cells } = compare(shared(100), shared(0));
  expect(cells.map(({ from, to, before, after }) => `${from.range} -> ${to.id}: ${before} -> ${after}`).sort()).toEqual(
    both.flatMap((range) => [`${range} -> cgw-device01: yes -> some`, `${range} -> cgw-device02: no -> some`]),
  );
});

test('only places of the account, and no more than there is time for', () => {
  expect(words(connected, without(connected, 1), { accountId: 'other' })).toEqual([]);
  let left = 3;
  const { cells, isComplete } = compare(connected, without(connected, 1), { mayGoOn: () => left-- > 0 });
  expect([cells.length <= 3, isComplete]).toEqual([true, false]);
});

test('instances of others on the same CCN take none of the places, and none of the cells', () => {
  const { desired } = ccnScenario({ tunnels: [byRoute(1)], routes: [route(1)] });
  const [template] = desired.ccnAttachments;
  const strangers = Array.from({ length: 600 }, (_, number) => ({
    ...template!,
    accountId: 'other',
    instance: { kind: 'vpc' as const, id: `vpc-${String(number).padStart(8, '0')}` as const },
    number: 100 + number,
  }));
  const crowded = { ...desired, ccnAttachments: [...strangers, ...desired.ccnAttachments] };
  const own = compare(desired, without(desired, 1)).cells;
  expect(own).not.toEqual([]);
  const { cells, isComplete } = compare(crowded, without(crowded, 1));
  expect(cells).toEqual(own);
  // So many could hide places of the account.
  expect(isComplete).toBe(false);
});
