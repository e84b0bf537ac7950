import { floodWithDatagrams } from './datagram-flood.ts';
import type { PathUnderTest } from './path-under-test.ts';

/** One in a thousand may be missing: with everything on one machine, a receiver that is not scheduled in time loses some. */
const tolerated = 0.001;
const step = 1.25;
const lowestRate = 100;

/**
 * Packets a second of this size that arrive, found by going up from `startAt` in steps of a quarter until too many are
 * missing, or down until few enough are.
 */
export async function lossFreeRate(
  path: Pick<PathUnderTest, 'from' | 'to'>,
  packetBytes: number,
  startAt: number,
): Promise<number> {
  let best = 0;
  for (let rate = startAt; rate > lowestRate; rate = best > 0 ? rate * step : rate / step) {
    const { sentPerSecond, sent, arrived } = await floodWithDatagrams({
      ...{ from: path.from, to: path.to, seconds: 1, packetBytes, packetsPerSecond: rate },
    });
    const passes = sent - arrived <= sent * tolerated;
    // A sender that cannot go faster ends the search as well.
    if (passes && sentPerSecond > best) best = sentPerSecond;
    else if (best > 0) break;
  }
  return best;
}
