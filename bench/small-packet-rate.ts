import { lossFreeRate } from './loss-free-rate.ts';
import type { PathUnderTest } from './path-under-test.ts';

/** The IPv4 header included. */
const smallBytes = 64;

/**
 * Packets a second of 64 bytes that arrive.
 * @param before what was found on the same path, where the search goes on.
 */
export function smallPacketRate(path: Pick<PathUnderTest, 'from' | 'to'>, before: number | undefined): Promise<number> {
  return lossFreeRate(path, smallBytes, (before ?? 12_500) * 0.8);
}
