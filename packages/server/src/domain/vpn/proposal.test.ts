import { expect, test } from 'vitest';
import { espProposal, ikeProposal } from './proposal.ts';
import { sampleConnection } from '../../../testing/sample-network.ts';

const { ike, esp } = sampleConnection(1);

test('an AEAD cipher names a PRF, another one an integrity', () => {
  expect(ikeProposal(ike)).toBe('aes256gcm16-prfsha256-ecp256');
  expect(ikeProposal({ ...ike, encryption: '3des', integrity: 'md5', dhGroup: 2 })).toBe('3des-md5-modp1024');
});

test('ESP leaves out what the cipher does not need and what PFS does not ask for', () => {
  expect(espProposal(esp, 2)).toBe('aes256gcm16-ecp256-esn-noesn');
  expect(espProposal({ ...esp, encryption: 'aes128', integrity: 'sha1', pfsGroup: null }, 1)).toBe('aes128-sha1');
  expect(espProposal({ ...esp, encryption: 'null', pfsGroup: 24 }, 1)).toBe('null-sha256-modp2048s256');
});
