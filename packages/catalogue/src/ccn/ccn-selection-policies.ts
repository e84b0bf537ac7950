import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { filterList, idOf, list, maybe, object, paging, text } from '../schema/request-schemas.ts';
import { nothing, page, range } from '../schema/response-schemas.ts';
import { ccnDescription } from './ccn-description.ts';
import { instanceId, instanceType, ownerOfInstance, shownInstanceId, shownInstanceType } from './ccn-instances.ts';

/** Which route table packets of a CCN's instances use, by their source (docs/spec/actions.md section 2.8). */

const policyRequest = object({
  InstanceType: instanceType(),
  InstanceId: instanceId(),
  SourceCidrBlock: about(text(), 'The sources of the packets that it is about.'),
  RouteTableId: about(idOf('ccnrtb'), 'The route table that they use, not the default one.'),
  Description: maybe(ccnDescription()),
});
/** The service has the quota; more than this is not even looked at. */
const mostPolicies = 1000;

const policy = object({
  CcnId: idOf('ccn'),
  RouteTableId: idOf('ccnrtb'),
  RouteTableName: Type.String(),
  InstanceType: shownInstanceType(),
  InstanceName: Type.String(),
  SourceCidrBlock: range(),
  Description: Type.String(),
  InstanceId: shownInstanceId(),
  InstanceUin: ownerOfInstance(),
});
/** A selection policy as replies show it. */
export type WireCcnSelectionPolicy = Static<typeof policy>;

export const ccnSelectionPolicyActions = {
  ModifyRouteTableSelectionPolicies: changes({
    summary: {
      en: 'Puts a new list of selection policies in the place of the one of a CCN.',
      zh: '更新云联网的路由表选择策略（整体替换）。',
    },
    request: object({
      CcnId: idOf('ccn'),
      SelectionPolicies: about(list(policyRequest, mostPolicies), 'The whole new list.'),
    }),
    response: nothing(),
    errors: [
      'not-found',
      'ccn-selection-quota-reached',
      'ccn-selection-twice',
      'ccn-selection-without-attachment',
      'ccn-selection-of-default-table',
      'ccn-route-table-unknown',
      'ccn-request-not-accepted',
      'feature-not-built',
    ],
  }),
  DescribeRouteTableSelectionPolicies: reads({
    summary: { en: 'Lists the selection policies of your CCNs.', zh: '查询云联网的路由表选择策略。' },
    request: object({ Filters: filterList(), ...paging(100) }),
    response: page('RouteSelectionPolicySet', policy),
    filters: {
      'ccn-id': 'the CCN',
      'instance-type': '`VPC`, `VPNGW` or `DIRECTCONNECT`',
      'ccn-route-table-id': 'the route table',
      'instance-id': 'the instance',
      'route-table-name': 'the name of the route table',
    },
  }),
  ClearRouteTableSelectionPolicies: changes({
    summary: { en: 'Deletes all selection policies of a CCN.', zh: '清空云联网的路由表选择策略。' },
    request: object({ CcnId: idOf('ccn') }),
    response: nothing(),
    errors: ['not-found'],
  }),
};
