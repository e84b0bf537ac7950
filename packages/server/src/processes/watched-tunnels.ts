import { describeFinding } from '../api/wire/finding-wire.ts';
import type { ToldFinding } from '../domain/diagnosis/finding.ts';
import type { NumberedEvents } from '../domain/operator/event.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { Image } from '../image/image.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import { FindingNews } from '../services/operator/finding-news.ts';
import { KnownFindings } from '../services/operator/known-findings.ts';
import { OwnEvents } from '../services/operator/own-events.ts';
import { TunnelStates } from '../services/operator/tunnel-states.ts';
import { watchTunnelStates } from '../services/operator/watch-tunnel-states.ts';

export interface WatchedTunnelsOptions {
  readonly image: Image;
  readonly observed: ObservedState;
  /** What was told before the last stop. */
  readonly told: readonly ToldFinding[];
  /** Names the life of this process. */
  readonly series: string;
  readonly clock: Clock;
  readonly logger: Logger;
}

export interface WatchedTunnels {
  readonly states: TunnelStates;
  /** @param keep writes events into the log. */
  run(keep: (events: NumberedEvents) => Promise<void>, signal: AbortSignal): Promise<void>;
}

/** What tunnels are and what is wrong with them, and the events of both. */
export function watchedTunnels({
  image,
  observed,
  told,
  series,
  clock,
  logger,
}: WatchedTunnelsOptions): WatchedTunnels {
  const { rows } = image;
  const ownEvents = new OwnEvents(series);
  const { record } = ownEvents;
  const muteOf = (id: string, code: string) => rows.findingMutes.get(id, code);
  const findingNews = new FindingNews({ told, record, muteOf, describe: describeFinding, clock });
  const states = new TunnelStates({
    ...{ observed, clock, record, onFindings: findingNews.note },
    connectionOf: (id) => rows.vpnConnections.get(id),
    findingsOf: new KnownFindings({ rows, generation: () => image.generation, clock }).of,
  });
  return {
    states,
    run: (keep, signal) =>
      watchTunnelStates({ tunnelStates: states, findingNews, ownEvents, keep, clock, logger }, signal),
  };
}
