import type { NumberedEvents } from '../../domain/operator/event.ts';
import type { Clock } from '../../platform/clock.ts';
import { describeError } from '../../platform/describe-error.ts';
import type { Logger } from '../../platform/logger.ts';
import type { FindingNews } from './finding-news.ts';
import type { OwnEvents } from './own-events.ts';
import type { TunnelStates } from './tunnel-states.ts';

export interface WatchTunnelStatesOptions {
  readonly tunnelStates: TunnelStates;
  readonly findingNews: FindingNews;
  readonly ownEvents: OwnEvents;
  /** Writes them into the log. */
  readonly keep: (events: NumberedEvents) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Logger;
}

const tickMs = 1000;

/** Moves the states of tunnels on, second by second, and writes what changed, until the signal aborts. */
export async function watchTunnelStates(options: WatchTunnelStatesOptions, signal: AbortSignal): Promise<void> {
  const { tunnelStates, findingNews, ownEvents, keep, clock, logger } = options;
  while (!signal.aborted) {
    await clock.delay(tickMs, signal).catch(() => undefined);
    tunnelStates.tick();
    findingNews.tick();
    await ownEvents.write(keep).catch((error: unknown) => {
      logger.warn({ error: describeError(error) }, 'changes of states could not be written');
    });
  }
}
