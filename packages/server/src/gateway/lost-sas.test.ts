import { describe, expect, it } from 'vitest';
import type { DataPlaneSa } from '../drivers/data-plane-sa.ts';
import { LostSas, saysSaIsMissing } from './lost-sas.ts';
import { childSa, ikeSa } from '../../testing/sample-sas.ts';

const sas = [ikeSa({ childSas: [childSa({ uniqueId: 7, spiIn: 0xa, spiOut: 0xb })] })];
const inbound: DataPlaneSa = { destination: '203.0.113.1', spi: 0xa };
const outbound: DataPlaneSa = { destination: '198.51.100.2', spi: 0xb };

describe('SAs that charon believes in', () => {
  it('are fine while the data plane has both directions', () => {
    const lost = new LostSas(0);
    for (const now of [0, 5000, 10_000]) expect(lost.compare(sas, [outbound, inbound], now)).toEqual([]);
  });

  it.each([
    ['the inbound one', [outbound]],
    ['the outbound one', [inbound]],
    ['both', []],
    ['the one of this destination', [inbound, { ...outbound, destination: '198.51.100.3' }]],
  ])('are renewed once %s is missing twice, and ended when that brings nothing', (_which, present) => {
    const lost = new LostSas(0);
    expect(lost.compare(sas, present, 0)).toEqual([]);
    expect(lost.waitMs(0)).toBe(500);
    expect(lost.compare(sas, present, 1000)).toEqual([
      { childId: 7, name: sas[0]?.childSas[0]?.name, remedy: 'rekey' },
    ]);
    expect(lost.waitMs(1000)).toBe(5000);
    expect(lost.compare(sas, present, 6000)).toEqual([]);
    expect(lost.waitMs(6000)).toBe(5000);
    expect(lost.compare(sas, present, 16_000)).toMatchObject([{ childId: 7, remedy: 'terminate' }]);
    expect(lost.compare(sas, present, 20_000)).toEqual([]);
  });

  it('are not judged by one look, nor while they change', () => {
    const lost = new LostSas(0);
    lost.compare(sas, [], 0);
    expect(lost.compare(sas, [inbound, outbound], 5000)).toEqual([]);
    expect(lost.compare(sas, [], 10_000)).toEqual([]);
    const changing = (['REKEYING', 'REKEYED', 'UPDATING', 'INSTALLING', 'DELETING'] as const).map((state) =>
      ikeSa({ childSas: [childSa({ state })] }),
    );
    const other = new LostSas(0);
    for (const now of [0, 5000]) expect(other.compare(changing, [], now)).toEqual([]);
  });
});

describe('the data plane is read', () => {
  const both = [inbound, outbound];

  it('once in 15 minutes while charon finds every SA', () => {
    const lost = new LostSas(1000);
    expect(lost.waitMs(1000)).toBe(900_000);
    lost.compare(sas, both, 901_000);
    expect(lost.waitMs(901_000)).toBe(900_000);
  });

  it('at once when charon does not find one, and not again for 5 seconds', () => {
    const lost = new LostSas(0);
    expect(lost.doubt()).toBe(true);
    expect(lost.doubt()).toBe(false);
    expect(lost.waitMs(2000)).toBeLessThanOrEqual(0);
    lost.compare(sas, both, 2000);
    expect(lost.waitMs(2000)).toBe(900_000);
    expect(lost.doubt()).toBe(true);
    expect(lost.waitMs(2000)).toBe(5000);
  });

  it('again after 5 seconds when that failed and there is reason to', () => {
    const lost = new LostSas(0);
    lost.doubt();
    lost.putOff(1000);
    expect(lost.waitMs(1000)).toBe(5000);
  });
});

it.each([
  ['5.9.8', 'querying SAD entry with SPI c4f1a2b3 failed: No such process (3)'],
  ['5.9.8, with a mark', 'querying SAD entry with SPI c4f1a2b3  (mark 1/0xffffffff) failed: No such process (3)'],
  ['6.0.1', 'querying SAD entry failed: No such process (3)'],
])('strongSwan %s says that an SA is missing', (_version, text) => {
  expect(saysSaIsMissing({ group: 'KNL', text })).toBe(true);
  // What a peer writes comes from others.
  expect(saysSaIsMissing({ group: 'IKE', text })).toBe(false);
});

it.each(['querying policy failed: No such process (3)', 'querying SAD entry with SPI c4f1a2b3'])(
  'nothing is missing because of "%s"',
  (text) => expect(saysSaIsMissing({ group: 'KNL', text })).toBe(false),
);
