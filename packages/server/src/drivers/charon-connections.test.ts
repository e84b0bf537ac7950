import { ViciClosedError, ViciCommandError, type Charon } from '@landbridge/vici';
import * as fc from 'fast-check';
import { setImmediate } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../platform/clock.ts';
import { FakeClock } from '../../testing/fake-clock.ts';
import { sampleConnection } from '../../testing/sample-plans.ts';
import { applyConnections, diffConnections, diffFromLoaded, type CharonState } from './charon-connections.ts';
import { connectionIdOf, nameConnection, planIkeConnection } from './named-connection.ts';

const plan = sampleConnection('vpnx-00000001');
const overUxfrm = { dataPlane: 'uxfrm', alwaysInUdp: true, replayWindow: 1024 } as const;
const overKernel = { dataPlane: 'kernel', alwaysInUdp: false, replayWindow: 1024 } as const;
const named = nameConnection(plan, 'digest', overUxfrm);
const other = nameConnection(sampleConnection('vpnx-00000002', 1), 'digest', overUxfrm);

/** Each connection with its child and its key, unless told otherwise. */
function state(
  names: readonly string[],
  sas: readonly string[] = [],
  others: { readonly children?: readonly string[]; readonly keys?: readonly string[] } = {},
): CharonState {
  const keys = [named, other].filter(({ name }) => names.includes(name)).map(({ keyName }) => keyName);
  return {
    connections: names.map((name) => ({ name, children: others.children ?? [connectionIdOf(name) ?? ''] })),
    sharedKeys: others.keys ?? keys,
    ikeSas: sas.map((name) => ({ name, childSas: [] })),
  };
}

const unchanged = { changed: [], orphanedChildSas: [] };

/** An SPD tunnel with as many mappings. */
function withMappings(count: number): ReturnType<typeof nameConnection> {
  const children = Array.from({ length: count }, (_, n) => ({ ...plan.children[0]!, name: `${plan.id}:${n}` }));
  return nameConnection({ ...plan, children }, 'digest', overUxfrm);
}

describe('nameConnection', () => {
  it('names a connection by its id and everything charon is told', () => {
    expect(named.name).toMatch(/^vpnx-00000001@[0-9a-f]{12}$/);
    expect(connectionIdOf(named.name)).toBe('vpnx-00000001');
    const changes = [
      nameConnection({ ...plan, epoch: 1 }, 'digest', overUxfrm),
      nameConnection({ ...plan, dpdDelaySeconds: 9 }, 'digest', overUxfrm),
      nameConnection({ ...plan, negotiation: 'passive' }, 'digest', overUxfrm),
      nameConnection(plan, 'other digest', overUxfrm),
      nameConnection(plan, 'digest', overKernel),
      nameConnection(plan, 'digest', { ...overUxfrm, replayWindow: 2048 }),
    ];
    expect(new Set([named, ...changes].map(({ name }) => name)).size).toBe(7);
    expect(nameConnection({ ...plan }, 'digest', overUxfrm).name).toBe(named.name);
  });

  it('keeps the name when a child comes or goes, not when all children change', () => {
    expect(withMappings(3).name).toBe(withMappings(2).name);
    expect(nameConnection({ ...plan, espRekeySeconds: 9 }, 'digest', overUxfrm).name).not.toBe(named.name);
  });

  it('does not take foreign names for its own', () => {
    expect(connectionIdOf('home')).toBeNull();
    expect(connectionIdOf('vpnx-00000001')).toBeNull();
  });
});

