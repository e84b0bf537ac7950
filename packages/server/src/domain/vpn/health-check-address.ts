import { cidrContains, ipFromBigInt, ipToBigInt, networkAddress, parseCidr, type IpAddress } from '@landbridge/net';

/** Where the product takes its default probe addresses from (docs/spec/semantics.md section 7). */
const probeRange = parseCidr('169.254.128.0/17');
const blockSize = 4n;
const blockCount = (1n << 15n) / blockSize;

/** As in `HealthCheckLocalIp`. */
export type ProbeSide = 'Local' | 'Remote';

const allowed = ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', '100.64.0.0/10', '169.254.0.0/16'].map(parseCidr);
/** Next hops between our namespaces (docs/adr/0002). */
const reserved = parseCidr('169.254.0.0/24');

/** True for a private address that is not ours; neither multicast nor broadcast nor loopback is private. */
export function isProbeAddress(address: IpAddress): boolean {
  return allowed.some((range) => cidrContains(range, address)) && !cidrContains(reserved, address);
}

export interface ProbeAddresses {
  readonly local: IpAddress;
  readonly remote: IpAddress;
}

/**
 * Neighbouring addresses (the two hosts of a /30) that nobody on the gateway uses, searched from a random block on, so
 * that two callers who ask at once seldom get the same pair. `random` is any non-negative integer.
 */
export function proposeProbeAddresses(
  isTaken: (address: IpAddress) => boolean,
  random: number,
): ProbeAddresses | undefined {
  const first = ipToBigInt(networkAddress(probeRange));
  const start = BigInt(random) % blockCount;
  for (let step = 0n; step < blockCount; step++) {
    const block = first + ((start + step) % blockCount) * blockSize;
    const pair = { local: ipFromBigInt(4, block + 1n), remote: ipFromBigInt(4, block + 2n) };
    if (!isTaken(pair.local) && !isTaken(pair.remote)) return pair;
  }
  return undefined;
}
