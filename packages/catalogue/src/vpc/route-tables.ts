import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { filterList, idList, idOf, maybe, nameInBytes, object, paging, tagList } from '../schema/request-schemas.ts';
import { anyOf, emptyList, nothing, page, tags, time } from '../schema/response-schemas.ts';
import { tagErrors } from '../tag/tag-errors.ts';
import { vpcRoute } from './vpc-route.ts';

/** Route tables (docs/spec/actions.md section 2.4). */

export const routeTable = object({
  VpcId: idOf('vpc'),
  RouteTableId: idOf('rtb'),
  RouteTableName: Type.String(),
  AssociationSet: about(
    anyOf(object({ SubnetId: idOf('subnet'), RouteTableId: idOf('rtb') })),
    'The subnets that are bound to it.',
  ),
  RouteSet: about(anyOf(vpcRoute), 'Its own routes, then what the CCN of the VPC announces.'),
  Main: about(Type.Boolean(), 'Whether it is the default one of its VPC.'),
  CreatedTime: time(),
  TagSet: tags(),
  LocalCidrForCcn: emptyList(),
});
/** A route table as replies show it. */
export type WireRouteTable = Static<typeof routeTable>;

export const routeTableActions = {
  CreateRouteTable: changes({
    summary: { en: 'Creates a route table in a VPC.', zh: '在 VPC 中创建自定义路由表。' },
    request: object({ VpcId: idOf('vpc'), RouteTableName: nameInBytes(), Tags: tagList() }),
    response: object({ RouteTable: routeTable }),
    errors: ['not-found', 'quota-reached', ...tagErrors],
  }),
  DescribeRouteTables: reads({
    summary: {
      en: 'Lists route tables with their routes, by ids or by filters.',
      zh: '按 ID 或过滤条件查询路由表及其路由策略。',
    },
    request: object({
      Filters: filterList(),
      RouteTableIds: idList('rtb'),
      ...paging(),
      NeedRouterInfo: maybe(about(Type.Boolean(), 'False: `RouteSet` stays empty. True unless given.')),
    }),
    response: page('RouteTableSet', routeTable),
    filters: {
      'route-table-id': 'the id',
      'route-table-name': 'the name',
      'vpc-id': 'the VPC',
      'association.main': '`true` for default tables, `false` for others',
      visible: '`true`: all are',
      'next-hop-type':
        'the types of its next hops, `LOCAL` for any table; only beside the filters route-table-id and vpc-id',
      'tag-key': 'the keys of its tags',
      'tag:KEY': 'the value of its tag with this key',
    },
    errors: ['filter-incomplete'],
  }),
  ModifyRouteTableAttribute: changes({
    summary: { en: 'Renames a route table.', zh: '修改路由表的名称。' },
    request: object({ RouteTableId: idOf('rtb'), RouteTableName: nameInBytes() }),
    response: nothing(),
    errors: ['not-found'],
  }),
  DeleteRouteTable: changes({
    summary: {
      en: 'Deletes a route table that no subnet is bound to, with its routes; never the default one.',
      zh: '删除没有关联子网的自定义路由表及其路由策略；默认路由表不能删除。',
    },
    request: object({ RouteTableId: idOf('rtb') }),
    response: nothing(),
    errors: ['not-found', 'route-table-is-default', 'route-table-in-use'],
  }),
  ReplaceRouteTableAssociation: changes({
    summary: {
      en: 'Binds a subnet to another route table of its VPC.',
      zh: '将子网改为关联同一 VPC 的另一张路由表。',
    },
    request: object({ RouteTableId: idOf('rtb'), SubnetId: idOf('subnet') }),
    response: nothing(),
    errors: ['not-found', 'route-table-of-other-vpc'],
  }),
};
