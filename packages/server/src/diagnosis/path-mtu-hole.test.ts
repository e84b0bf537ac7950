import fc from 'fast-check';
import { expect, test } from 'vitest';
import { tunnelMtu } from '../domain/vpn/esp-overhead.ts';
import { findPathMtuHole } from './path-mtu-hole.ts';

test('a hole has both values, and what the path carries', () => {
  expect(findPathMtuHole({ verdict: 'hole', mtu: 1438, largest: 1380 }, 1500)).toEqual({
    ours: '1438 bytes',
    theirs: '1380 bytes pass',
    evidence: [
      'echo requests of 1438 bytes are not answered, those of 1380 bytes are, and nobody says that more is too large',
      'with ESP around it that is 1442 bytes of the path: pathMtu of the uplink is 1500',
    ],
  });
});

test.each(['unknown', 'passes', 'told', 'unanswered'] as const)('%s is none', (verdict) => {
  expect(findPathMtuHole({ verdict, mtu: 1438, largest: null }, 1500)).toBeNull();
});

/** Bytes of ESP that are the same for all inner packets of so many bytes. */
const paddedTo = (inner: number, block: number) => Math.ceil((inner + 2) / block) * block;

test('who does as the evidence says has an MTU that passes', () => {
  const ciphers = [
    { esp: { encryption: 'aes256gcm16', integrity: 'sha256' }, block: 4 },
    { esp: { encryption: 'aes128', integrity: 'sha512' }, block: 16 },
    { esp: { encryption: '3des', integrity: 'sha1' }, block: 8 },
  ] as const;
  fc.assert(
    fc.property(
      fc.constantFrom(...ciphers),
      fc.integer({ min: 1000, max: 9000 }),
      fc.nat(400),
      ({ esp, block }, pathMtu, less) => {
        const mtu = tunnelMtu(pathMtu, esp);
        const largest = mtu - 1 - less;
        const hole = findPathMtuHole({ verdict: 'hole', mtu, largest }, pathMtu);
        const carried = Number(/that is (\d+) bytes/.exec(hole?.evidence[1] ?? '')?.[1]);
        expect(paddedTo(tunnelMtu(carried, esp), block)).toBeLessThanOrEqual(paddedTo(largest, block));
      },
    ),
  );
});
