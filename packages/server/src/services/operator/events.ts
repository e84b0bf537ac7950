import type { NewEvent, RecordedEvent } from '../../domain/operator/event.ts';
import type { EventSelection } from '../../store/events.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type EventService = ReturnType<typeof eventService>;

/** Events that wait to be written; more are dropped, and the log tells. */
const mostWaiting = 1000;

export function eventService({ store, logger }: ServiceDependencies) {
  const waiting: NewEvent[] = [];
  let isWriting = false;

  const write = async () => {
    isWriting = true;
    try {
      while (waiting.length > 0) {
        const batch = waiting.splice(0);
        await store.transaction(async (transaction) => {
          for (const event of batch) await transaction.events.append(event);
        });
      }
    } catch (error) {
      logger.warn({ err: error }, 'events not written');
    } finally {
      isWriting = false;
    }
  };

  return {
    /** Never waits: what happened has happened. */
    record: (event: NewEvent): void => {
      if (waiting.length >= mostWaiting) {
        logger.warn({ event }, 'event dropped: too many wait to be written');
        return;
      }
      waiting.push(event);
      if (!isWriting) void write();
    },

    /** The caller's own, in every region. */
    list: (caller: Caller, selection: EventSelection): Promise<{ total: number; events: RecordedEvent[] }> =>
      store.transaction((transaction) => transaction.events.page(caller.accountId, selection)),
  };
}
