import { PacketStream } from '../lab/src/packet-stream.ts';
import type { FiveVpc } from '../lab/src/scenarios/5-vpc.ts';
import { waitForPath, waitUntilHealthy } from '../lab/src/scenarios/two-devices.ts';
import type { World } from '../lab/src/world.ts';

/** The first peer of a pair falls silent: the longest time between two arrivals at the IDC, milliseconds. Then all is as before. */
export async function measurePairOutage(world: World, built: FiveVpc): Promise<number> {
  await using stream = await PacketStream.start({
    ...{ from: built.vpc1.hostA, to: built.pair.host, packetsPerSecond: 1000 },
  });
  await built.pair.first.drop(['in', 'out']);
  await waitForPath(built, [2]);
  await stream.waitForMore(200);
  const { longestGapMs } = await stream.stop();
  await built.pair.first.dropNothing();
  await waitUntilHealthy(world, built);
  await waitForPath(built, [1]);
  return longestGapMs;
}
