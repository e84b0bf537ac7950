import { Type } from 'typebox';
import { changes } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { idOf, integer, maybe, object, text } from '../schema/request-schemas.ts';
import { count } from '../schema/response-schemas.ts';

/** Drills of failovers (service landbridge). */
export const failoverDrillActions = {
  DrillFailover: changes({
    summary: {
      en: 'Drills a failover: takes the routes of a working tunnel out for some seconds while another one serves, pings what is behind it 50 times a second meanwhile, and says what was lost. The routes come back by themselves, and at once when nothing serves in their place.',
      zh: '演练故障切换：将正常通道的路由撤下数秒，由备用通道承载，其间每秒 ping 对端 50 次并统计丢包。路由会自动恢复；若备用通道失效则立即恢复。',
    },
    request: object({
      VpnConnectionId: about(
        idOf('vpnx'),
        'The tunnel whose routes are taken out: one that is used, beside another one.',
      ),
      SourceSubnetId: about(
        idOf('subnet'),
        'Where a host of this service stands meanwhile, at an address that nobody has.',
      ),
      DestinationAddress: about(text({ maxLength: 15 }), 'An IPv4 address behind the tunnel that answers pings.'),
      Seconds: maybe(about(integer(3, 20), 'How long the routes are out; 10 unless given.')),
    }),
    response: object({
      SourceAddress: about(Type.String(), 'Of the host that sent.'),
      DestinationAddress: Type.String(),
      Sent: about(count(), 'Pings, from before the first switch until after the second one.'),
      Lost: about(count(), 'Of them.'),
      LongestLossMs: about(count(), 'The longest time without an answer, to 20 ms; 0 where every ping was answered.'),
      EndedEarly: about(
        Type.Boolean(),
        'The routes came back before their time: nothing served in their place any more, or the tunnel itself failed.',
      ),
    }),
    errors: [
      'not-found',
      'address-at-no-place',
      'drill-other-way',
      'drill-not-used',
      'drill-no-standby',
      'drill-unanswered',
      'proofs-away',
      'proof-not-there',
      'proof-no-free-address',
      'proof-under-way',
      'proofs-of-host',
      'proofs-of-account',
      'proof-failed',
    ],
  }),
};
