import type { ChildSa, IkeSa } from '@landbridge/vici';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findCollisionSas, findExcessSas } from './redundant-sas.ts';
import { childSa, ikeSa } from '../../testing/sample-sas.ts';

const nothing = { ikeIds: [], childIds: [] };
const ours = { uniqueId: 1, role: 'initiator', initiatorSpi: '1'.repeat(16) } as const;
const theirs = { uniqueId: 2, role: 'responder', initiatorSpi: '2'.repeat(16) } as const;

describe('findCollisionSas', () => {
  it('takes the one of the lower SPI when both ends started at once', () => {
    const sas = [
      ikeSa({ ...ours, childSas: [childSa({ uniqueId: 1, age: 5 })] }),
      ikeSa({ ...theirs, childSas: [childSa({ uniqueId: 2, age: 6 })] }),
    ];
    expect(findCollisionSas(sas)).toEqual({ ikeIds: [1], childIds: [] });
  });

  it('keeps an IKE_SA that carries something else as well', () => {
    const other = childSa({ uniqueId: 3, age: 5, remoteTs: ['192.168.2.0/24'] });
    const sas = [
      ikeSa({ ...ours, childSas: [childSa({ uniqueId: 1, age: 5 }), other] }),
      ikeSa({ ...theirs, childSas: [childSa({ uniqueId: 2, age: 6 })] }),
    ];
    expect(findCollisionSas(sas)).toEqual({ ikeIds: [], childIds: [1] });
  });

  it.each<[string, readonly IkeSa[]]>([
    [
      'pairs of ranges, whoever opened them',
      [
        ikeSa({ ...ours, childSas: [childSa({ uniqueId: 1, localTs: ['10.0.1.0/24'] })] }),
        ikeSa({ ...theirs, childSas: [childSa({ uniqueId: 2, localTs: ['10.0.2.0/24'] })] }),
      ],
    ],
    [
      'protocols',
      [
        ikeSa({
          childSas: ['tcp', 'udp'].map((name, n) => childSa({ uniqueId: n, localTs: [`10.0.1.0/24[${name}]`] })),
        }),
      ],
    ],
    [
      'equal ones in one IKE_SA, for classes of traffic',
      [ikeSa({ childSas: [1, 2].map((n) => childSa({ uniqueId: n })) })],
    ],
    [
      'what one end opened twice',
      [1, 2].map((n) => ikeSa({ ...theirs, uniqueId: n, childSas: [childSa({ uniqueId: n })] })),
    ],
    [
      'what the peer opened later, because it restarted or because we closed its own',
      [
        ikeSa({ ...ours, childSas: [childSa({ uniqueId: 1, age: 9 })] }),
        ikeSa({ ...theirs, childSas: [childSa({ uniqueId: 2, age: 4 })] }),
      ],
    ],
    [
      'one that is being replaced',
      [
        ikeSa({ ...ours, childSas: [childSa({ uniqueId: 1, state: 'REKEYED' })] }),
        ikeSa({ ...theirs, childSas: [childSa({ uniqueId: 2 })] }),
      ],
    ],
  ])('leaves alone: %s', (_, sas) => {
    expect(findCollisionSas(sas)).toEqual(nothing);
    expect(findExcessSas(sas)).toEqual(nothing);
  });

  it('leaves exactly one of equal ones, and both ends leave the same one', () => {
    const sa = fc.record({
      initiatorSpi: fc.stringMatching(/^[0-9a-f]{16}$/),
      isOurs: fc.boolean(),
      // Both ends started at once: ages differ little, and not by the same amount on both ends.
      age: fc.nat(2),
      peerAge: fc.nat(2),
      children: fc.integer({ min: 1, max: 3 }),
    });
    type Drawn = typeof sa extends fc.Arbitrary<infer T> ? T : never;
    const seenBy = (drawn: readonly Drawn[], isHere: boolean): IkeSa[] =>
      drawn.map(({ initiatorSpi, isOurs, age, peerAge, children }, uniqueId) =>
        ikeSa({
          ...{ uniqueId, initiatorSpi, role: isOurs === isHere ? 'initiator' : 'responder' },
          childSas: Array.from({ length: children }, (_, n) =>
            childSa({ uniqueId: 10 * uniqueId + n, age: isHere ? age : peerAge }),
          ),
        }),
      );
    fc.assert(
      fc.property(
        fc.uniqueArray(sa, { minLength: 2, maxLength: 5, selector: ({ initiatorSpi }) => initiatorSpi }),
        (drawn) => {
          const areMixed = new Set(drawn.map(({ isOurs }) => isOurs)).size === 2;
          const here = findCollisionSas(seenBy(drawn, true));
          expect(here.ikeIds).toHaveLength(areMixed ? drawn.length - 1 : 0);
          expect(here.childIds).toEqual([]);
          expect(findCollisionSas(seenBy(drawn, false).reverse()).ikeIds.toSorted()).toEqual(here.ikeIds.toSorted());
        },
      ),
    );
  });
});

describe('findExcessSas', () => {
  const many = (count: number, make: (n: number) => Parameters<typeof childSa>[0]): ChildSa[] =>
    Array.from({ length: count }, (_, n) => childSa({ uniqueId: n, age: 1000 - n, ...make(n) }));

  it('keeps the four newest IKE_SAs of a peer that always makes new ones', () => {
    const sas = many(9, () => ({})).map((child) => ikeSa({ ...theirs, uniqueId: child.uniqueId, childSas: [child] }));
    expect(findExcessSas(sas).ikeIds.toSorted()).toEqual([0, 1, 2, 3, 4]);
  });

  it('keeps the four newest of those without any CHILD_SA, and none that has something to do', () => {
    const sas = [1, 2, 3, 4, 5, 6].map((n) => ikeSa({ uniqueId: n, establishedSeconds: 100 - n }));
    expect(findExcessSas(sas)).toEqual({ ikeIds: [2, 1], childIds: [] });
    expect(findExcessSas(sas.map((one) => ({ ...one, tasksQueued: ['CHILD_CREATE'] })))).toEqual(nothing);
  });

  it('keeps the eight newest CHILD_SAs with equal selectors', () => {
    expect(findExcessSas([ikeSa({ childSas: many(8, () => ({})) })])).toEqual(nothing);
    expect(findExcessSas([ikeSa({ childSas: many(10, () => ({})) })]).childIds.toSorted()).toEqual([0, 1]);
  });

  it('keeps the 256 oldest CHILD_SAs with selectors of their own', () => {
    const differing = (n: number) => ({ localTs: [`10.0.${n >> 8}.${n & 255}/32`] });
    expect(findExcessSas([ikeSa({ childSas: many(256, differing) })])).toEqual(nothing);
    expect(findExcessSas([ikeSa({ childSas: many(258, differing) })]).childIds).toEqual([256, 257]);
  });

  it('gives up what a restarted peer has forgotten before what it opened again', () => {
    const pairs = (first: number, age: number): ChildSa[] =>
      Array.from({ length: 200 }, (_, n) => childSa({ uniqueId: first + n, age, localTs: [`10.0.0.${n}/32`] }));
    const forgotten = ikeSa({ ...theirs, uniqueId: 1, childSas: pairs(1000, 90) });
    const opened = ikeSa({ ...theirs, uniqueId: 2, childSas: pairs(2000, 10) });
    const { ikeIds, childIds } = findExcessSas([forgotten, opened]);
    expect(ikeIds).toEqual([]);
    expect(childIds).toHaveLength(144);
    expect(Math.max(...childIds)).toBeLessThan(2000);
  });
});
