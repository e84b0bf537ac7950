import type { HostCapacity } from '../domain/operator/host-capacity.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import { readHostFindings, type HostNeeds } from '../drivers/host-findings.ts';
import type { Kernel } from '../drivers/kernel.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { describeError } from '../platform/describe-error.ts';

export interface HostWatchOptions {
  readonly kernel: Kernel;
  readonly readNeeds: () => Promise<HostNeeds>;
  readonly readCapacity: () => Promise<HostCapacity>;
  readonly observed: ObservedState;
  readonly clock: Clock;
  readonly logger: Logger;
}

const intervalMs = 15_000;

/** Looks again and again at what on the host keeps packets from passing, and at how much it carries, until the signal aborts. */
export async function watchHost(options: HostWatchOptions, signal: AbortSignal): Promise<void> {
  const { kernel, readNeeds, readCapacity, observed, clock, logger } = options;
  const looks = [
    async () => observed.recordHostFindings(await readHostFindings(kernel, await readNeeds())),
    async () => observed.recordCapacity(await readCapacity()),
  ];
  while (!signal.aborted) {
    for (const look of looks) {
      await look().catch((error: unknown) => {
        logger.warn({ error: describeError(error) }, 'the host could not be looked at');
      });
    }
    await clock.delay(intervalMs, signal).catch(() => undefined);
  }
}
