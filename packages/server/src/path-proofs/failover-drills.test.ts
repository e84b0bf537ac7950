import { parseIpAddress } from '@landbridge/net';
import { pino } from 'pino';
import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../testing/fake-clock.ts';
import { sampleIds, sampleVpcPlan } from '../../testing/sample-plans.ts';
import { drillBounds, type DrillOrder, type UndrillableTunnel } from '../domain/operator/failover-drill.ts';
import type { SubnetId } from '../domain/resource-id.ts';
import { FailoverDrills } from './failover-drills.ts';
import type { PingOrder } from './ping-process.ts';
import { ProofLimits } from './proof-limits.ts';

const ids = sampleIds('drll', 1);
const [tunnel = 'vpnx-00000000'] = ids.tunnels;
const idc = parseIpAddress('192.168.1.6');
const order: DrillOrder = { accountId: 'a', tunnel, from: ids.subnet as SubnetId, to: idc, seconds: 5 };

function setUp({ answered = 3 } = {}) {
  const clock = new FakeClock();
  const limits = new ProofLimits(clock);
  const done: string[] = [];
  const pings: PingOrder[] = [];
  const state: { refusal: UndrillableTunnel | null } = { refusal: null };
  const [counting, drilling] = [Promise.withResolvers<undefined>(), Promise.withResolvers<boolean>()];
  const drills = new FailoverDrills({
    plans: () => [sampleVpcPlan(ids)],
    drillsOf: (id) =>
      id !== tunnel
        ? undefined
        : {
            drillRefusal: () => state.refusal,
            drill: (_, forMs) => {
              done.push(`drilled for ${forMs} ms`);
              return drilling.promise;
            },
          },
    findFree: () => Promise.resolve(parseIpAddress('10.0.1.7')),
    stand: () => {
      done.push('stands');
      return Promise.resolve({
        address: parseIpAddress('10.0.1.7'),
        ping: async (ping: PingOrder) => {
          pings.push(ping);
          const report = { delay: null, refusals: [], longestLoss: 4 };
          if (pings.length === 1) return { ...report, sent: ping.packets, answered };
          done.push('counts');
          await counting.promise;
          done.push('counted');
          return { ...report, sent: ping.packets, answered: ping.packets - 6 };
        },
        echoRequests: () => Promise.resolve(0),
        [Symbol.asyncDispose]: () => Promise.resolve(void done.push('is gone')),
      });
    },
    ...{ limits, clock, logger: pino({ level: 'silent' }) },
  });
  return { drills, clock, limits, done, pings, state, counting, drilling };
}

describe('a drill of a failover', () => {
  it('counts packets from before the routes are taken out until after they are back', async () => {
    const { drills, clock, done, pings, counting, drilling } = setUp();
    const drilled = drills.drill(order);
    await settle();
    await clock.advance(drillBounds.aroundMs);
    drilling.resolve(true);
    await settle();
    expect(done).toEqual(['stands', 'counts', 'drilled for 5000 ms']);
    counting.resolve(undefined);
    const sent = (5000 + 2 * drillBounds.aroundMs) / drillBounds.spacingMs;
    expect(await drilled).toEqual({
      ...{ source: '10.0.1.7', destination: idc, sent, answered: sent - 6, longestLoss: 4, isWhole: true },
    });
    expect(done.slice(3)).toEqual(['counted', 'is gone']);
    expect(pings[1]).toMatchObject({ destination: idc, spacingMs: drillBounds.spacingMs, timeToLive: null });
  });

  it('is none where nobody answers, and the routes stay', async () => {
    const { drills, done } = setUp({ answered: 0 });
    expect(await drills.drill(order)).toBe('unanswered');
    expect(done).toEqual(['stands', 'is gone']);
  });

  it.each(['not-used', 'no-standby'] as const)(
    'is none of a tunnel that is %s: nobody stands anywhere',
    async (why) => {
      const { drills, done, state } = setUp();
      state.refusal = why;
      expect(await drills.drill(order)).toBe(why);
      expect(done).toEqual([]);
    },
  );

  it('is none where counting has failed: the routes stay', async () => {
    const { drills, done, counting } = setUp();
    const drilled = drills.drill(order);
    await settle();
    counting.reject(new Error('ping was killed'));
    expect(await drilled).toBe('not-started');
    expect(done).toEqual(['stands', 'counts', 'is gone']);
  });

  it('is none when the standby failed just before the routes were to be taken out', async () => {
    const { drills, clock, done, state, counting } = setUp();
    const drilled = drills.drill(order);
    await settle();
    state.refusal = 'no-standby';
    await clock.advance(drillBounds.aroundMs);
    counting.resolve(undefined);
    expect(await drilled).toBe('no-standby');
    expect(done).toEqual(['stands', 'counts', 'counted', 'is gone']);
  });

  it('is one of the hosts that may stand, and of known tunnels and subnets alone', async () => {
    const { drills, limits, done } = setUp();
    const end = limits.begin('b', new Set([ids.vpc]));
    if (typeof end === 'string') throw new Error(end);
    expect(await drills.drill(order)).toBe('vpc-busy');
    end();
    expect(await drills.drill({ ...order, tunnel: 'vpnx-99999999' })).toBe('not-there');
    expect(await drills.drill({ ...order, from: 'subnet-99999999' })).toBe('not-there');
    expect(done).toEqual([]);
  });
});
