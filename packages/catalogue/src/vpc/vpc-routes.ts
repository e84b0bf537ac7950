import { Type } from 'typebox';
import { changes, reads, refuses } from '../action-definition.ts';
import type { ErrorReason } from '../errors/error-registry.ts';
import { about } from '../schema/about.ts';
import {
  dedicatedClusters,
  notOffered,
  filterList,
  fullList,
  idOf,
  integer,
  list,
  maybe,
  nameInBytes,
  object,
  oneOf,
  paging,
  text,
} from '../schema/request-schemas.ts';
import { anyOf, count, nothing, page } from '../schema/response-schemas.ts';
import { routeTable } from './route-tables.ts';
import { vpcRoute } from './vpc-route.ts';

/** Routes of VPC route tables (docs/spec/actions.md section 2.5). */

const gatewayType = () =>
  oneOf(
    'CVM',
    'VPN',
    'DIRECTCONNECT',
    'PEERCONNECTION',
    'HAVIP',
    'NAT',
    'NORMAL_CVM',
    'EIP',
    'LOCAL_GATEWAY',
    'INTRANAT',
    'USER_CCN',
    'GWLB_ENDPOINT',
    'CCN',
  );

const routeId = () => integer(0, Number.MAX_SAFE_INTEGER);
const reference = (purpose: string) => ({
  RouteId: maybe(about(routeId(), `The number of the route${purpose}.`)),
  RouteItemId: maybe(about(text(), `The id of the route, \`rti-…\`${purpose}; it counts when both are given.`)),
});

const ignored = 'As replies have it; not read.';
const echoed = () => ({
  RouteType: maybe(about(text(), ignored)),
  RouteTableId: maybe(about(text(), ignored)),
  DestinationIpv6CidrBlock: notOffered('string', { en: 'routes of IPv6', zh: 'IPv6 路由' }),
  PublishedToVbc: notOffered('boolean', {
    en: 'a route to a gateway that is published to a CCN',
    zh: '将网关路由发布到云联网',
  }),
  CreatedTime: maybe(about(text(), ignored)),
  CdcId: notOffered('string', dedicatedClusters),
});
const description = () => text({ maxLength: 255 });

export const newRoute = object({
  DestinationCidrBlock: about(text(), 'A range that does not lie inside the VPC; 0.0.0.0/0 is one.'),
  GatewayType: about(gatewayType(), 'VPN or DIRECTCONNECT; the others are not offered.'),
  GatewayId: about(text(), 'The next hop, `vpngw-…` or `dcg-…`, of the same VPC.'),
  ...reference(', for ReplaceRoutes'),
  RouteDescription: maybe(about(description(), 'Words about it.')),
  Enabled: maybe(about(Type.Boolean(), 'True unless given.')),
  ...echoed(),
});

export const namedRoute = object({
  DestinationCidrBlock: maybe(about(text(), ignored)),
  GatewayType: maybe(about(text(), ignored)),
  GatewayId: maybe(about(text(), ignored)),
  ...reference(''),
  RouteDescription: maybe(about(description(), ignored)),
  Enabled: maybe(about(Type.Boolean(), ignored)),
  ...echoed(),
});

const mostRoutes = 100;

export const routesToSwitch = object({
  RouteTableId: idOf('rtb'),
  RouteIds: maybe(
    about(list(routeId(), mostRoutes), 'Numbers of routes. Excludes `RouteItemIds`; one of the two is needed.'),
  ),
  RouteItemIds: maybe(about(list(text(), mostRoutes), 'Ids of routes, `rti-…`.')),
});

const routesToPublish = object({
  RouteTableId: idOf('rtb'),
  RouteItemIds: about(fullList(text(), mostRoutes), 'Ids of routes, `rti-…`.'),
});

/** What a route that shall lead somewhere is refused for. */
const routeErrors: readonly ErrorReason[] = [
  'not-found',
  'feature-not-built',
  'route-inside-vpc',
  'route-next-hop-not-found',
  'route-next-hop-of-other-vpc',
  'route-exists',
  'route-to-other-gateway-exists',
  'route-to-ccn-exists',
];
const publicationErrors: readonly ErrorReason[] = [
  'not-found',
  'route-of-system',
  'vpc-without-ccn',
  'route-not-publishable',
];

const routeList = {
  request: object({ Filters: filterList(), ...paging(100) }),
  response: page('RouteSet', vpcRoute),
  filters: {
    'vpc-id': 'the VPC',
    'gateway-id': 'the next hop',
    description: 'the description',
    'route-table-id': 'the route table',
    'dest-cidr': 'the beginning of the destination',
  },
};

