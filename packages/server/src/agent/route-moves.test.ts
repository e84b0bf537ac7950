import { expect, test } from 'vitest';
import { describeMoves } from './route-moves.ts';

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
