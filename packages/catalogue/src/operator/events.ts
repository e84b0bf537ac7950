import { Type, type Static } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import {
  fullList,
  idOf,
  idOfAny,
  lenientInteger,
  maybe,
  object,
  oneOf,
  paging,
  text,
} from '../schema/request-schemas.ts';
import { instant, page } from '../schema/response-schemas.ts';

/** What happened to tunnels and gateways, and why (service landbridge). */

const kind = () =>
  oneOf(
    'tunnel-up',
    'tunnel-down',
    'probe-answered',
    'state-changed',
    'probe-failed',
    'probe-recovered',
    'tunnel-withdrawn',
    'held-down',
    'tunnel-returned',
    'route-switched',
    'range-announced',
    'range-withdrawn',
    'finding-raised',
    'finding-cleared',
  );

const event = object({
  EventId: about(Type.Integer(), 'Counts up.'),
  ResourceId: idOfAny(['vpnx', 'vpngw'], 'The tunnel or the gateway that it happened to.'),
  VpnGatewayId: about(idOf('vpngw'), 'That gateway, or that of the tunnel.'),
  Kind: kind(),
  FindingCode: about(Type.String(), 'Of findings, as DescribeTunnelHealth tells it; empty otherwise.'),
  Message: about(Type.String(), 'For people.'),
  Time: instant(),
});
/** An event as replies show it. */
export type WireEvent = Static<typeof event>;

export const eventActions = {
  DescribeEvents: reads({
    summary: {
      en: 'Lists what happened to your tunnels and gateways in every region, and why, the newest first.',
      zh: '查询所有地域的通道与网关事件及其原因，按时间倒序排列。',
    },
    request: object({
      ResourceId: maybe(
        about(text({ maxLength: 40 }), 'Only those of this tunnel, or of this gateway and its tunnels.'),
      ),
      Since: maybe(about(text({ maxLength: 40 }), 'Only those from then on, such as `2026-11-22T20:00:00.000Z`.')),
      Until: maybe(about(text({ maxLength: 40 }), 'Only those before then.')),
      Kinds: maybe(about(fullList(kind(), 20), 'Only these kinds; all unless given.')),
      BeforeEventId: maybe(
        about(
          lenientInteger(1, Number.MAX_SAFE_INTEGER),
          'Only older ones than this, such as the last of the page before: what happens meanwhile moves no page.',
        ),
      ),
      ...paging(),
    }),
    response: page('EventSet', event),
  }),
};
