import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ViciEncodeError } from './errors.ts';
import { encodeIkeConnection } from './ike-connection.ts';
import type { ChildConfig, IkeConnection } from './ike-connection.ts';
import { viciMessage } from './message.ts';

const smallest: IkeConnection = {
  version: 2,
  localAddrs: ['192.0.2.1'],
  remoteAddrs: ['198.51.100.1'],
  local: { auth: 'psk' },
  remote: { auth: 'psk' },
  children: {},
};
const child: ChildConfig = { localTs: ['0.0.0.0/0'], remoteTs: ['0.0.0.0/0'] };

test('fields left out are not sent, so that charon applies its defaults', () => {
  expect(encodeIkeConnection('lb-1', { ...smallest, children: { net: child } })).toEqual(
    viciMessage({
      'lb-1': viciMessage({
        version: '2',
        local_addrs: ['192.0.2.1'],
        remote_addrs: ['198.51.100.1'],
        local: viciMessage({ auth: 'psk' }),
        remote: viciMessage({ auth: 'psk' }),
        children: viciMessage({ net: viciMessage({ local_ts: ['0.0.0.0/0'], remote_ts: ['0.0.0.0/0'] }) }),
      }),
    }),
  );
});

test('flags and zeros are sent, not dropped', () => {
  const message = encodeIkeConnection('lb-1', { ...smallest, mobike: false, dpdDelaySeconds: 0 });
  const connection = message.get('lb-1') as ReadonlyMap<string, unknown>;
  expect(connection.get('mobike')).toBe('no');
  expect(connection.get('dpd_delay')).toBe('0');
});

describe('values that charon would cut or misread are refused', () => {
  test.each<[string, Partial<IkeConnection>]>([
    ['negative time', { rekeyTimeSeconds: -1 }],
    ['fraction', { dpdDelaySeconds: 1.5 }],
    ['NaN', { keyingTries: NaN }],
    ['more than 32 bits', { reauthTimeSeconds: 2 ** 32 }],
    ['port', { remotePort: 65_536 }],
    ['identity not ASCII', { local: { auth: 'psk', id: 'café' } }],
    ['identity with a line break', { local: { auth: 'psk', id: 'a\nb' } }],
    ['identity of 512 bytes', { remote: { auth: 'psk', id: 'x'.repeat(512) } }],
    ['16 digits of bytes', { children: { net: { ...child, rekeyBytes: 1_000_000_000_000_000 } } }],
    ['16 digits of packets', { children: { net: { ...child, lifePackets: 1_000_000_000_000_000 } } }],
    ['interface id of 33 bits', { children: { net: { ...child, ifIdIn: 2 ** 32 } } }],
  ])('%s', (_, fields) => {
    expect(() => encodeIkeConnection('lb-1', { ...smallest, ...fields })).toThrow(ViciEncodeError);
  });

  test.each(['up', 'local-host', 'remote-port'])('the name %s, which charon’s events use themselves', (name) => {
    expect(() => encodeIkeConnection(name, smallest)).toThrow(ViciEncodeError);
  });
});

test('every count survives as its decimal text', () => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 999_999_999_999_999 }), (rekeyBytes) => {
      const message = encodeIkeConnection('c', { ...smallest, children: { net: { ...child, rekeyBytes } } });
      const section = ['c', 'children', 'net'].reduce<unknown>(
        (inner, key) => (inner as ReadonlyMap<string, unknown>).get(key),
        message,
      );
      expect((section as ReadonlyMap<string, unknown>).get('rekey_bytes')).toMatch(/^\d{1,15}$/);
    }),
  );
});
