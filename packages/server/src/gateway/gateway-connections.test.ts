import { ViciClosedError } from '@landbridge/vici';
import { describe, expect, it } from 'vitest';
import { FakeCharon } from '../../testing/fake-charon.ts';
import { sampleConnection } from '../../testing/sample-plans.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ConnectionPlan } from '../plan/plan.ts';
import { systemClock } from '../platform/clock.ts';
import { GatewayConnections } from './gateway-connections.ts';

const { signal } = new AbortController();

function planOf(number: number): ConnectionPlan {
  return sampleConnection(`vpnx-${String(number).padStart(8, '0')}`, number % 200);
}

/** A charon that notes what it is asked and told, and its gateway's connections. */
async function bench() {
  const calls: string[] = [];
  let told = 0;
  let lost: Error | null = null;
  const start = async () => {
    const fake = new FakeCharon();
    const { charon } = await fake.daemons.ensure(signal);
    const noted = new Proxy(charon, {
      get: (target, name: string) => {
        const value: unknown = Reflect.get(target, name);
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          calls.push(typeof args[0] === 'string' ? `${name} ${args[0]}` : name);
          return lost === null || name !== 'loadConn' ? Reflect.apply(value, target, args) : Promise.reject(lost);
        };
      },
    });
    return { fake, running: { charon: noted, charonVersion: '5.9.8' } };
  };
  const digests = new Map<VpnConnectionId, string>();
  const connections = new GatewayConnections({
    source: {
      preSharedKey: () => Promise.resolve('a key'),
      preSharedKeyDigest: (id) => Promise.resolve(digests.get(id) ?? 'digest'),
    },
    ...{ dataPlane: 'kernel', espAlwaysInUdp: false, clock: systemClock },
    onWanted: () => told++,
  });
  const first = await start();
  return {
    ...{ ...first, connections, start, digests },
    calls: () => calls.splice(0),
    told: () => told,
    apply: (plans: readonly ConnectionPlan[], running = first.running) => connections.apply(running, plans, signal),
    lose: (error: Error | null) => (lost = error),
  };
}

const all = ['listConns', 'getShared', 'listSas'];
const idsOf = (fake: FakeCharon) => [...fake.connections.keys()].map((name) => name.slice(0, 13)).sort();

describe('GatewayConnections', () => {
  it('asks charon for all it has at first, and tells it what differs afterwards: one of a thousand', async () => {
    const { fake, calls, apply, digests } = await bench();
    const plans = Array.from({ length: 1000 }, (_, number) => planOf(number));
    await apply(plans);
    expect(calls().slice(0, 3)).toEqual(all);
    const [before, changed] = [[...fake.connections.keys()][5]!, { ...plans[5]!, epoch: 1 }];
    await apply(plans.with(5, changed));
    const after = [...fake.connections.keys()].at(-1)!;
    const oldKey = [...fake.keys.keys()].at(-1)!;
    expect(calls()).toEqual([
      `unloadConn ${before}`,
      'loadShared',
      expect.stringContaining(`unloadShared ${before}`),
      `loadConn ${after}`,
      'terminate',
      'listSas',
      'initiate',
    ]);
    expect([fake.connections.size, fake.keys.size, oldKey.startsWith(after)]).toEqual([1000, 1000, true]);
    digests.set(plans[7]!.id, 'of another key');
    await apply(plans.with(5, changed));
    expect(calls().filter((call) => all.includes(call))).toEqual(['listSas']);
    await apply(plans.with(5, changed).slice(1));
    expect([calls().filter((call) => call.startsWith('unload')).length, fake.connections.size]).toEqual([2, 999]);
  });

  it('says nothing to charon and to its monitor when nothing differs', async () => {
    const { calls, apply, told } = await bench();
    const plans = [planOf(1), planOf(2)];
    await apply(plans);
    calls();
    await apply([...plans]);
    expect([calls(), told()]).toEqual([[], 1]);
    await apply(plans.slice(1));
    expect(told()).toBe(2);
  });

  it('does not say that all is well while charon does not answer, though nothing differs', async () => {
    const { running, connections, apply, calls } = await bench();
    await apply([planOf(1)]);
    const silent = AbortSignal.abort(new Error('charon does not answer'));
    await expect(connections.apply(running, [planOf(1)], silent)).rejects.toThrow('charon does not answer');
    calls();
    await apply([planOf(1)]);
    expect(calls()).not.toContain('loadConn');
  });

  it('notices what somebody else told charon once there is doubt', async () => {
    const { fake, running, apply, connections } = await bench();
    const plans = [planOf(1), planOf(2)];
    await apply(plans);
    const [name] = [...fake.connections.keys()];
    await running.charon.unloadConn(name!);
    fake.keys.clear();
    connections.doubt();
    await apply(plans);
    expect([idsOf(fake), fake.keys.size]).toEqual([['vpnx-00000001', 'vpnx-00000002'], 2]);
  });

  it('does not take one charon for another', async () => {
    const { apply, start, calls } = await bench();
    const plans = [planOf(1), planOf(2)];
    await apply(plans);
    const next = await start();
    calls();
    await apply(plans, next.running);
    expect([calls().slice(0, 3), idsOf(next.fake)]).toEqual([all, ['vpnx-00000001', 'vpnx-00000002']]);
  });

  it('asks again after it was told to drop some, and after anything that did not go well', async () => {
    const { fake, running, apply, calls, connections, lose } = await bench();
    const plans = [planOf(1), planOf(2)];
    await apply(plans);
    await connections.drop(running.charon, new Set(['vpnx-00000001']), signal);
    expect(idsOf(fake)).toEqual(['vpnx-00000002']);
    calls();
    await apply(plans);
    expect([calls().slice(0, 3), idsOf(fake).length]).toEqual([all, 2]);

    fake.refuses = /vpnx-00000003/;
    expect([...(await apply([...plans, planOf(3)])).keys()]).toEqual(['vpnx-00000003']);
    fake.refuses = null;
    calls();
    await apply([...plans, planOf(3)]);
    expect([calls().slice(0, 3), idsOf(fake).length]).toEqual([all, 3]);

    lose(new ViciClosedError('gone'));
    await expect(apply([...plans, planOf(3), planOf(4)])).rejects.toThrow('gone');
    lose(null);
    calls();
    await apply([...plans, planOf(3), planOf(4)]);
    expect([calls().slice(0, 3), idsOf(fake).length]).toEqual([all, 4]);
  });

  it('loads none of a drained host, asks for no key of theirs, and tells its monitor of them all the same', async () => {
    const { fake, connections, apply, running, told } = await bench();
    const plans = [planOf(1), planOf(2)];
    await apply(plans);
    const held = plans.map((plan) => ({ ...plan, negotiation: 'never' as const }));
    await apply(held);
    expect([fake.connections.size, fake.keys.size, told()]).toEqual([0, 0, 2]);
    // An agent that finds no controller after a restart has no key.
    const keyless = new GatewayConnections({
      source: {
        preSharedKey: () => Promise.reject(new Error('no keys')),
        preSharedKeyDigest: () => Promise.reject(new Error('no keys')),
      },
      ...{ dataPlane: 'kernel', espAlwaysInUdp: false, clock: systemClock },
      onWanted: (watched) => expect(watched.map(({ plan }) => plan)).toEqual(held),
    });
    expect(await keyless.apply(running, held, signal)).toEqual(new Map());
    connections.doubt();
    await apply(plans);
    expect(idsOf(fake)).toEqual(['vpnx-00000001', 'vpnx-00000002']);
  });
});
