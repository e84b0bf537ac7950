import { expect, test } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import type { PathMtuSight } from '../diagnosis/path-mtu-hole.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import { PathMtuWatch } from './path-mtu-watch.ts';

const [one, two]: readonly [VpnConnectionId, VpnConnectionId] = ['vpnx-tunnel01', 'vpnx-tunnel02'];

function setUp() {
  const [observed, clock] = [new ObservedState(), new FakeClock()];
  const watch = new PathMtuWatch({ observed, clock, pathMtu: 1500 });
  const note = (
    id: VpnConnectionId,
    verdict: PathMtuSight['verdict'],
    largest: number | null = null,
    isAnswered = true,
  ) => watch.note([{ id, isAnswered, pathMtu: { verdict, largest, mtu: 1438 } }]);
  const found = (id: VpnConnectionId) =>
    observed.tunnel(id).findings.map(({ code, theirs, since }) => [code, theirs, since]);
  return { clock, watch, note, found };
}

test('a hole is found, stands since then while it is told, and is over when large packets pass or the path speaks', async () => {
  const { clock, note, found } = setUp();
  const began = clock.now();
  note(one, 'passes');
  expect(found(one)).toEqual([]);
  for (const over of ['passes', 'told', 'unanswered'] as const) {
    note(one, 'hole', 1380);
    const since = clock.now();
    await clock.advance(5000);
    note(one, 'hole', 1380);
    note(two, 'passes');
    expect(found(one)).toEqual([['path-mtu-hole', '1380 bytes pass', since]]);
    note(one, 'hole', 900);
    expect(found(one)).toEqual([['path-mtu-hole', '900 bytes pass', since]]);
    expect(found(two)).toEqual([]);
    note(one, over);
    expect(found(one)).toEqual([]);
  }
  expect(clock.now()).toBeGreaterThan(began);
});

test('a prober that begins anew knows nothing yet, and contradicts nothing; small ones that are not answered do', () => {
  const { note, found } = setUp();
  note(one, 'hole', 1380);
  note(one, 'unknown');
  expect(found(one)).toHaveLength(1);
  note(one, 'unknown', null, false);
  expect(found(one)).toEqual([]);
});

test('of a tunnel that is not probed any more nothing is known', () => {
  const { watch, note, found } = setUp();
  note(one, 'hole', 1380);
  note(two, 'hole', 1300);
  watch.setTunnels(new Set([two]));
  expect([found(one), found(two).length]).toEqual([[], 1]);
  watch.setTunnels(new Set());
  expect(found(two)).toEqual([]);
});
