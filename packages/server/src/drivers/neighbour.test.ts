import { parseIpAddress } from '@landbridge/net';
import { describe, expect, it } from 'vitest';
import type { LinkPlan } from '../plan/plan.ts';
import { diffNeighbours, parseNeighbours } from './neighbour.ts';

/** `ip -N -d -json neigh show nud permanent`, iproute2 6.1 on Linux 6.18. */
const captured = [
  { dst: '203.0.113.1', dev: 'wan', managed: null, extern_learn: null, state: ['INCOMPLETE'], protocol: '76' },
  { dst: '169.254.0.2', dev: 'far', lladdr: '02:00:00:00:00:02', state: ['PERMANENT'], protocol: '76' },
  { dst: '192.0.2.9', dev: 'eth0', lladdr: '02:00:00:00:00:09', state: ['PERMANENT'] },
];
const actual = parseNeighbours(captured);
const present = new Set(['wan', 'far', 'eth0']);

function links(near: string | null, far: string | null): LinkPlan[] {
  return [
    { kind: 'macvlan', name: 'wan', parent: 'eth0', addresses: [], neighbours: one('203.0.113.1', near) },
    { kind: 'veth-peer', name: 'far', addresses: [], neighbours: one('169.254.0.2', far) },
    { kind: 'veth-peer', name: 'eth0', addresses: [] },
  ];
}

function one(
  address: string,
  mac: string | null,
): { address: ReturnType<typeof parseIpAddress>; mac: string | null }[] {
  return [{ address: parseIpAddress(address), mac }];
}

function lines(netns: string | null, wanted: readonly LinkPlan[]) {
  const { additions, removals } = diffNeighbours(netns, wanted, actual, present);
  return [additions, removals].map((commands) => commands.map(({ line }) => line));
}

describe('diffNeighbours', () => {
  it('changes nothing where all is as wanted; what somebody else entered on the host stays', () => {
    expect(lines(null, links(null, '02:00:00:00:00:02'))).toEqual([[], []]);
  });

  it('enters what is missing or different, and removes the rest of a namespace of ours', () => {
    expect(lines('lb-x', links('02:00:00:00:00:01', null))).toEqual([
      [
        'neighbour replace 203.0.113.1 lladdr 02:00:00:00:00:01 dev wan nud permanent protocol 76',
        'neighbour replace 169.254.0.2 dev far managed extern_learn protocol 76',
      ],
      ['neighbour delete 192.0.2.9 dev eth0'],
    ]);
  });

  it('waits for the device', () => {
    expect(diffNeighbours('lb-x', links(null, '02:00:00:00:00:07'), [], new Set())).toEqual({
      additions: [],
      removals: [],
    });
  });
});