export const vpcRouteActions = {
  CreateRoutes: changes({
    summary: { en: 'Adds routes to a route table, all or none.', zh: '向路由表添加路由策略，全部成功或全部失败。' },
    request: object({
      RouteTableId: idOf('rtb'),
      Routes: about(fullList(newRoute, mostRoutes), 'The new routes.'),
    }),
    response: object({
      TotalCount: about(count(), 'How many were added.'),
      RouteTableSet: about(anyOf(routeTable), 'The table, with the new routes only.'),
    }),
    errors: [...routeErrors, 'quota-reached'],
  }),
  DescribeRoutes: reads({
    summary: {
      en: 'Lists the routes of all route tables: those of users, then those that CCNs announce.',
      zh: '查询所有路由表中的路由策略：先列出自定义路由，再列出云联网发布的路由。',
    },
    ...routeList,
  }),
  DescribeRouteList: reads({
    summary: { en: 'The same as DescribeRoutes.', zh: '与 DescribeRoutes 相同。' },
    ...routeList,
  }),
  ReplaceRoutes: changes({
    summary: {
      en: 'Changes routes of a route table in place, all or none; their ids stay.',
      zh: '修改路由表中已有的路由策略，ID 保持不变，全部成功或全部失败。',
    },
    request: object({
      RouteTableId: idOf('rtb'),
      Routes: about(
        fullList(newRoute, mostRoutes),
        'What the routes shall be; `RouteId` or `RouteItemId` tells which one is meant.',
      ),
    }),
    response: object({
      OldRouteSet: about(anyOf(vpcRoute), 'What they were.'),
      NewRouteSet: about(anyOf(vpcRoute), 'What they are now.'),
    }),
    errors: routeErrors,
  }),
  DeleteRoutes: changes({
    summary: {
      en: 'Removes routes from a route table, all or none.',
      zh: '删除路由表中的路由策略，全部成功或全部失败。',
    },
    request: object({
      RouteTableId: idOf('rtb'),
      Routes: about(fullList(namedRoute, mostRoutes), 'Each by its `RouteId` or `RouteItemId`.'),
    }),
    response: object({ RouteSet: about(anyOf(vpcRoute), 'What was removed.') }),
    errors: ['not-found', 'route-of-system'],
  }),
  EnableRoutes: changes({
    summary: { en: 'Enables routes that were disabled.', zh: '启用已禁用的路由策略。' },
    request: routesToSwitch,
    response: nothing(),
    errors: [
      'parameters-exclude-each-other',
      'not-found',
      'route-of-system',
      'route-to-other-gateway-exists',
      'route-to-ccn-exists',
    ],
  }),
  DisableRoutes: changes({
    summary: { en: 'Disables routes: they stay, but lead nothing anywhere.', zh: '禁用路由策略：保留但不再生效。' },
    request: routesToSwitch,
    response: nothing(),
    errors: ['parameters-exclude-each-other', 'not-found', 'route-of-system'],
  }),
  NotifyRoutes: refuses({
    summary: {
      en: 'Would publish routes to the CCN of the VPC; always refused, as a VPC passes nothing on.',
      zh: '将路由策略发布到 VPC 所关联的云联网；VPC 不转发流量，因此始终拒绝。',
    },
    request: routesToPublish,
    response: nothing(),
    errors: publicationErrors,
  }),
  WithdrawNotifyRoutes: refuses({
    summary: {
      en: 'Would withdraw routes from the CCN of the VPC; always refused, as none is published.',
      zh: '从 VPC 所关联的云联网撤回路由策略；没有已发布的路由，因此始终拒绝。',
    },
    request: routesToPublish,
    response: nothing(),
    errors: publicationErrors,
  }),
  ResetRoutes: changes({
    summary: {
      en: 'Renames a route table and puts other routes in the place of all it has.',
      zh: '重命名路由表，并用新的路由策略替换其全部路由策略。',
    },
    request: object({
      RouteTableId: idOf('rtb'),
      RouteTableName: nameInBytes(),
      Routes: about(
        Type.Array(newRoute, { maxItems: mostRoutes, keepEmpty: true }),
        'All that the table shall have; an empty list for none.',
      ),
    }),
    response: nothing(),
    errors: [...routeErrors, 'quota-reached'],
  }),
};
