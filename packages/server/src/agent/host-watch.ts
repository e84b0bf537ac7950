import type { ObservedState } from '../domain/operator/observed-state.ts';
import { readHostFindings, type HostNeeds } from '../drivers/host-findings.ts';
import type { Kernel } from '../drivers/kernel.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { describeError } from '../platform/describe-error.ts';

export interface HostWatchOptions {
  readonly kernel: Kernel;
  readonly readNeeds: () => Promise<HostNeeds>;
  readonly observed: ObservedState;
  readonly clock: Clock;
  readonly logger: Logger;
}

const intervalMs = 15_000;

/** Looks again and again at what on the host keeps packets from passing, until the signal aborts. */
export async function watchHost(options: HostWatchOptions, signal: AbortSignal): Promise<void> {
  const { kernel, readNeeds, observed, clock, logger } = options;
  while (!signal.aborted) {
    try {
      observed.recordHostFindings(await readHostFindings(kernel, await readNeeds()));
    } catch (error) {
      logger.warn({ error: describeError(error) }, 'the host could not be looked at');
    }
    await clock.delay(intervalMs, signal).catch(() => undefined);
  }
}
