import { expect, test } from 'vitest';
import { tunnelMtu } from './esp-overhead.ts';
import type { Encryption, Integrity } from './vpn-connection.ts';

/** Outer size of an inner packet, built field by field: IPv4, UDP, ESP header, IV, padded payload with trailer, ICV. */
function outerBytes(inner: number, iv: number, block: number, icv: number): number {
  const padded = Math.ceil((inner + 2) / block) * block;
  return 20 + 8 + 8 + iv + padded + icv;
}

const cases: readonly [Encryption, Integrity, number, number, number][] = [
  ['aes256gcm16', 'sha256', 8, 4, 16],
  ['aes128', 'sha1', 16, 16, 12],
  ['aes256', 'sha256', 16, 16, 16],
  ['aes256', 'sha512', 16, 16, 32],
  ['3des', 'md5', 8, 8, 12],
  ['null', 'sha256', 0, 4, 16],
];

test.each(cases)('%s with %s fills the path exactly', (encryption, integrity, iv, block, icv) => {
  for (let path = 576; path <= 9000; path += 7) {
    const mtu = tunnelMtu(path, { encryption, integrity });
    expect(outerBytes(mtu, iv, block, icv)).toBeLessThanOrEqual(path);
    expect(outerBytes(mtu + 1, iv, block, icv)).toBeGreaterThan(path);
  }
});

test('AES-GCM on Ethernet', () => {
  expect(tunnelMtu(1500, { encryption: 'aes256gcm16', integrity: 'sha256' })).toBe(1438);
});
