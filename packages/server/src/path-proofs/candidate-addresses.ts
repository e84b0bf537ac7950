import { addressCount, ipFromBigInt, ipToBigInt, networkAddress, type IpAddress } from '@landbridge/net';
import type { ProofPlace } from './proof-place.ts';

/**
 * Host addresses that nobody is known to have, one after the other from a random one on: that one and the same were taken each time would
 * be noticed by whoever gets it next.
 * @param random from 0 up to, and without, its argument
 */
export function candidateAddresses(
  { range, router }: Pick<ProofPlace, 'range' | 'router'>,
  taken: ReadonlySet<string>,
  most: number,
  random: (below: number) => number,
): IpAddress[] {
  const first = ipToBigInt(networkAddress(range)) + 1n;
  // Without the network's own address and that of all hosts.
  const hosts = Number(addressCount(range)) - 2;
  if (hosts < 1) return [];
  const start = random(hosts);
  const found: IpAddress[] = [];
  // Beyond that many there is none, or more are taken than there is time for.
  const steps = Math.min(hosts, taken.size + most + 1);
  for (let step = 0; step < steps && found.length < most; step++) {
    const address = ipFromBigInt(4, first + BigInt((start + step) % hosts));
    if (address !== router && !taken.has(address)) found.push(address);
  }
  return found;
}
