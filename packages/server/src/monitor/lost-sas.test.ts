import { describe, expect, it } from 'vitest';
import type { DataPlaneSa } from '../drivers/data-plane-sa.ts';
import { LostSas } from './lost-sas.ts';
import { childSa, ikeSa } from '../../testing/sample-sas.ts';

const sas = [ikeSa({ childSas: [childSa({ uniqueId: 7, spiIn: 0xa, spiOut: 0xb })] })];
const inbound: DataPlaneSa = { destination: '203.0.113.1', spi: 0xa };
const outbound: DataPlaneSa = { destination: '198.51.100.2', spi: 0xb };

describe('SAs that charon believes in', () => {
  it('are fine while the data plane has both directions', () => {
    const lost = new LostSas();
    for (const now of [0, 5000, 10_000]) expect(lost.compare(sas, [outbound, inbound], now)).toEqual([]);
    expect(lost.hasSuspects).toBe(false);
  });

  it.each([
    ['the inbound one', [outbound]],
    ['the outbound one', [inbound]],
    ['both', []],
    ['the one of this destination', [inbound, { ...outbound, destination: '198.51.100.3' }]],
  ])('are renewed once %s is missing twice, and ended when that brings nothing', (_which, present) => {
    const lost = new LostSas();
    expect(lost.compare(sas, present, 0)).toEqual([]);
    expect(lost.hasSuspects).toBe(true);
    expect(lost.compare(sas, present, 1000)).toEqual([
      { childId: 7, name: sas[0]?.childSas[0]?.name, remedy: 'rekey' },
    ]);
    expect(lost.hasSuspects).toBe(false);
    expect(lost.compare(sas, present, 6000)).toEqual([]);
    expect(lost.compare(sas, present, 16_000)).toMatchObject([{ childId: 7, remedy: 'terminate' }]);
    expect(lost.compare(sas, present, 20_000)).toEqual([]);
  });

  it('are not judged by one look, nor while they change', () => {
    const lost = new LostSas();
    lost.compare(sas, [], 0);
    expect(lost.compare(sas, [inbound, outbound], 5000)).toEqual([]);
    expect(lost.compare(sas, [], 10_000)).toEqual([]);
    const changing = (['REKEYING', 'REKEYED', 'UPDATING', 'INSTALLING', 'DELETING'] as const).map((state) =>
      ikeSa({ childSas: [childSa({ state })] }),
    );
    const other = new LostSas();
    for (const now of [0, 5000]) expect(other.compare(changing, [], now)).toEqual([]);
  });
});
