import { expect, test } from 'vitest';
import { adjacent } from '../plan/cable.ts';
import type { LinkPlan, PlanKey } from '../plan/plan.ts';
import { describeMove, eventsOf, movesOf } from './route-moves.ts';

type Routes = Parameters<typeof movesOf>[0];
const describeMoves = (before: Routes, after: Routes) => movesOf(before, after, 100).map(describeMove);

const route = (destination: string, metric: number, ...devices: string[]) => ({
  ...{ table: 100, destination, metric },
  nextHops: devices.map((device) => ({ device })),
});

test('names the destinations whose best route changed, and nothing else', () => {
  const standby = route('192.168.1.0/24', 101, 'vpnx-b');
  const before = [route('192.168.1.0/24', 1, 'vpnx-a'), standby, route('192.168.2.0/24', 1, 'vpnx-b', 'vpnx-a')];
  const after = [standby, route('192.168.2.0/24', 1, 'vpnx-b')];
  expect(describeMoves(before, after)).toEqual([
    '192.168.1.0/24: from vpnx-a to vpnx-b',
    '192.168.2.0/24: from vpnx-a and vpnx-b to vpnx-b',
  ]);
  expect(describeMoves(after, after)).toEqual([]);
  expect(movesOf(before, after, 101)).toEqual([]);
  expect(describeMoves([standby], [])).toEqual(['192.168.1.0/24: from vpnx-b to none']);
  expect(
    describeMoves([route('192.168.1.0/24', 1, 'vpnx-a'), standby], [route('192.168.1.0/24', 1, 'vpnx-a')]),
  ).toEqual([]);
});

const link = (key: PlanKey): LinkPlan => ({ kind: 'veth-peer', name: key, addresses: [], adjacent: adjacent(key) });
const ccn = {
  key: 'ccn-network1',
  links: (['vpngw-gateway1', 'vpngw-gateway2', 'dcg-line0001'] as const).map(link),
  switching: { table: 100, tells: 'ranges' },
} as const;

test('a move in a gateway is told of the gateway, one elsewhere of nobody', () => {
  const move = { destination: '192.168.1.0/24', from: ['vpnx-a'], to: [] };
  const gateway = { key: 'vpngw-gateway1', links: [] } as const;
  expect(eventsOf(gateway, move)).toEqual([]);
  const switching = { table: 100, tells: 'route-switched', resourceId: 'vpngw-gateway1' } as const;
  expect(eventsOf({ ...gateway, switching }, move)).toEqual([
    { resourceId: 'vpngw-gateway1', kind: 'route-switched', message: '192.168.1.0/24: from vpnx-a to none' },
  ]);
});

test('a move in a CCN is told to the gateways that gained or lost it', () => {
  const told = (from: string[], to: string[]) =>
    eventsOf(ccn, { destination: '192.168.1.0/24', from, to }).map(({ resourceId, kind }) => `${resourceId} ${kind}`);
  expect(told(['vpngw-gateway1'], ['vpngw-gateway2'])).toEqual([
    'vpngw-gateway1 range-withdrawn',
    'vpngw-gateway2 range-announced',
  ]);
  expect(told(['vpngw-gateway1', 'vpngw-gateway2'], ['vpngw-gateway2'])).toEqual(['vpngw-gateway1 range-withdrawn']);
  expect(told(['dcg-line0001'], [])).toEqual([]);
  const [event] = eventsOf(ccn, { destination: '10.0.0.0/8', from: [], to: ['vpngw-gateway1'] });
  expect(event?.message).toBe('10.0.0.0/8: from none to vpngw-gateway1, in ccn-network1.');
});
