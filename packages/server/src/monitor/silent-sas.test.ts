import type { IkeSa } from '@landbridge/vici';
import { describe, expect, it } from 'vitest';
import { childSa, ikeSa } from './sample-sas.ts';
import { SilentSas } from './silent-sas.ts';

/** An IKEv1 tunnel whose CHILD_SA has passed so many packets. */
function tunnel(packetsIn: number, packetsOut: number, more: Partial<IkeSa> = {}, uniqueId = 7): IkeSa[] {
  const { installed, ...rest } = childSa({ uniqueId });
  return [ikeSa({ version: 1, childSas: [{ ...rest, installed: { ...installed!, packetsIn, packetsOut } }], ...more })];
}

/** What is found at each look, one a second. */
function look(silent: SilentSas, looks: readonly IkeSa[][], from = 0): number[][] {
  return looks.map((ikeSas, second) => silent.findSilent(ikeSas, (from + second) * 1000));
}

const sends = (count: number, from = 0, more: Partial<IkeSa> = {}, uniqueId = 7) =>
  Array.from({ length: count }, (_, n) => tunnel(uniqueId === 7 ? 100 : 0, from + 10 * n, more, uniqueId));

describe('SilentSas', () => {
  it('finds a CHILD_SA that sends for five seconds and hears nothing, once', () => {
    expect(look(new SilentSas(), sends(20))).toEqual(Array.from({ length: 20 }, (_, n) => (n === 6 ? [7] : [])));
  });

  it('does not find one that hears something, or has nothing to send, or speaks IKEv2', () => {
    const both = Array.from({ length: 20 }, (_, n) => tunnel(n, 10 * n));
    const idle = Array.from({ length: 20 }, () => tunnel(100, 100));
    for (const looks of [both, idle, sends(20, 0, { version: 2 })]) {
      expect(look(new SilentSas(), looks).flat()).toEqual([]);
    }
  });

  it('finds it again with another IKE_SA, and after something came back', () => {
    const silent = new SilentSas();
    expect(look(silent, sends(10)).flat()).toEqual([7]);
    expect(look(silent, sends(10, 0, {}, 8), 10).flat()).toEqual([]);
    const other = { initiatorSpi: '3'.repeat(16) };
    expect(look(silent, sends(10, 100, other, 8), 20).flat()).toEqual([8]);
    expect(look(silent, sends(10, 300, other, 9), 30).flat()).toEqual([]);
    silent.findSilent(tunnel(1, 600, other, 9), 40_000);
    const after = Array.from({ length: 10 }, (_, n) => tunnel(1, 700 + n, other, 9));
    expect(look(silent, after, 41).flat()).toEqual([9]);
  });
});
