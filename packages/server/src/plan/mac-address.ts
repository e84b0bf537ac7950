import { createHash } from 'node:crypto';

/** A locally administered Ethernet address (IEEE 802, bit 1 of the first octet): always the same for the same name. */
export function stableMac(name: string): string {
  const digest = createHash('sha256').update(name).digest();
  return ['02', ...[...digest.subarray(0, 5)].map((byte) => byte.toString(16).padStart(2, '0'))].join(':');
}
