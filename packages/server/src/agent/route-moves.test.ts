import { expect, test } from 'vitest';
import { describeMove, movesOf, rangeEvents } from './route-moves.ts';

const describeMoves = (...tables: Parameters<typeof movesOf>) => movesOf(...tables).map(describeMove);

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
  expect(describeMoves([standby], [])).toEqual(['192.168.1.0/24: from vpnx-b to none']);
  expect(
    describeMoves([route('192.168.1.0/24', 1, 'vpnx-a'), standby], [route('192.168.1.0/24', 1, 'vpnx-a')]),
  ).toEqual([]);
});

test('a move in a CCN is told to the gateways that gained or lost it', () => {
  const told = (from: string[], to: string[]) =>
    rangeEvents('ccn-network1', { destination: '192.168.1.0/24', from, to }).map(
      ({ resourceId, kind }) => `${resourceId} ${kind}`,
    );
  expect(told(['vpngw-gateway1'], ['vpngw-gateway2'])).toEqual([
    'vpngw-gateway1 range-withdrawn',
    'vpngw-gateway2 range-announced',
  ]);
  expect(told(['vpngw-gateway1', 'vpngw-gateway2'], ['vpngw-gateway2'])).toEqual(['vpngw-gateway1 range-withdrawn']);
  expect(told(['dcg-line0001'], [])).toEqual([]);
  const [event] = rangeEvents('ccn-network1', { destination: '10.0.0.0/8', from: [], to: ['vpngw-gateway1'] });
  expect(event?.message).toBe('10.0.0.0/8: from none to vpngw-gateway1, in ccn-network1.');
});
