import { describe, expect, it } from 'vitest';
import { acceptsAes128 } from '../../testing/fake-peer-asking.ts';
import { mostEvidence, type Finding } from '../domain/diagnosis/finding.ts';
import { acceptedInWords, withPeerProposals } from './accepted-proposals.ts';

const finding: Finding = {
  ...{ code: 'ike-proposal-refused', object: 'vpnx-11111111', ours: 'ours', theirs: null, since: 1 },
  evidence: ['1', '2', '3', '4', '5'],
};

describe('what a peer accepts', () => {
  it('is what it chose, and what else of each kind', () => {
    expect(acceptedInWords(acceptsAes128)).toBe(
      'accepts: AES-CBC-128 / SHA-256 / PRF SHA-256 / group 19 (ECP_256); also AES-CBC-192, PRF SHA-512, group 20 (ECP_384)',
    );
  });

  it('names no integrity beside AES-GCM', () => {
    const suite = { encryption: 'aes128gcm16', integrity: null, prf: 'sha1', group: 5 } as const;
    const also = { encryption: [], integrity: [], prf: [], group: [] };
    expect(acceptedInWords({ ...acceptsAes128, suite, also })).toBe(
      'accepts: AES-GCM-16-128 / PRF SHA1 / group 5 (MODP_1536)',
    );
  });

  it('is not told where it did not tell', () => {
    for (const verdict of ['silent', 'unclear'] as const) {
      expect(acceptedInWords({ ...acceptsAes128, verdict, suite: null })).toBeNull();
    }
  });

  it('stands in the finding with when it was asked, within the bound of evidence', () => {
    const { theirs, evidence, accepts } = withPeerProposals(finding, acceptsAes128);
    expect(theirs).toMatch(/^accepts: /);
    expect(evidence).toHaveLength(mostEvidence);
    expect(evidence.at(-1)).toBe('asked at 2023-11-14T22:13:20.000Z: 7 IKE_SA_INIT messages, 1 accepted');
    expect(accepts).toMatchObject({ verdict: 'other', settable: acceptsAes128.settable });
  });
});