describe('planIkeConnection', () => {
  it('binds both directions to the device of the tunnel and forces UDP on uxfrm only', () => {
    expect(planIkeConnection(plan, overUxfrm)).toMatchObject({
      encap: true,
      keyingTries: 0,
      children: { 'vpnx-00000001': { ifIdIn: 1, ifIdOut: 1, replayWindow: 1024, localTs: ['0.0.0.0/0'] } },
    });
    expect(planIkeConnection(plan, overKernel).encap).toBe(false);
  });

  it('leaves encryption to the network card where it can, on the kernel only', () => {
    expect(planIkeConnection(plan, overKernel).children[plan.id]).toMatchObject({ hwOffload: 'auto' });
    expect(planIkeConnection(plan, overUxfrm).children[plan.id]).not.toHaveProperty('hwOffload');
  });

  it.each([
    ['active', 'restart', 'none', 'none', true],
    ['active', 'clear', 'none', 'none', true],
    ['on-traffic', 'restart', 'trap', 'start', false],
    ['on-traffic', 'clear', 'trap', 'trap', false],
    ['passive', 'restart', 'none', 'none', false],
    ['passive', 'clear', 'none', 'none', false],
  ] as const)('%s with DPD %s: start action %s, DPD action %s', (negotiation, dpdAction, start, dpd, initiates) => {
    const one = nameConnection({ ...plan, negotiation, dpdAction }, 'digest', overUxfrm);
    expect(one.config.children[plan.id]).toMatchObject({ startAction: start, closeAction: start, dpdAction: dpd });
    expect(one.initiates).toBe(initiates);
  });

  it('says the IKEv1 things to IKEv1 only', () => {
    expect(planIkeConnection(plan, overUxfrm)).not.toHaveProperty('dpdTimeoutSeconds');
    expect(planIkeConnection(plan, overUxfrm)).not.toHaveProperty('aggressive');
    const old = planIkeConnection({ ...plan, version: 1, aggressive: true }, overUxfrm);
    expect(old).toMatchObject({ aggressive: true, dpdTimeoutSeconds: 30 });
    expect(planIkeConnection({ ...plan, version: 1, dpdDelaySeconds: 0 }, overUxfrm)).not.toHaveProperty(
      'dpdTimeoutSeconds',
    );
  });

  it('renews an IKEv1 IKE_SA later than a peer of the same life does, where it only answers', () => {
    const times = (negotiation: 'active' | 'passive', life: number) =>
      planIkeConnection({ ...plan, version: 1, negotiation, ikeRekeySeconds: life }, overUxfrm);
    const late = times('passive', 97);
    expect(late).toMatchObject({ rekeyTimeSeconds: 97, randTimeSeconds: 4, overTimeSeconds: 3 });
    // charon's default is a tenth of the time for both.
    expect(times('active', 90)).toMatchObject({ rekeyTimeSeconds: 90 });
    expect(times('active', 90)).not.toHaveProperty('randTimeSeconds');
    expect(late.rekeyTimeSeconds! - late.randTimeSeconds!).toBeGreaterThan(90);
  });

  it('makes a CHILD_SA of each mapping', () => {
    const children = [1, 2].map((n) => ({ ...plan.children[0]!, name: `${plan.id}:${n}` }));
    expect(Object.keys(planIkeConnection({ ...plan, children }, overUxfrm).children)).toEqual([
      'vpnx-00000001:1',
      'vpnx-00000001:2',
    ]);
  });
});

describe('diffConnections', () => {
  it('has nothing to do when charon lists what is wanted', () => {
    const actual = state([named.name, other.name], [named.name]);
    expect(diffConnections([named, other], actual)).toEqual({
      removed: [],
      removedKeys: [],
      orphanedIkeSas: [],
      addedKeys: [],
      added: [],
      ...unchanged,
      initiated: [],
    });
  });

  it('touches a changed connection only', () => {
    const changed = nameConnection({ ...plan, epoch: 1 }, 'digest', overUxfrm);
    expect(diffConnections([changed, other], state([named.name, other.name], [named.name, other.name]))).toEqual({
      removed: [named.name],
      removedKeys: [named.keyName],
      orphanedIkeSas: [],
      addedKeys: [changed],
      added: [changed],
      ...unchanged,
      initiated: [{ ike: changed.name, child: 'vpnx-00000001' }],
    });
  });

  it('loads a missing key, and leaves its connection alone', () => {
    const changes = diffConnections([named], state([named.name], [], { keys: [] }));
    expect(changes).toMatchObject({ addedKeys: [named], added: [], removed: [] });
  });

  it('loads a key anew that others share an identity with now, and leaves its connection alone', () => {
    const shared = nameConnection({ ...plan, keyOwners: [plan.localId, plan.remoteId] }, 'digest', overUxfrm);
    const changes = diffConnections([shared], state([named.name], [named.name]));
    expect(changes).toEqual({
      removed: [],
      removedKeys: [named.keyName],
      orphanedIkeSas: [],
      addedKeys: [shared],
      added: [],
      ...unchanged,
      initiated: [],
    });
  });

  it('touches only the children that come and go', () => {
    const wanted = withMappings(3);
    const actual = {
      ...state([wanted.name], [], {
        children: [`${plan.id}:0`, `${plan.id}:1`, `${plan.id}:9`],
        keys: [wanted.keyName],
      }),
      ikeSas: [{ name: wanted.name, childSas: [0, 1, 9].map((n) => ({ name: `${plan.id}:${n}`, uniqueId: 100 + n })) }],
    };
    expect(diffConnections([wanted], actual)).toEqual({
      ...{ removed: [], removedKeys: [], orphanedIkeSas: [], addedKeys: [], added: [] },
      changed: [wanted],
      orphanedChildSas: [109],
      initiated: [{ ike: wanted.name, child: `${plan.id}:2` }],
    });
  });

  it('ends a CHILD_SA that came up after its child went', () => {
    const wanted = withMappings(1);
    const late = { name: wanted.name, childSas: [{ name: `${plan.id}:7`, uniqueId: 7 }] };
    const actual = { ...state([wanted.name], [], { children: [`${plan.id}:0`] }), ikeSas: [late] };
    expect(diffConnections([wanted], actual)).toMatchObject({ changed: [], orphanedChildSas: [7], initiated: [] });
  });

  it('initiates nothing that is not to begin by itself', () => {
    for (const negotiation of ['passive', 'on-traffic'] as const) {
      const quiet = nameConnection({ ...plan, negotiation }, 'digest', overUxfrm);
      expect(diffConnections([quiet], state([]))).toMatchObject({ added: [quiet], initiated: [] });
    }
  });

  it('ends SAs of ours that nothing stands for, and no others', () => {
    const stale = 'vpnx-00000009@0123456789ab';
    expect(diffConnections([named], state([named.name], [stale, stale, '(unnamed)', 'home'])).orphanedIkeSas).toEqual([
      stale,
    ]);
  });
});

