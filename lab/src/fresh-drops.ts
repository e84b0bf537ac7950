import { Namespace } from '@landbridge/testbed/namespace';
import { poll } from '@landbridge/testbed/poll';
import type { Cloud } from './cloud.ts';

/** What is counted goes up to the API within a second. */
const toldMs = 1500;

/**
 * Packets of a tunnel, or of the gateway, that were dropped until now, by reason: what the API tells may be half a minute old, unless
 * somebody changes something in the gateway's namespace, which then is looked at, counters and all.
 */
export async function freshDrops(
  cloud: Cloud,
  gatewayId: string,
  resourceId = gatewayId,
): Promise<Readonly<Record<string, number>>> {
  const namespace = new Namespace(`lb-${gatewayId}`);
  await namespace.ip('rule add priority 7 lookup 77');
  const strangers = async () =>
    (await namespace.ipJson('rule', 'show')).filter(({ priority }) => priority === 7).length;
  await poll('the gateway was looked at', strangers, (count) => count === 0, { within: 5000 });
  let drops = await cloud.droppedPackets(resourceId);
  let since = performance.now();
  const rest = async () => {
    const now = await cloud.droppedPackets(resourceId);
    if (JSON.stringify(now) !== JSON.stringify(drops)) [drops, since] = [now, performance.now()];
    return performance.now() - since;
  };
  await poll('what it counts is told', rest, (ms) => ms >= toldMs, { within: 10_000, every: 100 });
  return drops;
}
