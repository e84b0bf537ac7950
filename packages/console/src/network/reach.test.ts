import { expect, it } from 'vitest';
import type { Network } from './networks.ts';
import { idsOnPath, pairOf, verdictOf, verdictsOf, type Direction, type Trace, type WayEnd } from './reach.ts';

const network = (id: string, places: readonly string[]): Network => ({
  ...{ id, kind: 'subnet', name: id, range: '10.0.0.0/24', places, host: '10.0.0.10' },
});
const [web, berlin] = [network('web', ['subnet-1']), network('berlin', ['vpnx-1', 'vpnx-2'])];

function way(Kind: WayEnd['Kind'], ResourceId: string, State = '') {
  const peer = { PeerAddress: '', CustomerGatewayId: '', CustomerGatewayName: '' };
  const End = { Kind, ResourceId, Name: '', Reason: '', State, Findings: [], ...peer } as unknown as WayEnd;
  return { Hops: [{ ResourceId: 'vpngw-1' }], End };
}

function direction(FromId: string, ...Ways: unknown[]): Direction {
  return { FromId, Ways, WayCount: Ways.length } as unknown as Direction;
}

const kindTo = (to: Network, ...Ways: unknown[]) => verdictOf(direction('', ...Ways), to).kind;

it('a network is reached where every way ends in it', () => {
  expect(kindTo(web, way('subnet', 'subnet-1'))).toBe('good');
  expect(kindTo(web, way('subnet', 'subnet-2'))).toBe('bad');
  expect(kindTo(web, way('router', 'subnet-1'))).toBe('bad');
  expect(kindTo(web, way('dropped', 'subnet-1'))).toBe('bad');
  expect(kindTo(berlin, way('tunnel', 'vpnx-2', 'up'))).toBe('good');
  expect(kindTo(berlin, way('tunnel', 'vpnx-2', 'refused'))).toBe('bad');
  expect(kindTo(berlin, way('tunnel', 'vpnx-1', 'up'), way('tunnel', 'vpnx-2', 'refused'))).toBe('waiting');
});

it('what is told of it is the first end that is wrong', () => {
  const lost = { ...way('dropped', 'vpc-1'), Hops: [{ ResourceId: 'vpc-1', Name: 'shop' }] };
  const { end } = verdictOf(direction('', way('subnet', 'subnet-1'), lost), web);
  expect(end).toMatchObject({ Kind: 'dropped', ResourceId: 'vpc-1', Name: 'shop' });
  expect(verdictOf(direction('', way('subnet', 'subnet-1')), web).end).toBeNull();
});

it('an answer tells of the cell across the diagonal if it comes from where it was meant to', () => {
  const forward = direction('subnet-1', way('tunnel', 'vpnx-1', 'up'));
  const trace = (back: Direction | null) => ({ Forward: forward, Return: back }) as Trace;
  const pairs = (back: Direction | null) => [...verdictsOf(trace(back), web, berlin).keys()];
  expect(pairs(null)).toEqual([pairOf(web, berlin)]);
  expect(pairs(direction('vpnx-2', way('subnet', 'subnet-1')))).toEqual([pairOf(web, berlin), pairOf(berlin, web)]);
  expect(pairs(direction('vpnx-9', way('subnet', 'subnet-1')))).toEqual([pairOf(web, berlin)]);
});

it('a path names all that it passes', () => {
  const trace = { Forward: direction('subnet-1', way('tunnel', 'vpnx-1', 'up')), Return: null };
  expect([...idsOnPath(trace)].toSorted()).toEqual(['subnet-1', 'vpngw-1', 'vpnx-1']);
});