describe('applyConnections', () => {
  /** Records what it is told; refuses what matches. */
  function fakeCharon(
    refused: (call: string) => Error | null,
    left: (readonly string[])[] = [],
  ): { readonly charon: Charon; readonly calls: string[] } {
    const calls: string[] = [];
    const say = (call: string) => {
      calls.push(call);
      const error = refused(call);
      return error === null ? Promise.resolve() : Promise.reject(error);
    };
    const charon = {
      unloadConn: (name: string) => say(`unload ${name}`),
      terminate: ({ ike, childId, force }: { ike?: string; childId?: number; force?: boolean }) =>
        say(`terminate ${ike ?? childId}${force === true ? ' by force' : ''}`),
      listSas: () => Promise.resolve((left.shift() ?? []).map((name) => ({ name }))),
      initiate: ({ child }: { child: string }) => say(`initiate ${child}`),
      unloadShared: (id: string) => say(`forget key ${id}`),
      loadShared: ({ id }: { id: string }) => say(`load key ${id}`),
      loadConn: (name: string) => say(`load ${name}`),
    } as unknown as Charon;
    return { charon, calls };
  }
  const signal = new AbortController().signal;
  const clock = systemClock;
  const key = () => Promise.resolve('secret');

  it('unloads the old form of a connection before it loads the new one, and begins when the old SAs are gone', async () => {
    const { charon, calls } = fakeCharon((call) =>
      call.startsWith('terminate') ? new ViciCommandError('terminate', 'no matching SAs to terminate found') : null,
    );
    const old = 'vpnx-00000001@000000000000';
    const actual = state([old], [], { keys: [`${old}/1`] });
    await applyConnections(charon, diffConnections([named], actual), key, clock, signal);
    expect(calls).toEqual([
      `unload ${old}`,
      `load key ${named.keyName}`,
      `forget key ${old}/1`,
      `load ${named.name}`,
      `terminate ${old}`,
      'initiate vpnx-00000001',
    ]);
  });

  it('gives peers time to answer, and ends by force what is left', async () => {
    const [dead, alive] = ['vpnx-00000003@000000000000', 'vpnx-00000004@000000000000'];
    const time = new FakeClock();
    const ever = Array.from({ length: 1000 }, () => [dead]);
    const { charon, calls } = fakeCharon(() => null, [[dead, alive], [dead, alive], ...ever]);
    const applied = applyConnections(
      charon,
      diffConnections([], state([dead, alive], [], { keys: ['a key'] })),
      key,
      time,
      signal,
    );
    await time.advance(1999);
    const soFar = [`unload ${dead}`, `unload ${alive}`, 'forget key a key'];
    expect(calls).toEqual([...soFar, `terminate ${dead}`, `terminate ${alive}`]);
    await time.advance(1);
    await applied;
    expect(calls.filter((call) => call.startsWith('terminate'))).toEqual([
      `terminate ${dead}`,
      `terminate ${alive}`,
      `terminate ${dead} by force`,
    ]);
  });

  it('loads the others when charon refuses one, and says which', async () => {
    const { charon, calls } = fakeCharon((call) =>
      call === `load ${named.name}` ? new ViciCommandError('load-conn', 'invalid value for: proposals') : null,
    );
    const changes = diffConnections([named, other], state([]));
    expect([...(await applyConnections(charon, changes, key, clock, signal))]).toEqual([
      ['vpnx-00000001', 'charon refused load-conn: invalid value for: proposals'],
    ]);
    expect(calls).toContain(`load ${other.name}`);
  });

  it('does not load a connection whose key cannot be had, but the others', async () => {
    const { charon, calls } = fakeCharon(() => null);
    const lost = (id: string) => (id === named.id ? Promise.reject(new Error('cannot be opened')) : key());
    const changes = diffConnections([named, other], state([]));
    const problems = await applyConnections(charon, changes, lost, clock, signal);
    expect([...problems]).toEqual([['vpnx-00000001', 'cannot be opened']]);
    expect(calls).toEqual([`load key ${other.keyName}`, `load ${other.name}`, 'initiate vpnx-00000002']);
  });

  it('stops when charon is gone', async () => {
    const { charon, calls } = fakeCharon(() => new ViciClosedError('gone'));
    const many = Array.from({ length: 100 }, (_, n) =>
      nameConnection(sampleConnection(`vpnx-${String(n).padStart(8, '0')}`), 'digest', overUxfrm),
    );
    const changes = diffConnections(many, state([]));
    await expect(applyConnections(charon, changes, key, clock, signal)).rejects.toThrow(ViciClosedError);
    expect(calls.length).toBeLessThan(10);
  });

  it('asks for keys side by side, for a few at a time, and loads no connection before all keys are', async () => {
    const { charon, calls } = fakeCharon(() => null);
    const many = Array.from({ length: 100 }, (_, n) =>
      nameConnection(sampleConnection(`vpnx-${String(n).padStart(8, '0')}`), 'digest', overUxfrm),
    );
    const asked: (() => void)[] = [];
    let most = 0;
    const slowKey = () =>
      new Promise<string>((resolve) => {
        asked.push(() => resolve('secret'));
        most = Math.max(most, asked.length);
      });
    const applied = applyConnections(charon, diffConnections(many, state([])), slowKey, clock, signal);
    for (let left = many.length; left > 0; left--) {
      await setImmediate();
      expect(calls.some((call) => call.startsWith('load vpnx'))).toBe(false);
      asked.shift()?.();
    }
    await applied;
    expect([most, calls.length]).toEqual([8, 300]);
  });
});

