import type { eventActions, WireEvent } from '@landbridge/catalogue/operator/events';
import type { RecordedEvent } from '../../../domain/operator/event.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';

const usualLimit = 20;

/** What happened to tunnels and gateways, and why (service landbridge). The newest first. */
export function eventHandlers({ events }: Services): Handlers<typeof eventActions> {
  return {
    DescribeEvents: async (caller, { ResourceId, Since, Offset, Limit }) => {
      const { total, events: found } = await events.list(caller, {
        resourceId: ResourceId,
        since: Since === undefined ? undefined : readTime(Since),
        offset: Offset ?? 0,
        limit: Limit ?? usualLimit,
      });
      return { TotalCount: total, EventSet: found.map(wireEvent) };
    },
  };
}

/** ISO 8601 with a time zone; what Time of an event says can be given back. */
function readTime(since: string): number {
  const at = /^\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[+-]\d{2}:\d{2})$/.test(since) ? Date.parse(since) : Number.NaN;
  if (Number.isNaN(at)) {
    reject('malformed-value', { name: 'Since', rule: 'a time such as 2026-11-22T20:00:00.000Z is expected' });
  }
  return at;
}

/** Times have milliseconds, unlike the vendor's: what a failover took must be readable. */
function wireEvent({ id, resourceId, vpnGatewayId, kind, message, at }: RecordedEvent): WireEvent {
  return {
    EventId: id,
    ResourceId: resourceId,
    VpnGatewayId: vpnGatewayId,
    Kind: kind,
    Message: message,
    Time: new Date(at).toISOString(),
  };
}
