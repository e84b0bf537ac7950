import { ipFromBigInt } from '@landbridge/net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { defaultIke } from '../../../domain/vpn/negotiation-defaults.ts';
import { patchIke } from '../../../domain/vpn/negotiation-patch.ts';
import type { DhGroup, EspOptions, Identity, IkeOptions } from '../../../domain/vpn/vpn-connection.ts';
import { readEsp, readIke, wireEsp, wireIke } from './negotiation-wire.ts';

const group = fc.constantFrom<DhGroup>(1, 2, 5, 14, 15, 16, 19, 20, 21, 24);
const address = fc.integer({ min: 0, max: 0xffff_ffff }).map((value) => ipFromBigInt(4, BigInt(value)));
const identity: fc.Arbitrary<Identity> = fc.oneof(
  fc.record({ kind: fc.constant('address' as const), value: address }),
  fc.record({ kind: fc.constant('fqdn' as const), value: fc.constantFrom('a.org', 'gw-1.example.com', '*.x') }),
);
const ciphers = ['3des', 'aes128', 'aes192', 'aes256', 'aes128gcm16', 'aes192gcm16', 'aes256gcm16'] as const;

const ikeOptions: fc.Arbitrary<IkeOptions> = fc
  .record({
    version: fc.constantFrom(1 as const, 2 as const),
    encryption: fc.constantFrom(...ciphers),
    integrity: fc.constantFrom('md5' as const, 'sha1' as const, 'sha256' as const, 'sha512' as const),
    dhGroup: group,
    aggressive: fc.boolean(),
    lifetimeSeconds: fc.integer({ min: 60, max: 604_800 }),
    localIdentity: identity,
    remoteIdentity: identity,
  })
  .filter(({ version, encryption }) => version === 2 || !encryption.includes('gcm'));

const espOptions: fc.Arbitrary<EspOptions> = fc.record({
  encryption: fc.constantFrom(...ciphers, 'null' as const),
  integrity: fc.constantFrom('md5' as const, 'sha1' as const, 'sha256' as const, 'sha384' as const, 'sha512' as const),
  pfsGroup: fc.option(group, { nil: null }),
  lifetimeSeconds: fc.integer({ min: 180, max: 604_800 }),
  lifetimeKilobytes: fc.integer({ min: 2560, max: 4_294_967_295 }),
});

type WireIke = Parameters<typeof readIke>[0];

describe('negotiation options on the wire', () => {
  it('come back as the IKE options they were', () => {
    fc.assert(
      fc.property(ikeOptions, ikeOptions, (options, before) => {
        const wire = wireIke(options, '203.0.113.16') as WireIke;
        expect(patchIke(before, readIke(wire, 'IKE'))).toEqual(options);
      }),
    );
  });

  it('come back as the IPsec options they were', () => {
    fc.assert(
      fc.property(espOptions, (options) => {
        expect(readEsp(wireEsp(options), 'IPSEC')).toEqual(options);
      }),
    );
  });

  it('leave everything else alone when they are left out', () => {
    fc.assert(
      fc.property(ikeOptions, (options) => {
        expect(patchIke(options, readIke({}, 'IKE'))).toEqual(options);
      }),
    );
  });

  it('keep an identity’s value only while its kind stays', () => {
    const named = patchIke(defaultIke('modern', 2), { remoteIdentity: { kind: 'fqdn', name: 'a.org' } });
    expect(patchIke(named, readIke({ RemoteIdentity: 'FQDN' }, 'IKE')).remoteIdentity.value).toBe('a.org');
    expect(patchIke(named, readIke({ RemoteIdentity: 'ADDRESS' }, 'IKE')).remoteIdentity.value).toBeNull();
  });
});
