import { ipFromBigInt, ipToBigInt, networkAddress, parseCidr, type IpAddress } from '@landbridge/net';

/** Where the product takes its default probe addresses from (spec/semantics.md section 7). */
const probeRange = parseCidr('169.254.128.0/17');
const blockSize = 4n;
const blockCount = (1n << 15n) / blockSize;

export interface ProbeAddresses {
  readonly local: IpAddress;
  readonly remote: IpAddress;
}

/**
 * Neighbouring addresses (the two hosts of a /30) that nobody on the gateway uses, searched from a random block on, so
 * that two callers who ask at once seldom get the same pair. `random` is any non-negative integer.
 */
export function proposeProbeAddresses(taken: ReadonlySet<IpAddress>, random: number): ProbeAddresses | undefined {
  const first = ipToBigInt(networkAddress(probeRange));
  const start = BigInt(random) % blockCount;
  for (let step = 0n; step < blockCount; step++) {
    const block = first + ((start + step) % blockCount) * blockSize;
    const pair = { local: ipFromBigInt(4, block + 1n), remote: ipFromBigInt(4, block + 2n) };
    if (!taken.has(pair.local) && !taken.has(pair.remote)) return pair;
  }
  return undefined;
}
