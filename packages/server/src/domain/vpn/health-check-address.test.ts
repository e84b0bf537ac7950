import { cidrContains, ipToBigInt, parseCidr, type IpAddress } from '@landbridge/net';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { proposeProbeAddresses } from './health-check-address.ts';

describe('proposeProbeAddresses', () => {
  it('never repeats itself while the taken addresses are known', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(), { maxLength: 50 }), (randoms) => {
        const taken = new Set<IpAddress>();
        for (const random of randoms) {
          const pair = proposeProbeAddresses((address) => taken.has(address), random)!;
          expect(ipToBigInt(pair.remote) - ipToBigInt(pair.local)).toBe(1n);
          expect(cidrContains(parseCidr('169.254.128.0/17'), pair.local)).toBe(true);
          expect(taken.has(pair.local) || taken.has(pair.remote)).toBe(false);
          taken.add(pair.local).add(pair.remote);
        }
      }),
    );
  });
});
