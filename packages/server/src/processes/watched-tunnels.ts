import { describeFinding } from '../api/wire/finding-wire.ts';
import type { ToldFinding } from '../domain/diagnosis/finding.ts';
import type { NumberedEvents } from '../domain/operator/event.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ObservedState } from '../domain/operator/observed-state.ts';
import type { DraftRows } from '../image/draft.ts';
import type { Rows } from '../image/rows.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import type { Logger } from '../platform/logger.ts';
import type { IssuedPlans } from '../planning/issued-plans.ts';
import { FindingNews } from '../services/operator/finding-news.ts';
import { knownFindings } from '../services/operator/known-findings.ts';
import { OwnEvents } from '../services/operator/own-events.ts';
import { TunnelStates, type TunnelLook } from '../services/operator/tunnel-states.ts';
import { watchTunnelStates } from '../services/operator/watch-tunnel-states.ts';

export interface WatchedTunnelsOptions {
  readonly rows: Rows;
  readonly observed: ObservedState;
  /** What was told before the last stop. */
  readonly told: readonly ToldFinding[];
  readonly plans: Pick<IssuedPlans, 'toldByRows'>;
  /** Hears how a tunnel is, whenever something of it was seen; null: it is gone. */
  readonly onLook: (id: VpnConnectionId, look: TunnelLook | null) => void;
  /** Commits. */
  readonly decide: (decision: (rows: DraftRows) => void) => Promise<unknown>;
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
export function watchedTunnels(options: WatchedTunnelsOptions): WatchedTunnels {
  const { rows, observed, told, onLook, plans, decide, series, clock, logger } = options;
  const ownEvents = new OwnEvents(series, logger);
  const { record } = ownEvents;
  const findingNews = new FindingNews({
    ...{ record, clock, describe: describeFinding },
    told: told.filter(({ resourceId }) => rows.vpnConnections.get(resourceId) !== undefined),
    acknowledged: rows.findingMutes
      .all()
      .filter(({ until }) => until === null)
      .map(({ vpnConnectionId, code }) => ({ resourceId: vpnConnectionId, code })),
    muteOf: (id, code) => rows.findingMutes.get(id, code),
    endMute: ({ resourceId, code }) => {
      decide(({ findingMutes }) => {
        if (findingMutes.get(resourceId, code)?.until === null) findingMutes.remove(resourceId, code);
      }).catch((error: unknown) => {
        logger.warn({ connection: resourceId, code, error: describeError(error) }, 'an acknowledgement stays');
      });
    },
  });
  const states = new TunnelStates({
    ...{ observed, clock, logger, record },
    onLook: (id, look) => {
      findingNews.note(id, look);
      onLook(id, look);
    },
    connectionOf: (id) => rows.vpnConnections.get(id),
    findingsOf: knownFindings({ toldByRows: (id) => plans.toldByRows(id), clock }),
  });
  return {
    states,
    run: (keep, signal) =>
      watchTunnelStates({ tunnelStates: states, findingNews, ownEvents, keep, clock, logger }, signal),
  };
}
