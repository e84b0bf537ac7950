import type { EventSelection, NewEvent, OwnedEvent, RecordedEvent } from '../../domain/operator/event.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type EventService = ReturnType<typeof eventService>;

/** Events that wait to be written; more are dropped, and the log tells. */
const mostWaiting = 1000;

export function eventService({ read, logs, logger }: ServiceDependencies) {
  const waiting: NewEvent[] = [];
  let isWriting = false;
  let writing = Promise.resolve();

  const write = async () => {
    isWriting = true;
    try {
      while (waiting.length > 0) {
        const batch = waiting.splice(0);
        const owned = await read((rows) => batch.map((event) => withOwner(event, rows)));
        await logs.events.append(owned.filter((event) => event !== undefined));
      }
    } catch (error) {
      logger.warn({ err: error }, 'events not written');
    } finally {
      isWriting = false;
    }
  };

  return {
    /** Once everything that was recorded until now is written, or dropped. */
    written: (): Promise<void> => writing,

    /** Never waits: what happened has happened. */
    record: (event: NewEvent): void => {
      if (waiting.length >= mostWaiting) {
        logger.warn({ event }, 'event dropped: too many wait to be written');
        return;
      }
      waiting.push(event);
      if (!isWriting) writing = write();
    },

    /** The caller's own, in every region. */
    list: (caller: Caller, selection: EventSelection): Promise<{ total: number; events: RecordedEvent[] }> =>
      logs.events.page(caller.accountId, selection),
  };
}

/** Undefined for an event of what does not exist any more. */
function withOwner(event: NewEvent, rows: Rows): OwnedEvent | undefined {
  const gateway = rows.vpnGateways.get(event.resourceId);
  if (gateway !== undefined) return { ...event, accountId: gateway.accountId, vpnGatewayId: gateway.id };
  const tunnel = rows.vpnConnections.get(event.resourceId);
  return tunnel && { ...event, accountId: tunnel.accountId, vpnGatewayId: tunnel.vpnGatewayId };
}
