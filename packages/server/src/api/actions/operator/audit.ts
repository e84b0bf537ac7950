import type { auditActions, WireAuditEvent } from '@landbridge/catalogue/operator/audit';
import type { RecordedAuditEvent } from '../../../domain/operator/audit-event.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { readInstant } from '../../wire/read-instant.ts';
import { wireInstant } from '../../wire/wire-values.ts';

const usualLimit = 20;

/** Who changed what (service landbridge). */
export function auditHandlers({ audit }: Services): Handlers<typeof auditActions> {
  return {
    DescribeAuditEvents: async (caller, asked) => {
      const { Since, Until } = asked;
      const { events, nextBeforeId, nameOf } = await audit.list(caller, asked.AccountName, {
        beforeId: asked.BeforeEventId,
        since: Since === undefined ? undefined : readInstant('Since', Since),
        until: Until === undefined ? undefined : readInstant('Until', Until),
        secretId: asked.SecretId,
        action: asked.ActionName,
        resourceId: asked.ResourceId,
        requestId: asked.RequestIdOfCall,
        outcome: asked.Outcome,
        limit: asked.Limit ?? usualLimit,
      });
      const set = events.map((event) => wireAuditEvent(event, nameOf(event.accountId)));
      return { AuditEventSet: set, NextBeforeEventId: nextBeforeId };
    },
  };
}

function wireAuditEvent(event: RecordedAuditEvent, accountName: string): WireAuditEvent {
  return {
    EventId: event.id,
    Time: wireInstant(event.at),
    AccountName: accountName,
    SecretId: event.secretId,
    ServiceName: event.service,
    ActionName: event.action,
    Region: event.region,
    RemoteAddress: event.remoteAddress,
    RequestIdOfCall: event.requestId,
    Resources: [...event.resources],
    Code: event.code,
    Count: event.count,
    Changes: event.changes.map(({ kind, id, before, after }) => ({ Kind: kind, Id: id, Before: before, After: after })),
    IsCut: event.isCut,
  };
}
