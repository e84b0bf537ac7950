import { pino } from 'pino';
import { expect, it, vi } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { sampleConnection } from '../../testing/sample-plans.ts';
import type { IssuedPlan } from '../plan/plan.ts';
import { DrainableSource } from './drainable-source.ts';
import { HostDrain } from './host-drain.ts';

const gateway = {
  key: 'vpngw-00000001',
  netns: 'lb-vpngw-00000001',
  generation: 7,
  ...{ sysctls: {}, links: [], rules: [], routes: [], proxies: [], filter: null },
  watches: [{ id: 'vpnx-00000001', needsChildSa: false, probe: null, alternatives: [] }],
  charon: { connections: [sampleConnection('vpnx-00000001'), sampleConnection('vpnx-00000002', 1)] },
} as const satisfies IssuedPlan;

function source(isDrained: () => boolean) {
  return new DrainableSource(
    {
      planFor: (key) => Promise.resolve(key === gateway.key ? gateway : undefined),
      listKeys: () => Promise.resolve([gateway.key]),
      preSharedKey: () => Promise.resolve('a key'),
      preSharedKeyDigest: () => Promise.resolve('a digest'),
    },
    isDrained,
  );
}

it('a drained host keeps its plans, but no end of a tunnel can begin, and none counts as there without an SA', async () => {
  const drained = await source(() => true).planFor(gateway.key);
  expect(drained).toEqual({
    ...gateway,
    watches: [{ ...gateway.watches[0], needsChildSa: true }],
    charon: { connections: gateway.charon.connections.map((each) => ({ ...each, negotiation: 'never' })) },
  });
  expect(await source(() => false).planFor(gateway.key)).toBe(gateway);
  expect(await source(() => true).planFor('vpngw-00000009')).toBeUndefined();
});

it('what did not change stays the same object, so that nobody compares a thousand tunnels again', async () => {
  const drainable = source(() => true);
  const [one, other] = [await drainable.planFor(gateway.key), await drainable.planFor(gateway.key)];
  expect(other?.charon?.connections[1]).toBe(one?.charon?.connections[1]);
});

it('is known from the start, and heard of within a second; what cannot be read changes nothing', async () => {
  const clock = new FakeClock();
  const stop = new AbortController();
  const onChange = vi.fn<() => void>();
  let since: number | null | Error = Date.UTC(2026, 0, 2, 3, 4, 5);
  const mark = {
    since: () => {
      if (since instanceof Error) throw since;
      return since;
    },
  };
  const drain = new HostDrain({ mark, onChange, clock, logger: pino({ level: 'silent' }) });
  expect(drain.isOn()).toBe(true);
  expect(drain.readCondition()).toMatchObject({
    ok: false,
    message: expect.stringMatching(/2026-01-02T03:04:05/) as string,
  });
  const following = drain.follow(stop.signal);
  since = new Error('not mine');
  await clock.advance(1000);
  expect([drain.isOn(), onChange.mock.calls.length]).toEqual([true, 0]);
  expect(drain.readCondition()).toMatchObject({ ok: false, message: expect.stringMatching(/not mine/) as string });
  since = null;
  await clock.advance(1000);
  expect([drain.isOn(), onChange.mock.calls.length]).toEqual([false, 1]);
  expect(drain.readCondition()).toEqual({ name: 'drained', ok: true, message: '' });
  since = 5;
  await clock.advance(1000);
  expect([drain.isOn(), onChange.mock.calls.length]).toEqual([true, 2]);
  stop.abort();
  await clock.advance(1000);
  await following;
});
