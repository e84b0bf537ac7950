import type { IkeSa } from '@landbridge/vici';
import { describe, expect, it } from 'vitest';
import { findCollisionSas } from './redundant-sas.ts';
import { childSa, ikeSa, sampleWatched, watched } from '../../testing/sample-sas.ts';
import { Watchdog, type WatchdogAction } from './watchdog.ts';

const up = ikeSa({ childSas: [childSa()] });
const connecting = ikeSa({ state: 'CONNECTING', establishedSeconds: undefined });

const theirs = { uniqueId: 2, role: 'responder', initiatorSpi: '2'.repeat(16) } as const;

/** Decisions once a second, with the time they were made at. */
function runFor(watchdog: Watchdog, seconds: number, sas = [] as Parameters<Watchdog['decide']>[1], from = 0) {
  const made: { readonly at: number; readonly action: WatchdogAction }[] = [];
  for (let at = from; at <= from + seconds; at++) {
    for (const action of watchdog.decide([watched], sas, at * 1000)) made.push({ at, action });
  }
  return made;
}

describe('Watchdog', () => {
  it('asks again for a missing child with growing pauses up to 30 seconds', () => {
    const times = runFor(new Watchdog(), 200).map(({ at }) => at);
    expect(times).toEqual([1, 2, 4, 8, 16, 32, 62, 92, 122, 152, 182]);
  });

  it('starts over once the child was up', () => {
    const watchdog = new Watchdog();
    runFor(watchdog, 100);
    expect(runFor(watchdog, 10, [up], 101)).toEqual([]);
    expect(runFor(watchdog, 3, [], 112).map(({ at }) => at)).toEqual([113, 114]);
  });

  it('keeps still while somebody is at it', () => {
    expect(runFor(new Watchdog(), 50, [connecting])).toEqual([]);
    expect(runFor(new Watchdog(), 200, [ikeSa({ tasksActive: ['CHILD_CREATE'] })])).toEqual([]);
    expect(runFor(new Watchdog(), 200, [ikeSa({ tasksQueued: ['QUICK_MODE'] })])).toEqual([]);
    expect(runFor(new Watchdog(), 200, [ikeSa({ childSas: [childSa({ state: 'INSTALLING' })] })])).toEqual([]);
  });

  it('asks for the missing one of several children only', () => {
    const two = {
      ...watched,
      plan: { ...watched.plan, children: ['a', 'b'].map((name) => ({ ...watched.plan.children[0]!, name })) },
    };
    const watchdog = new Watchdog();
    const sas = [ikeSa({ childSas: [childSa({ name: 'a' })] })];
    watchdog.decide([two], sas, 0);
    expect(watchdog.decide([two], sas, 1000)).toEqual([{ kind: 'initiate', connection: watched.name, child: 'b' }]);
  });

  it('looks at each IKE_SA as often with many connections as with a few', () => {
    const looksAtOne = (count: number): number => {
      const many = Array.from({ length: count }, (_, n) => sampleWatched(`vpnx-${String(n).padStart(8, '0')}`));
      let looks = 0;
      const sas = many.map(({ name }, n) => ({
        ...ikeSa({ uniqueId: n + 1 }),
        get name() {
          looks++;
          return name;
        },
      }));
      new Watchdog().decide(many, sas, 0);
      return looks / count;
    };
    expect(looksAtOne(2)).toBeGreaterThan(0);
    expect(looksAtOne(300)).toBe(looksAtOne(2));
  });

  it.each(['passive', 'on-traffic'] as const)('never initiates a %s connection', (negotiation) => {
    const quiet = { ...watched, plan: { ...watched.plan, negotiation } };
    const watchdog = new Watchdog();
    for (let at = 0; at < 100_000; at += 1000) expect(watchdog.decide([quiet], [], at)).toEqual([]);
    expect(watchdog.nextDecision(0)).toBeUndefined();
  });

  it('ends an attempt that hangs, but not one that charon starts anew', () => {
    const [first] = runFor(new Watchdog(), 100, [connecting]);
    expect(first).toEqual({ at: 61, action: { kind: 'terminateIke', ikeId: 1, why: 'stuck' } });
    const watchdog = new Watchdog();
    for (let at = 0; at < 300; at++) {
      const sa = { ...connecting, initiatorSpi: String(Math.floor(at / 26)).padStart(16, '0') };
      expect(watchdog.decide([watched], [sa], at * 1000)).toEqual([]);
    }
  });

  it('tells when it wants to be asked', () => {
    const watchdog = new Watchdog();
    watchdog.decide([watched], [], 0);
    expect(watchdog.nextDecision(400)).toBe(600);
    watchdog.decide([watched], [up], 500);
    expect(watchdog.nextDecision(500)).toBeUndefined();
  });

  it('begins with another IKE_SA when the one that is there gets no CHILD_SA, but not where it has one', () => {
    const barren = ikeSa({ uniqueId: 7 });
    const made = runFor(new Watchdog(), 20, [barren]).map(({ action }) => action);
    const asked = { kind: 'initiate', connection: watched.name, child: watched.plan.id };
    const ended = { kind: 'terminateIke', ikeId: 7, why: 'barren' };
    expect(made.slice(0, 3)).toEqual([asked, asked, ended]);
    const children = ['a', 'b'].map((name) => ({ ...watched.plan.children[0]!, name }));
    const two = { ...watched, plan: { ...watched.plan, children } };
    const one = [ikeSa({ childSas: [childSa({ name: 'a' })] })];
    const watchdog = new Watchdog();
    const actions = Array.from({ length: 60 }, (_, second) => watchdog.decide([two], one, second * 1000)).flat();
    expect(new Set(actions.map(({ kind }) => kind))).toEqual(new Set(['initiate']));
  });

  it('forgets connections that are gone', () => {
    const watchdog = new Watchdog();
    watchdog.decide([watched], [], 0);
    watchdog.decide([sampleWatched('vpnx-00000002')], [], 0);
    watchdog.decide([], [], 0);
    expect(watchdog.nextDecision(0)).toBeUndefined();
  });

  it('reduces a collision that lasts, with doubling pauses when it comes back', () => {
    const twice = [
      ikeSa({ childSas: [childSa({ uniqueId: 1, age: 9 })] }),
      ikeSa({ ...theirs, childSas: [childSa({ uniqueId: 2, age: 9 })] }),
    ];
    const made = runFor(new Watchdog(), 60, twice);
    expect(made.map(({ at }) => at)).toEqual([5, 16, 37]);
    expect(made[0]?.action).toEqual({ kind: 'terminateIke', ikeId: 1, why: 'redundant' });
  });

  it('closes a little excess with doubling pauses, since a peer may open it again, and holds down much at a steady pace', () => {
    const many = (count: number): IkeSa[] =>
      Array.from({ length: count }, (_, n) =>
        ikeSa({ uniqueId: n, role: 'responder', childSas: [childSa({ uniqueId: n, age: 100 * n })] }),
      );
    const five = runFor(new Watchdog(), 60, many(5));
    expect(five.map(({ at }) => at)).toEqual([5, 16, 37]);
    expect(five[0]?.action).toEqual({ kind: 'terminateIke', ikeId: 4, why: 'redundant' });
    expect(runFor(new Watchdog(), 60, many(8)).filter(({ at }) => at > 5)).toHaveLength(8);
    const nine = runFor(new Watchdog(), 20, many(9));
    expect([...new Set(nine.map(({ at }) => at))]).toEqual([5, 11, 17]);
    expect(nine).toHaveLength(15);
  });

  it('renews an emptied IKE_SA whose peer opens again what is closed', () => {
    const ikeV1 = { ...watched, plan: { ...watched.plan, version: 1 as const } };
    const sa = (uniqueId: number, children: readonly number[]): IkeSa =>
      ikeSa({ version: 1, role: 'responder', uniqueId, childSas: children.map((id) => childSa({ uniqueId: id })) });
    const watchdog = new Watchdog();
    expect(watchdog.decide([ikeV1], [sa(1, []), sa(2, [1, 2])], 0)).toEqual([]);
    expect(watchdog.decide([ikeV1], [sa(2, []), sa(3, [1, 2, 3])], 100)).toEqual([{ kind: 'rekeyIke', ikeId: 2 }]);
  });

  it('leaves a moment of two alone', () => {
    const watchdog = new Watchdog();
    const twice = [ikeSa({ childSas: [childSa()] }), ikeSa({ ...theirs, childSas: [childSa({ uniqueId: 2 })] })];
    expect(findCollisionSas(twice).ikeIds).toHaveLength(1);
    expect(runFor(watchdog, 4, twice)).toEqual([]);
    expect(runFor(watchdog, 4, [up], 5)).toEqual([]);
    expect(runFor(watchdog, 4, twice, 10)).toEqual([]);
  });
});
