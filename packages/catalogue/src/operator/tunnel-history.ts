import { Type, type Static } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { idOfAny, maybe, object, oneOfNumbers, text } from '../schema/request-schemas.ts';
import { anyOf, count, instant, orNull } from '../schema/response-schemas.ts';

/** What passed a tunnel or a gateway in the last seven days (service landbridge). */

const ratio = () => orNull(Type.Number({ minimum: 0, maximum: 1 }));

const point = object({
  Time: about(instant(), 'When the step began.'),
  CountedMs: about(count(), 'For how much of it what passed was counted; 0: nothing is known of it.'),
  InBytes: about(count(), 'What came out of the tunnel, without what ESP adds.'),
  InPackets: count(),
  OutBytes: about(count(), 'What went into the tunnel, without what ESP adds.'),
  OutPackets: count(),
  ProbeLossRatio: about(ratio(), 'Of the probes of the minute before; null without a health check.'),
  ProbeDelayMs: about(orNull(Type.Number({ minimum: 0 })), 'Mean time to the answer; null without answers.'),
  ConnectedRatio: about(
    ratio(),
    'For how much of the time that it was watched it had its CHILD_SAs; of a gateway the mean of its tunnels. Null: it was not.',
  ),
});
/** A point as replies show it. */
export type WireHistoryPoint = Static<typeof point>;

export const tunnelHistoryActions = {
  DescribeTunnelHistory: reads({
    summary: {
      en: 'Shows what passed a tunnel, or all tunnels of a gateway, over time, and how their probes and SAs were.',
      zh: '查询一个通道或一个网关全部通道的历史流量、探测结果与连接状态。',
    },
    request: object({
      ResourceId: idOfAny(['vpngw', 'vpnx'], 'The id of a tunnel or of a gateway, of any region.'),
      From: maybe(
        about(
          text({ maxLength: 40 }),
          'Steps from then on, such as `2026-11-22T20:00:00.000Z`; one hour before `To` unless given.',
        ),
      ),
      To: maybe(about(text({ maxLength: 40 }), 'Steps that begin before then; now unless given.')),
      Step: maybe(
        about(
          oneOfNumbers([10, 60, 300]),
          'Seconds; 10 are kept for 3 hours, 60 for a day, 300 for 7 days. 60 unless given.',
        ),
      ),
    }),
    response: object({
      ResourceId: Type.String(),
      Step: Type.Integer(),
      From: instant(),
      To: instant(),
      PointSet: about(anyOf(point), 'The oldest first; steps of which nothing is known are left out.'),
    }),
    errors: ['not-found', 'history-away', 'history-busy'],
  }),
};