describe('diffFromLoaded', () => {
  const signal = new AbortController().signal;
  /** Says of which connections it was asked for SAs, and has these. */
  function asked(ikeSas: readonly object[] = []) {
    const names: unknown[] = [];
    const charon = {
      listSas: ({ ike }: { ike?: string }) => Promise.resolve(ikeSas.filter(() => names.push(ike) > 0)),
    } as unknown as Charon;
    return { charon, names };
  }
  const inOrder = (changes: ReturnType<typeof diffConnections>) => ({
    ...changes,
    ...{ removed: changes.removed.toSorted(), removedKeys: changes.removedKeys.toSorted() },
  });
  const loadedAs = (...connections: (typeof named)[]) => new Map(connections.map((each) => [each.name, each]));

  it('says what a look would say: whatever was loaded, whatever is wanted', async () => {
    const epoch = fc.record({ epoch: fc.nat(1), children: fc.nat(2), owners: fc.nat(1), id: fc.nat(4) });
    const wish = fc.uniqueArray(epoch, { selector: ({ id }) => id, maxLength: 5 }).map((wishes) =>
      wishes.map(({ epoch, children: count, owners, id }) => {
        const connection = sampleConnection(`vpnx-0000000${id}`, id);
        const children = Array.from({ length: count }, (_, n) => ({ ...connection.children[0]!, name: `child:${n}` }));
        const keyOwners = owners === 0 ? connection.keyOwners : ['somebody'];
        return nameConnection({ ...connection, epoch, children, keyOwners }, 'digest', overUxfrm);
      }),
    );
    await fc.assert(
      fc.asyncProperty(wish, wish, async (before, wanted) => {
        const looked = diffConnections(wanted, {
          connections: before.map(({ name, config }) => ({ name, children: Object.keys(config.children) })),
          sharedKeys: before.map(({ keyName }) => keyName),
          ikeSas: [],
        });
        const remembered = await diffFromLoaded(asked().charon, wanted, loadedAs(...before), signal);
        expect(inOrder(remembered)).toEqual(inOrder(looked));
      }),
    );
  });

  it('asks for the SAs of a connection whose children are others, and ends those of the ones that went', async () => {
    const [three, two] = [withMappings(3), withMappings(2)];
    const sa = (child: string, uniqueId: number) => ({ name: child, uniqueId });
    const childSas = [sa(`${plan.id}:0`, 1), sa(`${plan.id}:2`, 2), sa(`${plan.id}:2`, 3)];
    const { charon, names } = asked([{ name: three.name, childSas }]);
    const changes = await diffFromLoaded(charon, [two, other], loadedAs(three, other), signal);
    expect([changes.changed, changes.orphanedChildSas, names]).toEqual([[two], [2, 3], [two.name]]);
  });
});
