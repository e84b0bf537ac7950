import { expect, test } from 'vitest';
import { adjacent } from '../plan/cable.ts';
import type { LinkPlan, PlanKey } from '../plan/plan.ts';
import { describeMove, eventsOf, movesOf, together } from './route-moves.ts';

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

test('what moves from the same devices to the same others is told as one, with their number', () => {
  const move = (number: number, from: string, to: string) => {
    return { destinations: [`10.0.${number}.0/24`], from: [from], to: [to] };
  };
  const many = Array.from({ length: 200 }, (_, number) => move(number, 'vpnx-a', 'vpnx-b'));
  const others = [move(200, 'vpnx-c', 'vpnx-b'), move(201, 'vpnx-c', 'vpnx-b'), move(202, 'vpnx-c', 'vpnx-d')];
  expect(together([...many, ...others]).map(describeMove)).toEqual([
    '10.0.0.0/24 and 199 others: from vpnx-a to vpnx-b',
    '10.0.200.0/24 and 10.0.201.0/24: from vpnx-c to vpnx-b',
    '10.0.202.0/24: from vpnx-c to vpnx-d',
  ]);
  expect(together([])).toEqual([]);
});

const link = (key: PlanKey): LinkPlan => ({ kind: 'veth-peer', name: key, addresses: [], adjacent: adjacent(key) });
const ccn = {
  key: 'ccn-network1',
  links: (['vpngw-gateway1', 'vpngw-gateway2', 'dcg-line0001'] as const).map(link),
  switching: { table: 100, tells: 'ranges' },
} as const;

test('a move in a gateway is told of the gateway, one elsewhere of nobody', () => {
  const move = { destinations: ['192.168.1.0/24'], from: ['vpnx-a'], to: [] };
  const gateway = { key: 'vpngw-gateway1', links: [] } as const;
  expect(eventsOf(gateway, move)).toEqual([]);
  const switching = { table: 100, tells: 'route-switched', resourceId: 'vpngw-gateway1' } as const;
  expect(eventsOf({ ...gateway, switching }, move)).toEqual([
    { resourceId: 'vpngw-gateway1', kind: 'route-switched', message: '192.168.1.0/24: from vpnx-a to none' },
  ]);
});

test('a move in a CCN is told to the gateways that gained or lost it', () => {
  const told = (from: string[], to: string[]) =>
    eventsOf(ccn, { destinations: ['192.168.1.0/24'], from, to }).map(
      ({ resourceId, kind }) => `${resourceId} ${kind}`,
    );
  expect(told(['vpngw-gateway1'], ['vpngw-gateway2'])).toEqual([
    'vpngw-gateway1 range-withdrawn',
    'vpngw-gateway2 range-announced',
  ]);
  expect(told(['vpngw-gateway1', 'vpngw-gateway2'], ['vpngw-gateway2'])).toEqual(['vpngw-gateway1 range-withdrawn']);
  expect(told(['dcg-line0001'], [])).toEqual([]);
  const [event] = eventsOf(ccn, { destinations: ['10.0.0.0/8'], from: [], to: ['vpngw-gateway1'] });
  expect(event?.message).toBe('10.0.0.0/8: from none to vpngw-gateway1, in ccn-network1.');
});
