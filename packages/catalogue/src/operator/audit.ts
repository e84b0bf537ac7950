import { Type, type Static } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { lenientInteger, maybe, object, oneOf, text } from '../schema/request-schemas.ts';
import { anyOf, orNull } from '../schema/response-schemas.ts';

/** Who changed what (service landbridge). */

const fields = () => orNull(Type.Unsafe<Readonly<Record<string, unknown>>>({ type: 'object' }));

const auditEvent = object({
  EventId: about(Type.Integer(), 'Counts up.'),
  Time: about(Type.String(), 'Of several calls, of the first; `2026-11-22T12:00:00.000Z`.'),
  AccountName: about(Type.String(), 'Empty where nobody knows whose call it was.'),
  SecretId: about(Type.String(), 'The key that signed, or is said to have.'),
  ServiceName: Type.String(),
  ActionName: Type.String(),
  Region: Type.String(),
  RemoteAddress: about(Type.String(), 'The address that the connection came from.'),
  RequestIdOfCall: about(Type.String(), 'Of several calls, the first one’s.'),
  Resources: about(anyOf(Type.String()), 'Ids that the call named or changed.'),
  Code: about(Type.String(), 'Empty for success, or the error that was answered.'),
  Count: about(Type.Integer(), 'Refused calls that differ in nothing but their time are one event.'),
  Changes: about(
    anyOf(object({ Kind: Type.String(), Id: Type.String(), Before: fields(), After: fields() })),
    'What became of each object, without secrets. Before is null for a new one, After for one that is gone.',
  ),
  IsCut: about(Type.Boolean(), 'More was changed than is written down.'),
});
export type WireAuditEvent = Static<typeof auditEvent>;

const moment = (words: string) => maybe(about(text({ maxLength: 40 }), words));

export const auditActions = {
  DescribeAuditEvents: reads({
    summary: {
      en: 'Lists calls that changed something or were refused, the newest first.',
      zh: '查询变更操作及被拒绝的调用的审计记录，最新的在前。',
    },
    request: object({
      AccountName: maybe(
        about(text({ maxLength: 60 }), 'For administrators; left out: all accounts, and calls of nobody knows whom.'),
      ),
      SecretId: maybe(about(text({ maxLength: 64 }), 'Of calls with this key.')),
      ActionName: maybe(about(text({ maxLength: 80 }), 'Of this Action.')),
      ResourceId: maybe(about(text({ maxLength: 64 }), 'That named or changed this.')),
      RequestIdOfCall: maybe(about(text({ maxLength: 40 }), 'The RequestId that the call was answered with.')),
      Outcome: maybe(about(oneOf('succeeded', 'refused'), 'Left out: both.')),
      Since: moment('A time such as 2026-11-22T20:00:00.000Z.'),
      Until: moment('Before this time.'),
      BeforeEventId: maybe(
        about(lenientInteger(1, Number.MAX_SAFE_INTEGER), 'Only older ones: NextBeforeEventId of the page before.'),
      ),
      Limit: maybe(about(lenientInteger(1, 100), 'Events of a page; 20 when it is left out.')),
    }),
    response: object({
      AuditEventSet: about(anyOf(auditEvent), 'This page; it may be short, or empty, while there are older ones.'),
      NextBeforeEventId: about(orNull(Type.Integer()), 'Where to go on; null: nothing older is left.'),
    }),
    errors: ['administrator-only', 'not-found'],
  }),
};
