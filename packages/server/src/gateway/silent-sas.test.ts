import type { IkeSa } from '@landbridge/vici';
import { describe, expect, it } from 'vitest';
import { childSa, ikeSa, watched } from '../../testing/sample-sas.ts';
import { SilentSas } from './silent-sas.ts';

const ikeV1 = { ...watched, plan: { ...watched.plan, version: 1 as const } };
const renewed = { initiatorSpi: '3'.repeat(16) };

interface Look {
  readonly packetsIn?: number;
  readonly packetsOut?: number;
  readonly uniqueId?: number;
  readonly more?: Partial<IkeSa>;
}

function tunnel({ packetsIn = 100, packetsOut = 100, uniqueId = 7, more = {} }: Look): IkeSa[] {
  const { installed, ...rest } = childSa({ uniqueId });
  const passed = { ...installed!, packetsIn, packetsOut };
  return [ikeSa({ version: 1, childSas: [{ ...rest, installed: passed }], ...more })];
}

/** Looks once a second from `from` on, while ten packets a second go out and none comes in; the seconds of what is found. */
function send(silent: SilentSas, from: number, seconds: number, look: Look = {}, connection = ikeV1): number[] {
  return Array.from({ length: seconds }, (_, n) => from + n).filter((second) => {
    const found = silent.findSilent([connection], tunnel({ packetsOut: 1000 + 10 * second, ...look }), second * 1000);
    return found.length > 0;
  });
}

describe('SilentSas', () => {
  it('finds a CHILD_SA that hears nothing since an IKE_SA came, and tells when, once', () => {
    const silent = new SilentSas();
    silent.findSilent([ikeV1], tunnel({}), 0);
    silent.findSilent([ikeV1], tunnel({ packetsOut: 1000, more: renewed }), 1000);
    expect(silent.nextDue).toBe(3000);
    expect(send(silent, 2, 100, { more: renewed })).toEqual([3]);
    expect(silent.nextDue).toBeUndefined();
  });

  it('finds it again when something came back meanwhile, not just because it is another one', () => {
    const silent = new SilentSas();
    send(silent, 0, 1);
    expect(send(silent, 1, 10, { more: renewed })).toEqual([3]);
    expect(send(silent, 11, 10, { more: renewed, packetsIn: 0, uniqueId: 8 })).toEqual([]);
    silent.findSilent([ikeV1], tunnel({ more: renewed, packetsIn: 1, uniqueId: 8 }), 21_000);
    silent.findSilent([ikeV1], tunnel({ more: renewed, packetsIn: 2, uniqueId: 8 }), 21_500);
    const other = { more: { initiatorSpi: '4'.repeat(16) }, packetsIn: 2, uniqueId: 8 };
    expect(send(silent, 22, 10, other)).toEqual([24]);
  });

  it('takes what came in between two looks for what came before the change', () => {
    const silent = new SilentSas();
    silent.findSilent([ikeV1], tunnel({}), 0);
    silent.findSilent([ikeV1], tunnel({ packetsIn: 150, packetsOut: 150, more: renewed }), 5000);
    expect(send(silent, 6, 60, { packetsIn: 150, more: renewed })).toEqual([8]);
  });

  it('leaves a line that is broken to dead peer detection', () => {
    expect(send(new SilentSas(), 0, 49)).toEqual([]);
    expect(send(new SilentSas(), 0, 200)).toEqual([51]);
    const withoutDpd = { ...ikeV1, plan: { ...ikeV1.plan, dpdDelaySeconds: 0 } };
    expect(send(new SilentSas(), 0, 200, {}, withoutDpd)).toEqual([]);
  });

  it('does not find one that hears something, or has nothing to send, or speaks IKEv2', () => {
    const silent = new SilentSas();
    for (let second = 0; second < 200; second++) {
      const look = { packetsIn: second, packetsOut: 10 * second, ...(second > 9 && { more: renewed }) };
      expect(silent.findSilent([ikeV1], tunnel(look), second * 1000)).toEqual([]);
    }
    expect(send(new SilentSas(), 0, 200, { packetsOut: 5 })).toEqual([]);
    expect(send(new SilentSas(), 0, 200, {}, { ...watched, plan: { ...watched.plan, version: 2 } } as never)).toEqual(
      [],
    );
  });
});
