import { expect, it } from 'vitest';
import type { SaKeys } from '../drivers/sa-keys.ts';
import { espSaTable } from './esp-sa-table.ts';

const named = { source: '192.0.2.1', destination: '192.0.2.2', spi: 'c1234567', ifId: 1 };
const none = { aead: null, cipher: null, integrity: null };
const rendered = (algorithms: Partial<SaKeys>) => espSaTable([{ ...named, ...none, ...algorithms }]);

it('an SA is a line in the words that Wireshark has', () => {
  const gcm = (icvBits: number) => rendered({ aead: { name: 'rfc4106(gcm(aes))', key: 'ab01', icvBits } });
  expect(gcm(128)).toBe(
    '"IPv4","192.0.2.1","192.0.2.2","0xc1234567","AES-GCM with 16 octet ICV [RFC4106]","0xab01","NULL",""\n',
  );
  expect(gcm(64)).toContain('"AES-GCM with 8 octet ICV [RFC4106]"');
  const cipher = { name: 'cbc(aes)', key: 'cd', icvBits: 0 };
  expect(rendered({ cipher, integrity: { name: 'hmac(sha256)', key: 'ef', icvBits: 128 } })).toBe(
    '"IPv4","192.0.2.1","192.0.2.2","0xc1234567","AES-CBC [RFC3602]","0xcd","HMAC-SHA-256-128 [RFC4868]","0xef"\n',
  );
  expect(espSaTable([])).toBe('');
});

it('what Wireshark has no word for is a comment: a table with a line that it does not take is none', () => {
  const chacha = { name: 'rfc7539esp(chacha20,poly1305)', key: 'aa', icvBits: 128 };
  expect(rendered({ aead: chacha })).toMatch(/^# "IPv4",.*"rfc7539esp\(chacha20,poly1305\)","0xaa"/);
  const cipher = { name: 'cbc(aes)', key: 'cd', icvBits: 0 };
  expect(rendered({ cipher, integrity: { name: 'hmac(sha256)', key: 'ef', icvBits: 96 } })).toMatch(/^# /);
});
