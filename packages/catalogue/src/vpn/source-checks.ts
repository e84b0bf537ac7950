import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { filterList, idOf, object, oneOf, paging } from '../schema/request-schemas.ts';
import { count, nothing, page } from '../schema/response-schemas.ts';

/** Sources of packets: whether they are checked, and what the check has dropped (service landbridge, docs/adr/0019). */

const dropReason = oneOf(
  'OUTSIDE_VPC',
  'OTHERS_SOURCE',
  'NETWORK_SOURCE',
  'UNROUTED_SOURCE',
  'OUTSIDE_MAPPINGS',
  'UNMAPPED',
  'OUTSIDE_RANGES',
  'IPV6',
);
export type WireDropReason = Static<typeof dropReason>;

const droppedPackets = object({
  ResourceId: about(
    Type.String(),
    'Where they came in: a tunnel, a VPC or a Direct Connect gateway; of `UNMAPPED`: the tunnel that they were for.',
  ),
  VpnGatewayId: about(Type.String(), 'The VPN gateway of the tunnel; empty elsewhere.'),
  Reason: dropReason,
  Message: about(Type.String(), 'The reason, for people.'),
  Packets: about(count(), 'Since the packet filter of the resource was first made; at most half a minute old.'),
  Bytes: count(),
});
/** What was dropped at one place for one reason as replies show it. */
export type WireDroppedPackets = Static<typeof droppedPackets>;

export const sourceCheckActions = {
  ModifyVpnGatewaySourceCheck: changes({
    summary: {
      en: 'Sets whether the sources of what comes out of tunnels with destination routing are checked against the route table.',
      zh: '设置是否按路由表检查目的路由通道来包的源地址。',
    },
    completes: 'later',
    request: object({
      VpnGatewayId: idOf('vpngw'),
      SourceCheck: about(Type.Boolean(), 'True for a new gateway. A site with asymmetric routes may need it off.'),
    }),
    response: nothing(),
    errors: ['not-found'],
  }),
  DescribeDroppedPackets: reads({
    summary: {
      en: 'Lists what was dropped where it came in because of its source, in every region.',
      zh: '查询所有地域中因源地址不合法而在入口处被丢弃的报文。',
    },
    request: object({ Filters: filterList(), ...paging() }),
    response: page('DroppedPacketSet', droppedPackets),
    filters: {
      'resource-id': '`ResourceId`',
      'vpn-gateway-id': '`VpnGatewayId`',
      reason: '`Reason`',
    },
  }),
};
