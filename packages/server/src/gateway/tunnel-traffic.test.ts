import type { ChildSa, IkeSa } from '@landbridge/vici';
import { expect, it } from 'vitest';
import { TunnelTraffic } from './tunnel-traffic.ts';
import type { WatchedConnection } from './watched-connection.ts';

const id = 'vpnx-tunnel01';
const watched = { plan: { id }, name: `${id}@1` } as unknown as WatchedConnection;

function child(uniqueId: number, packetsIn: number, packetsOut: number, more: object = {}): ChildSa {
  const installed = { spiIn: uniqueId, packetsIn, packetsOut, bytesIn: packetsIn * 100, bytesOut: packetsOut * 10 };
  return { uniqueId, installed: { ...installed, ...more } } as ChildSa;
}

const at = (elapsed: number) => ({ elapsed, origin: 0 });

function listed(...childSas: readonly ChildSa[]): readonly IkeSa[] {
  return [{ name: watched.name, childSas } as unknown as IkeSa];
}

it('totals go on when a CHILD_SA is renewed, with what the old one carried last', () => {
  const traffic = new TunnelTraffic();
  traffic.look([watched], listed(child(1, 5, 7)), at(1000));
  traffic.note(id, child(1, 9, 8), 2000);
  const now = traffic.look([watched], listed(child(2, 1, 1)), at(6000)).get(id);
  expect(now).toMatchObject({ inPackets: 10, inBytes: 1000, outPackets: 9, outBytes: 90 });
});

it('nothing is told where nothing passed, and nothing is counted twice', () => {
  const traffic = new TunnelTraffic();
  traffic.look([watched], listed(child(1, 5, 7)), at(1000));
  expect(traffic.look([watched], listed(child(1, 5, 7)), at(2000)).size).toBe(0);
  expect(traffic.look([watched], [], at(3000)).size).toBe(0);
});

it('each direction has its own last packet: since the last look, as far as the SA says when', () => {
  const traffic = new TunnelTraffic();
  traffic.look([watched], listed(child(1, 5, 7, { useInSeconds: 90, useOutSeconds: 2 })), at(100_000));
  const quiet = traffic.look([watched], listed(child(1, 5, 8, { useInSeconds: 95, useOutSeconds: 1 })), at(105_000));
  expect(quiet.get(id)).toMatchObject({ lastInAt: 10_000, lastOutAt: 104_000 });
  const heard = traffic.look([watched], listed(child(1, 6, 8, { useInSeconds: 99 })), at(110_000));
  expect(heard.get(id)).toMatchObject({ lastInAt: 105_000, lastOutAt: 104_000 });
});

it('another charon uses the same numbers anew', () => {
  const traffic = new TunnelTraffic();
  traffic.look([watched], listed(child(1, 5, 7)), at(1000));
  traffic.forgetSas();
  expect(traffic.look([watched], listed(child(1, 6, 8)), at(2000)).get(id)).toMatchObject({
    inPackets: 11,
    outPackets: 15,
  });
});

it('what is watched no longer is forgotten', () => {
  const traffic = new TunnelTraffic();
  traffic.look([watched], listed(child(1, 5, 7)), at(1000));
  traffic.look([], listed(child(1, 9, 9)), at(2000));
  expect(traffic.look([watched], listed(child(1, 9, 9)), at(3000)).get(id)).toMatchObject({ inPackets: 9 });
});

it('a renewal counts, and is told though nothing passes after it', () => {
  const traffic = new TunnelTraffic();
  traffic.look([watched], listed(child(1, 5, 7)), at(1000));
  traffic.note(id, child(1, 6, 7), 2000);
  traffic.noteRekey(id);
  const told = traffic.look([watched], listed(child(2, 0, 0)), at(3000)).get(id);
  expect(told).toMatchObject({ inPackets: 6, rekeys: 1 });
  expect(traffic.look([watched], listed(child(2, 0, 0)), at(4000)).size).toBe(0);
});

it('when something passed is told by the clock of the day as it is now, whoever sets it', () => {
  const traffic = new TunnelTraffic();
  const sas = listed(child(1, 5, 7));
  traffic.look([watched], sas, { elapsed: 10_000, origin: 1_000_000 });
  for (const origin of [-2_600_000, 4_600_000]) {
    const told = traffic.look([watched], sas, { elapsed: 15_000, origin }).get(id);
    expect(told).toMatchObject({ lastInAt: 10_000 + origin, lastOutAt: 10_000 + origin, inPackets: 5 });
  }
  const more = traffic.look([watched], listed(child(1, 6, 7)), { elapsed: 20_000, origin: 4_600_000 }).get(id);
  expect(more).toMatchObject({ lastInAt: 20_000 + 4_600_000, lastOutAt: 10_000 + 4_600_000 });
});
