import {
  toldKinds,
  type EventSelection,
  type NewEvent,
  type NumberedEvents,
  type OwnedEvent,
  type RecordedEvent,
} from '../../domain/operator/event.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export type EventService = ReturnType<typeof eventService>;

export function eventService({ read, logs, webhooks }: ServiceDependencies) {
  return {
    /** Each once, however often it comes: what the series has kept is known by number. Rejects where they cannot be written. */
    keep: async ({ series, events }: NumberedEvents): Promise<void> => {
      const owned = await read((rows) =>
        events.map(({ number, event }) => ({ number, event: withOwner(event, rows) })),
      );
      await logs.events.append(series, owned);
      const told = owned.flatMap(({ event }) =>
        event !== undefined && toldKinds.includes(event.kind) ? event.accountId : [],
      );
      for (const accountId of new Set(told)) webhooks.poke(accountId);
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
