import type { Host } from './host.ts';
import { ping, type PingResult } from './ping.ts';
import { poll } from '@landbridge/testbed/poll';

/** Waits until requests from one host are answered by the other. */
export async function waitForReply(from: Host, to: Host, within = 30_000): Promise<void> {
  await poll(
    `${from.name} reaches ${to.name}`,
    () => ping(from, to.address),
    ({ received }) => received > 0,
    { within },
  );
}

/** Waits until none of five requests in a row is answered. */
export async function waitForSilence(from: Host, to: Host, within = 20_000): Promise<PingResult> {
  const read = (): Promise<PingResult> => ping(from, to.address, { count: 5 });
  return poll(`${from.name} no longer reaches ${to.name}`, read, ({ received }) => received === 0, { within });
}
