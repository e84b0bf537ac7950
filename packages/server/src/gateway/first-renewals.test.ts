import type { ChildSa, IkeSa } from '@landbridge/vici';
import { describe, expect, it } from 'vitest';
import { childSa, ikeSa, sampleWatched } from '../../testing/sample-sas.ts';
import { FirstRenewals } from './first-renewals.ts';
import type { WatchedConnection } from './watched-connection.ts';

const withPfs = connection(0);

function connection(
  index: number,
  plan: Partial<Pick<WatchedConnection['plan'], 'espProposals' | 'version'>> = {},
): WatchedConnection {
  const sample = sampleWatched(`vpnx-${String(index).padStart(8, '0')}`, index % 200);
  return { ...sample, plan: { ...sample.plan, version: 2, espProposals: ['aes256-sha256-modp2048'], ...plan } };
}

function of({ name }: WatchedConnection, ...childSas: readonly ChildSa[]): IkeSa {
  return ikeSa({ name, initiatorSpi: name, childSas });
}

/** Decisions once a second, with the seconds they were made at; CHILD_SAs as old as that. */
function run(
  renewals: FirstRenewals,
  seconds: number,
  sasAt: (age: number) => readonly IkeSa[],
  connections: readonly WatchedConnection[] = [withPfs],
  from = 0,
) {
  const made: [number, number][] = [];
  for (let age = 0; age <= seconds; age++) {
    for (const id of renewals.findDue(connections, sasAt(age), (from + age) * 1000)) made.push([age, id]);
  }
  return made;
}

const grows = (age: number) => [of(withPfs, childSa({ uniqueId: 7, age }))];

describe('FirstRenewals', () => {
  it('renews the first CHILD_SA of a connection once, thirty seconds after it came up', () => {
    expect(run(new FirstRenewals(), 3600, grows)).toEqual([[30, 7]]);
  });

  it('does so again for another IKE_SA, whose peer may have been changed meanwhile', () => {
    const renewals = new FirstRenewals();
    run(renewals, 40, grows);
    expect(run(renewals, 40, grows, [withPfs], 41)).toEqual([]);
    const another = (age: number) => grows(age).map((sa): IkeSa => ({ ...sa, initiatorSpi: '3'.repeat(16) }));
    expect(run(renewals, 40, another, [withPfs], 82)).toEqual([[30, 7]]);
  });

  it('leaves it to a peer that began, for ten seconds more', () => {
    const begunByPeer = (age: number) => grows(age).map((sa): IkeSa => ({ ...sa, role: 'responder' }));
    expect(run(new FirstRenewals(), 100, begunByPeer)).toEqual([[40, 7]]);
  });

  const group = { ...childSa().installed!, dhGroup: 'MODP_2048' };
  it.each<[string, WatchedConnection, (age: number) => readonly IkeSa[]]>([
    ['IKEv1, which exchanges keys at once', connection(0, { version: 1 }), grows],
    ['a connection without PFS', connection(0, { espProposals: ['aes256-sha256'] }), grows],
    [
      'one that may do without',
      connection(0, { espProposals: ['aes256-sha256-modp2048', 'aes256-sha256'] }),
      (age) => grows(age),
    ],
    ['what was renewed already', withPfs, () => [of(withPfs, { ...childSa(), installed: group })]],
    ['what was here before', withPfs, (age) => grows(age + 61)],
    ['what is not ours', connection(1), grows],
    ['what is not up', withPfs, () => [of(withPfs)]],
    ['what is being replaced', withPfs, (age) => [of(withPfs, childSa({ age, state: 'REKEYED' }))]],
  ])('leaves alone: %s', (_, one, sasAt) => {
    expect(run(new FirstRenewals(), 200, sasAt, [one])).toEqual([]);
  });

  it('takes one a second, however many came up at once, and forgets none', () => {
    const many = Array.from({ length: 300 }, (_, index) => connection(index));
    const renewed = new Set<number>();
    const sasAt = (age: number) => many.map((one, uniqueId) => of(one, childSa({ uniqueId, age })));
    const made = run(new FirstRenewals(), 400, sasAt, many);
    for (const [, id] of made) renewed.add(id);
    expect(renewed.size).toBe(300);
    expect(made).toHaveLength(300);
    expect(
      Math.max(
        ...Map.groupBy(made.slice(8), ([age]) => age)
          .values()
          .map(({ length }) => length),
      ),
    ).toBe(1);
  });
});
