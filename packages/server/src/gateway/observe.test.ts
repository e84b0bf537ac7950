import { describe, expect, it } from 'vitest';
import { childrenLeftToPeer, mergeObservation, nothingUp, observeConnection } from './observe.ts';
import { childSa, ikeSa, watched } from '../../testing/sample-sas.ts';
import type { WatchedConnection } from './watched-connection.ts';

const { id } = watched.plan;
const twoMappings: WatchedConnection = {
  ...watched,
  plan: { ...watched.plan, children: ['a', 'b'].map((name) => ({ ...watched.plan.children[0]!, name })) },
};

describe('observeConnection', () => {
  it('is connected when every child is installed, in whatever IKE_SA', () => {
    const sas = [
      ikeSa({ childSas: [childSa({ name: 'a' })] }),
      ikeSa({ uniqueId: 2, childSas: [childSa({ name: 'b' })] }),
    ];
    expect(observeConnection(twoMappings, sas)).toEqual({
      ikeEstablished: true,
      children: { a: true, b: true },
      connected: true,
    });
    expect(observeConnection(twoMappings, sas.slice(0, 1))).toEqual({
      ikeEstablished: true,
      children: { a: true, b: false },
      connected: false,
    });
  });

  it('stays connected through a rekeying', () => {
    expect(observeConnection(watched, [ikeSa({ childSas: [childSa({ state: 'REKEYING' })] })]).connected).toBe(true);
    expect(observeConnection(watched, [ikeSa({ state: 'REKEYING', childSas: [childSa()] })]).connected).toBe(true);
  });

  it('stays connected until the peer deletes the CHILD_SA that it renewed', () => {
    const childSas = [childSa({ state: 'REKEYED' }), childSa({ uniqueId: 2, state: 'INSTALLING' })];
    expect(observeConnection(watched, [ikeSa({ childSas })]).connected).toBe(true);
  });

  it.each(['CREATED', 'INSTALLING', 'DELETING', 'DELETED', 'DESTROYING'] as const)(
    'is not connected by a CHILD_SA that is %s',
    (state) => {
      expect(observeConnection(watched, [ikeSa({ childSas: [childSa({ state })] })]).connected).toBe(false);
    },
  );

  it('counts neither a dying IKE_SA nor one of an earlier form of the connection', () => {
    const sas = [
      ikeSa({ state: 'DELETING', childSas: [childSa()] }),
      ikeSa({ name: `${id}@ffffffffffff`, childSas: [childSa()] }),
    ];
    expect(observeConnection(watched, sas)).toEqual(nothingUp(watched));
  });

  it('does not call a connection without children connected', () => {
    const none = { ...watched, plan: { ...watched.plan, children: [] } };
    expect(observeConnection(none, [ikeSa()]).connected).toBe(false);
  });
});

describe('mergeObservation', () => {
  const up = observeConnection(watched, [ikeSa({ childSas: [childSa()] })]);

  it('moves changedAt only with a change', () => {
    const first = mergeObservation(nothingUp(watched), null, null, 10);
    expect(first.changedAt).toBe(10);
    expect(mergeObservation(nothingUp(watched), null, first, 20)).toBe(first);
    expect(mergeObservation(nothingUp(watched), 'why', first, 30)).toMatchObject({
      changedAt: 30,
      lastError: 'why',
    });
    expect(mergeObservation(up, null, first, 40)).toMatchObject({ connected: true, changedAt: 40 });
  });

  it('has no error while connected', () => {
    expect(mergeObservation(up, 'old news', null, 1).lastError).toBeNull();
  });
});

describe('childrenLeftToPeer', () => {
  const passive = { ...twoMappings, plan: { ...twoMappings.plan, negotiation: 'passive' as const } };
  const half = observeConnection(passive, [ikeSa({ childSas: [childSa({ name: 'a' })] })]);

  it('are those that are missing beside others, where we do not open them', () => {
    expect(childrenLeftToPeer(passive, half).map(({ name }) => name)).toEqual(['b']);
    expect(childrenLeftToPeer(twoMappings, half)).toEqual([]);
    expect(childrenLeftToPeer(passive, nothingUp(passive))).toEqual([]);
  });
});
