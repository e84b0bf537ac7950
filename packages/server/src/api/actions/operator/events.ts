import type { eventActions, WireEvent } from '@landbridge/catalogue/operator/events';
import type { RecordedEvent } from '../../../domain/operator/event.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { readInstant } from '../../wire/read-instant.ts';
import { wireInstant } from '../../wire/wire-values.ts';

const usualLimit = 20;

/** What happened to tunnels and gateways, and why (service landbridge). The newest first. */
export function eventHandlers({ events }: Services): Handlers<typeof eventActions> {
  return {
    DescribeEvents: async (caller, { ResourceId, Since, Until, Kinds, BeforeEventId, Offset, Limit }) => {
      const { total, events: found } = await events.list(caller, {
        resourceId: ResourceId,
        since: Since === undefined ? undefined : readInstant('Since', Since),
        until: Until === undefined ? undefined : readInstant('Until', Until),
        kinds: Kinds,
        beforeId: BeforeEventId,
        offset: Offset ?? 0,
        limit: Limit ?? usualLimit,
      });
      return { TotalCount: total, EventSet: found.map(wireEvent) };
    },
  };
}

/** Times have milliseconds, unlike the vendor's: what a failover took must be readable. */
function wireEvent({ id, resourceId, vpnGatewayId, kind, message, at, finding }: RecordedEvent): WireEvent {
  return {
    EventId: id,
    ResourceId: resourceId,
    VpnGatewayId: vpnGatewayId,
    Kind: kind,
    FindingCode: finding ?? '',
    Message: message,
    Time: wireInstant(at),
  };
}
