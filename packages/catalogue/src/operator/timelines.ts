import { Type, type Static } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { fullList, lenientInteger, maybe, object, oneOf, text } from '../schema/request-schemas.ts';
import { anyOf, orNull } from '../schema/response-schemas.ts';
import { wireFinding } from './tunnel-health.ts';

/** What happened to a resource (service landbridge). */

const kind = () => oneOf('ike', 'sa', 'state', 'finding', 'event', 'probes', 'plan', 'condition', 'audit');

const line = object({
  LineId: about(Type.String(), 'Another one for each line.'),
  Time: Type.String({
    pattern: '^[+-]?\\d{4,6}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\d\\.\\d{3}Z$',
    description: 'UTC, `YYYY-MM-DDTHH:MM:SS.mmmZ`, as the clock said then.',
  }),
  ResourceId: about(Type.String(), 'The resource that was asked for, or one of its tunnels.'),
  Kind: about(
    kind(),
    'ike: a line of the IKE daemon’s log; sa: an IKE_SA or CHILD_SA came, went or was renewed; state: the state of the tunnel is another one; ' +
      'finding: something is wrong, or no more; event: as DescribeEvents tells it; probes: the health check; ' +
      'plan: what the network was told; condition: of the host; audit: a call.',
  ),
  Text: about(Type.String(), 'For people; may be several lines.'),
  State: about(Type.String(), 'Of a line of kind state: that state, in one word. Empty otherwise.'),
  Finding: about(orNull(wireFinding), 'Of a line of kind finding.'),
  IsFirst: about(
    Type.Boolean(),
    'Of a line of kind state: the first since the agent started. What was found before does not count any more.',
  ),
  IsOver: about(Type.Boolean(), 'Of a line of kind finding: it is none any more.'),
});
export type WireTimelineLine = Static<typeof line>;

const moment = (words: string) => maybe(about(text({ maxLength: 40 }), words));

export const timelineActions = {
  DescribeTimeline: reads({
    summary: {
      en: 'Tells what happened to a resource: handshakes, SAs, states, findings, events, probes, applied plans, and calls about it.',
      zh: '查询资源的时间线：协商过程、SA、状态、诊断结果、事件、探测、已应用的规划及相关调用。',
    },
    request: object({
      ResourceId: about(
        Type.Unsafe<string>({
          type: 'string',
          pattern: '^host$|^(?:vpnx|vpngw|vpc|ccn|dcg)-[0-9a-z]{8}$',
          means: {
            en: 'the id of a tunnel, VPN gateway, VPC, CCN or Direct Connect gateway is expected, or host',
            zh: '应为通道、VPN 网关、VPC、云联网或专线网关的 ID，或 host',
          },
        }),
        'A tunnel, a VPN gateway with its tunnels, a VPC, a CCN or a Direct Connect gateway of yours; for administrators those of every account, and `host`. One that is gone is told of as well, to the account whose call made, changed or deleted it, for as long as its audit events are kept.',
      ),
      From: moment('Only lines from then on, such as `2026-11-22T20:00:00.000Z`.'),
      To: moment('Only lines before then.'),
      Kinds: maybe(about(fullList(kind(), 10), 'Only these kinds; all unless given.')),
      Order: maybe(
        about(
          oneOf('newest-first', 'oldest-first'),
          '`newest-first` unless given; with `oldest-first` only the newest calls are among the lines, some hundreds.',
        ),
      ),
      PaginationToken: maybe(about(text({ maxLength: 200 }), 'Goes on after the page that answered this token.')),
      Limit: maybe(about(lenientInteger(1, 500), 'Lines of a page; 100 unless given.')),
    }),
    response: object({
      LineSet: about(anyOf(line), 'This page; it may be short, or empty, while there are more.'),
      PaginationToken: about(
        Type.String(),
        'Where to go on; with `oldest-first` a later call tells what came since then, at the end too.',
      ),
      IsLast: about(Type.Boolean(), 'There are no more now.'),
    }),
    errors: ['not-found', 'timeline-not-there', 'malformed-value', 'pagination-token-malformed'],
  }),
};
