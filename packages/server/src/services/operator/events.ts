import type {
  EventSelection,
  NewEvent,
  NumberedEvents,
  OwnedEvent,
  RecordedEvent,
} from '../../domain/operator/event.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type EventService = ReturnType<typeof eventService>;

export function eventService({ read, logs }: ServiceDependencies) {
  return {
    /** Each once, however often it comes: what the series has kept is known by number. Rejects where they cannot be written. */
    keep: async ({ series, events }: NumberedEvents): Promise<void> => {
      const owned = await read((rows) =>
        events.map(({ number, event }) => ({ number, event: withOwner(event, rows) })),
      );
      await logs.events.append(series, owned);
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
