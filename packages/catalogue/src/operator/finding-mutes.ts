import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { findingRegistry, type FindingName } from '../findings/finding-registry.ts';
import { about } from '../schema/about.ts';
import { idOf, maybe, object, oneOf, paging, text } from '../schema/request-schemas.ts';
import { instant, nothing, orNull, page } from '../schema/response-schemas.ts';

/** Findings that somebody knows of (service landbridge). */

const codes = Object.keys(findingRegistry) as [FindingName, ...FindingName[]];
const finding = { VpnConnectionId: idOf('vpnx'), Code: about(oneOf(...codes), 'As DescribeTunnelHealth tells it.') };
const mute = object({
  ...finding,
  Reason: Type.String(),
  MutedBy: about(Type.String(), 'The access key.'),
  Until: about(orNull(instant()), 'Null: acknowledged, until the finding is gone.'),
  Since: instant(),
});
export type WireFindingMute = Static<typeof mute>;

export const findingMuteActions = {
  MuteFinding: changes({
    summary: {
      en: 'Mutes a finding of a tunnel until an instant, or acknowledges it until it is gone: nobody is told of it meanwhile.',
      zh: '将通道的某个诊断结果静默至指定时间，或确认该结果直至其消失；期间不再通知。',
    },
    request: object({
      ...finding,
      Reason: about(text({ minLength: 1, maxLength: 200 }), 'For people.'),
      Until: maybe(
        about(text({ maxLength: 40 }), 'An instant such as `2026-11-22T20:00:00.000Z`; left out: until it is gone.'),
      ),
    }),
    response: nothing(),
    errors: ['not-found', 'mute-ends-before'],
  }),
  UnmuteFinding: changes({
    summary: { en: 'Tells of a finding again.', zh: '取消静默或确认。' },
    request: object(finding),
    response: nothing(),
    errors: ['not-found', 'finding-not-muted'],
  }),
  DescribeFindingMutes: reads({
    summary: { en: 'Lists findings that are muted or acknowledged.', zh: '查询已静默或已确认的诊断结果。' },
    request: object(paging()),
    response: page('FindingMuteSet', mute),
  }),
};
