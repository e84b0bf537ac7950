import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { espProposal, ikeProposal } from '../domain/vpn/proposal.ts';
import type { DhGroup, Encryption, Integrity } from '../domain/vpn/vpn-connection.ts';
import { compareProposals } from './compare-proposals.ts';
import { parseKeywords, parseProposals, proposalsInWords } from './transforms.ts';

const ours = parseKeywords('IKE', ['aes256-sha256-modp2048']);

function compare(theirs: string, own = ours, withGroups = true) {
  const received = parseProposals(theirs);
  if (received === null) throw new Error(`no proposals: ${theirs}`);
  return compareProposals(own, received, { withGroups });
}

describe('compareProposals', () => {
  it.each([
    ['AES_CBC_128/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048', 'encryption', 'AES-CBC-256', 'AES-CBC-128'],
    ['AES_CBC_256/HMAC_SHA2_512_256/PRF_HMAC_SHA2_512/MODP_2048', 'integrity', 'SHA-256', 'SHA-512'],
    ['AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_512/MODP_2048', 'prf', 'SHA-256', 'SHA-512'],
    ['AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_1024', 'group', '14 (MODP_2048)', '2 (MODP_1024)'],
    [
      'AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/ECP_256/CURVE_25519',
      'group',
      '14 (MODP_2048)',
      '19 (ECP_256), 31 (CURVE_25519)',
    ],
    // The integrity goes with the cipher.
    ['AES_GCM_16_256/PRF_HMAC_SHA2_256/MODP_2048', 'encryption', 'AES-CBC-256', 'AES-GCM-16-256'],
  ])('names the one field of %s', (theirs, type, own, other) => {
    expect(compare(`IKE:${theirs}`)).toEqual({ type, ours: own, theirs: other });
  });

  it('takes the nearest of several proposals, and all of them that are as near', () => {
    const far = 'IKE:3DES_CBC/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_1024';
    const near = (group: string) => `IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/${group}`;
    expect(compare([far, near('ECP_256'), near('ECP_384')].join(', '))).toEqual({
      ...{ type: 'group', ours: '14 (MODP_2048)', theirs: '19 (ECP_256), 20 (ECP_384)' },
    });
  });

  it('shows both lists where no single field would do, and nothing where one fits', () => {
    const far = 'IKE:3DES_CBC/HMAC_SHA1_96/PRF_HMAC_SHA1/MODP_2048';
    expect(compare(far)).toEqual({
      type: null,
      ours: 'AES-CBC-256 / SHA-256 / PRF SHA-256 / group 14 (MODP_2048)',
      theirs: '3DES-CBC / SHA1 / PRF SHA1 / group 14 (MODP_2048)',
    });
    expect(compare(`${far}, IKE:AES_CBC_256/HMAC_SHA2_256_128/PRF_HMAC_SHA2_256/MODP_2048`)).toBeNull();
  });

  it('compares the groups of ESP only where there is a key exchange', () => {
    const esp = parseKeywords('ESP', ['aes256gcm16-modp2048-esn-noesn']);
    expect(compare('ESP:AES_GCM_16_128/NO_EXT_SEQ', esp, false)).toMatchObject({ type: 'encryption' });
    expect(compare('ESP:AES_GCM_16_256/NO_EXT_SEQ', esp, false)).toBeNull();
    expect(compare('ESP:AES_GCM_16_256/NO_EXT_SEQ', esp)).toEqual({
      ...{ type: 'group', ours: '14 (MODP_2048)', theirs: 'none' },
    });
  });

  const encryption = fc.constantFrom<Exclude<Encryption, 'null'>>(
    'des',
    '3des',
    'aes128',
    'aes192',
    'aes256',
    'aes128gcm16',
    'aes192gcm16',
    'aes256gcm16',
  );
  const integrity = fc.constantFrom<Integrity>('md5', 'sha1', 'sha256', 'sha384', 'sha512');
  const group = fc.constantFrom<DhGroup>(1, 2, 5, 14, 15, 16, 19, 20, 21, 24);

  it('knows every algorithm that a tunnel can have: what differs in one is told, what is equal is not', () => {
    const options = fc.record({ encryption, integrity, dhGroup: group });
    fc.assert(
      fc.property(options, options, (one, other) => {
        const [own, theirs] = [one, other].map((ike) => parseKeywords('IKE', [ikeProposal({ ...rest, ...ike })]));
        if (own === undefined || theirs === undefined) throw new Error('two proposals');
        const isSame =
          one.encryption === other.encryption && one.integrity === other.integrity && one.dhGroup === other.dhGroup;
        expect(compareProposals(own, theirs, { withGroups: true }) === null).toBe(isSame);
      }),
    );
    fc.assert(
      fc.property(encryption, integrity, group, (cipher, hash, pfsGroup) => {
        const esp = { encryption: cipher, integrity: hash, pfsGroup, lifetimeSeconds: 1, lifetimeKilobytes: 1 };
        const list = parseKeywords('ESP', [espProposal(esp, 2)]);
        expect(proposalsInWords(list)).toMatch(/^\S+(?: \/ \S+)? \/ group \d+ \(\w+\)$/);
      }),
    );
  });
});

const rest = {
  version: 2,
  aggressive: false,
  lifetimeSeconds: 1,
  localIdentity: { kind: 'address', value: null },
  remoteIdentity: { kind: 'address', value: null },
} as const;
