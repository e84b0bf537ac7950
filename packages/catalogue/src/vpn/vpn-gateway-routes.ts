import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import {
  filterList,
  fullList,
  idOf,
  maybe,
  object,
  oneOf,
  oneOfNumbers,
  paging,
  text,
} from '../schema/request-schemas.ts';
import { anyOf, nothing, page, time } from '../schema/response-schemas.ts';

/** Route tables of VPN gateways (docs/spec/actions.md section 1.4). */

const status = () => oneOf('ENABLE', 'DISABLE');
const description = () => maybe(about(text({ maxLength: 255 }), 'For people; at most 255 characters.'));
const ignored = () => maybe(about(text(), 'Not read: what replies show may be sent back.'));
const mostRoutes = 100;

export const newVpnGatewayRoute = object({
  DestinationCidrBlock: about(text(), 'A range without host bits; into a tunnel, none inside the VPC of the gateway.'),
  InstanceType: about(oneOf('VPNCONN', 'CCN'), 'What the next hop is: a tunnel, or the CCN of the gateway.'),
  InstanceId: about(text(), 'The next hop: `vpnx-…`, a tunnel without policies, or `ccn-…`.'),
  Priority: about(oneOfNumbers([0, 100]), '0 comes first; 100 stands by.'),
  Status: about(status(), 'Whether it is in force.'),
  RouteId: ignored(),
  Type: ignored(),
  CreateTime: ignored(),
  UpdateTime: ignored(),
  Description: description(),
});

const vpnGatewayRoute = object({
  DestinationCidrBlock: Type.String(),
  InstanceType: about(oneOf('VPNCONN', 'CCN', 'VPC'), 'What the next hop is.'),
  InstanceId: about(Type.String(), 'The next hop: `vpnx-…`, `ccn-…` or `vpc-…`.'),
  Priority: about(oneOfNumbers([0, 100]), '0 comes first; 100 stands by.'),
  Status: status(),
  RouteId: idOf('vpnr'),
  Type: about(
    oneOf('Static', 'VPC', 'CCN'),
    'Made by a user, there for the VPC of the gateway, or announced by its CCN.',
  ),
  CreateTime: time(),
  UpdateTime: time(),
  Description: Type.String(),
});
/** An entry of the route table as replies show it. */
export type WireVpnGatewayRoute = Static<typeof vpnGatewayRoute>;

const routes = () => anyOf(vpnGatewayRoute);

export const vpnGatewayRouteActions = {
  CreateVpnGatewayRoutes: changes({
    summary: {
      en: 'Adds routes to the route table of a VPN gateway: all or none.',
      zh: '在 VPN 网关路由表中添加路由，全部成功或全部失败。',
    },
    completes: 'later',
    request: object({
      VpnGatewayId: idOf('vpngw'),
      Routes: about(fullList(newVpnGatewayRoute, mostRoutes), 'The new routes.'),
    }),
    response: object({ Routes: about(routes(), 'The new routes, in the same order.') }),
    errors: [
      'not-found',
      'ccn-not-attached',
      'gateway-route-quota-reached',
      'gateway-route-exists',
      'gateway-route-both-ways',
      'gateway-route-into-policies',
      'gateway-route-inside-vpc',
    ],
  }),
  DescribeVpnGatewayRoutes: reads({
    summary: {
      en: 'Lists the route table of a VPN gateway, with what it knows by itself and from its CCN.',
      zh: '查询 VPN 网关路由表，包括其自有路由和从云联网学习的路由。',
    },
    request: object({ VpnGatewayId: idOf('vpngw'), Filters: filterList(), ...paging() }),
    response: page('Routes', vpnGatewayRoute),
    filters: {
      DestinationCidr: 'the destination',
      InstanceId: 'the id of the next hop',
      InstanceType: '`VPNCONN`, `CCN` or `VPC`, in capitals or not',
    },
    errors: ['not-found'],
  }),
  ModifyVpnGatewayRoutes: changes({
    summary: {
      en: 'Enables or disables routes of a VPN gateway, or changes their descriptions.',
      zh: '启用、禁用 VPN 网关的路由，或修改其描述。',
    },
    completes: 'later',
    request: object({
      VpnGatewayId: idOf('vpngw'),
      Routes: about(
        fullList(
          object({
            RouteId: about(text(), 'Which: `vpnr-…`.'),
            Status: maybe(about(status(), 'Whether it is in force from now on.')),
            Description: description(),
          }),
          mostRoutes,
        ),
        'What changes. What is left out stays as it is.',
      ),
    }),
    response: object({ Routes: about(routes(), 'As they are now, in the same order.') }),
    errors: ['not-found', 'gateway-route-into-policies', 'gateway-route-inside-vpc'],
  }),
  DeleteVpnGatewayRoutes: changes({
    summary: { en: 'Deletes routes of a VPN gateway: all or none.', zh: '删除 VPN 网关的路由，全部成功或全部失败。' },
    completes: 'later',
    request: object({
      VpnGatewayId: idOf('vpngw'),
      RouteIds: about(fullList(text(), 1000), 'Which: `vpnr-…` each.'),
    }),
    response: nothing(),
    errors: ['not-found'],
  }),
};
