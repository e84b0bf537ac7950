import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { filterList, fullList, idOf, maybe, nameInBytes, object, paging } from '../schema/request-schemas.ts';
import { anyOf, nothing, page, time } from '../schema/response-schemas.ts';
import { ccnDescription } from './ccn-description.ts';
import {
  ownerOfInstance,
  attachmentState,
  namedInstanceList,
  noAlias,
  shownInstanceId,
  shownInstanceType,
} from './ccn-instances.ts';

/** Route tables of CCNs, and which instance uses which (docs/spec/actions.md section 2.8). */

const ccnRouteTable = object({
  CcnId: idOf('ccn'),
  CcnRouteTableId: idOf('ccnrtb'),
  RouteTableName: Type.String(),
  RouteTableDescription: Type.String(),
  IsDefaultTable: about(Type.Boolean(), 'It came with the CCN and goes with it.'),
  CreateTime: time(),
});
/** A route table of a CCN as replies show it. */
export type WireCcnRouteTable = Static<typeof ccnRouteTable>;

const binding = object({
  CcnId: idOf('ccn'),
  InstanceType: shownInstanceType(),
  InstanceId: shownInstanceId(),
  InstanceBindTime: about(time(), 'Since when it is bound to this table. UTC, `YYYY-MM-DD HH:MM:SS`.'),
  RouteTableId: about(Type.String(), 'The route table of the CCN that it is bound to.'),
  InstanceName: Type.String(),
  InstanceRegion: Type.String(),
  InstanceUin: ownerOfInstance(),
  State: attachmentState(),
  ...noAlias(),
});
/** An instance with its route table, as replies show it. */
export type WireCcnBinding = Static<typeof binding>;

const mostTables = 100;
const newTable = object({ CcnId: idOf('ccn'), Name: nameInBytes(), Description: maybe(ccnDescription()) });
const changedTable = object({
  RouteTableId: idOf('ccnrtb'),
  Name: maybe(nameInBytes()),
  Description: maybe(ccnDescription()),
});
/** What clients take for "all" should be all: quotas keep it short. */
const describeRequest = () => object({ Filters: filterList(), ...paging(100) });

export const ccnRouteTableActions = {
  CreateCcnRouteTables: changes({
    summary: { en: 'Creates route tables of CCNs.', zh: '创建云联网路由表。' },
    request: object({ RouteTable: about(fullList(newTable, mostTables), 'All of them or none.') }),
    response: object({ CcnRouteTableSet: about(anyOf(ccnRouteTable), 'In the order of the request.') }),
    errors: ['not-found', 'ccn-route-table-quota-reached'],
  }),
  DescribeCcnRouteTables: reads({
    summary: { en: 'Lists the route tables of your CCNs.', zh: '查询云联网路由表列表。' },
    request: describeRequest(),
    response: page('CcnRouteTableSet', ccnRouteTable),
    filters: {
      'ccn-id': 'the CCN',
      'route-table-id': 'the id',
      'route-table-name': 'the name',
      'route-table-description': 'the description',
    },
  }),
  ModifyCcnRouteTables: changes({
    summary: { en: 'Changes names or descriptions of route tables of CCNs.', zh: '修改云联网路由表的名称或描述。' },
    request: object({
      RouteTableInfo: about(fullList(changedTable, mostTables), 'Name or Description of each. All of them or none.'),
    }),
    response: nothing(),
    errors: ['ccn-route-table-unknown', 'ccn-default-route-table-fixed'],
  }),
  DeleteCcnRouteTables: changes({
    summary: { en: 'Deletes route tables of CCNs that nothing uses.', zh: '删除未被使用的云联网路由表。' },
    request: object({ RouteTableId: about(fullList(idOf('ccnrtb'), mostTables), 'All of them or none.') }),
    response: nothing(),
    errors: ['not-found', 'ccn-default-route-table-stays', 'ccn-route-table-in-use'],
  }),
  AssociateInstancesToCcnRouteTable: changes({
    summary: {
      en: 'Binds attached instances of a CCN to one of its route tables.',
      zh: '将云联网的关联实例绑定到路由表。',
    },
    request: object({ CcnId: idOf('ccn'), RouteTableId: idOf('ccnrtb'), Instances: namedInstanceList() }),
    response: nothing(),
    errors: [
      'not-found',
      'ccn-route-table-unknown',
      'ccn-association-without-attachment',
      'ccn-request-not-accepted',
      'feature-not-built',
    ],
  }),
  DescribeRouteTableAssociatedInstances: reads({
    summary: {
      en: 'Lists which attached instance is bound to which route table of its CCN.',
      zh: '查询云联网关联实例与路由表的绑定关系。',
    },
    request: describeRequest(),
    response: page('InstanceBindSet', binding),
    filters: {
      'ccn-id': 'the CCN',
      'ccn-route-table-id': 'the route table',
      'instance-type': '`VPC`, `VPNGW` or `DIRECTCONNECT`',
      'instance-id': 'the instance',
    },
  }),
};
