import { ViciClosedError, ViciCommandError, type Charon } from '@landbridge/vici';
import { describe, expect, it } from 'vitest';
import { sampleConnection } from './sample-plans.ts';
import {
  applyConnections,
  connectionIdOf,
  diffConnections,
  nameConnection,
  planIkeConnection,
  type CharonState,
} from './charon.ts';

const plan = sampleConnection('vpnx-00000001');
const overUxfrm = { dataPlane: 'uxfrm', alwaysInUdp: true, replayWindow: 1024 } as const;
const overKernel = { dataPlane: 'kernel', alwaysInUdp: false, replayWindow: 1024 } as const;
const named = nameConnection(plan, 'digest', overUxfrm);
const other = nameConnection(sampleConnection('vpnx-00000002', 1), 'digest', overUxfrm);

function state(connections: readonly string[], ikeSas: readonly string[] = [], keys?: readonly string[]): CharonState {
  const known = [named, other].filter(({ name }) => connections.includes(name)).map(({ keyName }) => keyName);
  return { connections, sharedKeys: keys ?? known, ikeSas };
}

describe('nameConnection', () => {
  it('names a connection by its id and everything charon is told', () => {
    expect(named.name).toMatch(/^vpnx-00000001@[0-9a-f]{12}$/);
    expect(connectionIdOf(named.name)).toBe('vpnx-00000001');
    const changes = [
      nameConnection({ ...plan, epoch: 1 }, 'digest', overUxfrm),
      nameConnection({ ...plan, dpdDelaySeconds: 9 }, 'digest', overUxfrm),
      nameConnection(plan, 'other digest', overUxfrm),
      nameConnection(plan, 'digest', overKernel),
      nameConnection(plan, 'digest', { ...overUxfrm, replayWindow: 2048 }),
    ];
    expect(new Set([named, ...changes].map(({ name }) => name)).size).toBe(6);
    expect(nameConnection({ ...plan }, 'digest', overUxfrm).name).toBe(named.name);
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
    ['active', 'restart', 'start', 'start'],
    ['active', 'clear', 'start', 'none'],
    ['flowTrigger', 'restart', 'trap', 'start'],
    ['flowTrigger', 'clear', 'trap', 'trap'],
    ['passive', 'restart', 'none', 'none'],
    ['passive', 'clear', 'none', 'none'],
  ] as const)('%s with DPD %s: start action %s, DPD action %s', (negotiation, dpdAction, start, dpd) => {
    const { children } = planIkeConnection({ ...plan, negotiation, dpdAction }, overUxfrm);
    expect(children[plan.id]).toMatchObject({ startAction: start, closeAction: start, dpdAction: dpd });
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
    });
  });

  it('loads a missing key, and leaves its connection alone', () => {
    const changes = diffConnections([named], state([named.name], [], []));
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
    });
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
  function fakeCharon(refused: (call: string) => Error | null): { readonly charon: Charon; readonly calls: string[] } {
    const calls: string[] = [];
    const say = (call: string) => {
      calls.push(call);
      const error = refused(call);
      return error === null ? Promise.resolve() : Promise.reject(error);
    };
    const charon = {
      unloadConn: (name: string) => say(`unload ${name}`),
      terminate: ({ ike }: { ike: string }) => say(`terminate ${ike}`),
      unloadShared: (id: string) => say(`forget key ${id}`),
      loadShared: ({ id }: { id: string }) => say(`load key ${id}`),
      loadConn: (name: string) => say(`load ${name}`),
    } as unknown as Charon;
    return { charon, calls };
  }
  const signal = new AbortController().signal;
  const key = () => Promise.resolve('secret');

  it('removes the old form of a connection before it loads the new one, its key first', async () => {
    const { charon, calls } = fakeCharon((call) =>
      call.startsWith('terminate') ? new ViciCommandError('terminate', 'no matching SAs to terminate found') : null,
    );
    const old = 'vpnx-00000001@000000000000';
    await applyConnections(charon, diffConnections([named], state([old], [], [`${old}/1`])), key, signal);
    expect(calls).toEqual([
      `unload ${old}`,
      `terminate ${old}`,
      `forget key ${old}/1`,
      `load key ${named.keyName}`,
      `load ${named.name}`,
    ]);
  });

  it('loads the others when charon refuses one, and says which', async () => {
    const { charon, calls } = fakeCharon((call) =>
      call === `load ${named.name}` ? new ViciCommandError('load-conn', 'invalid value for: proposals') : null,
    );
    const changes = diffConnections([named, other], state([]));
    expect([...(await applyConnections(charon, changes, key, signal))]).toEqual([
      ['vpnx-00000001', 'charon refused load-conn: invalid value for: proposals'],
    ]);
    expect(calls).toContain(`load ${other.name}`);
  });

  it('does not load a connection whose key cannot be had, but the others', async () => {
    const { charon, calls } = fakeCharon(() => null);
    const lost = (id: string) => (id === named.id ? Promise.reject(new Error('cannot be opened')) : key());
    const problems = await applyConnections(charon, diffConnections([named, other], state([])), lost, signal);
    expect([...problems]).toEqual([['vpnx-00000001', 'cannot be opened']]);
    expect(calls).toEqual([`load key ${other.keyName}`, `load ${other.name}`]);
  });

  it('stops when charon is gone', async () => {
    const { charon, calls } = fakeCharon(() => new ViciClosedError('gone'));
    const changes = diffConnections([named, other], state([]));
    await expect(applyConnections(charon, changes, key, signal)).rejects.toThrow(ViciClosedError);
    expect(calls).toHaveLength(1);
  });
});
