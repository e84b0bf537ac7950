import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import {
  fullList,
  idOf,
  lenientInteger,
  list,
  maybe,
  object,
  oneOf,
  oneOfNumbers,
  text,
} from '../schema/request-schemas.ts';
import { anyOf, count, emptyList, nothing, time } from '../schema/response-schemas.ts';
import { ccnDescription } from './ccn-description.ts';

/** What enters a route table of a CCN, and what it announces (docs/spec/actions.md section 2.8). */

/** The service has the quotas; more than this is not even looked at. */
const most = { policies: 1000, conditions: 10, values: 1000 };

const conditionName = () => oneOf('instance-type', 'instance-id', 'instance-region', 'cidr-block');
const matchPattern = () => about(oneOfNumbers([0, 1]), '1: exactly; 0: of cidr-block, also ranges inside.');
const policyAction = () => oneOf('accept', 'drop');

export const conditionRequest = object({
  Name: about(conditionName(), 'What is compared.'),
  Values: about(fullList(text({ minLength: 1, maxLength: 60 }), most.values), 'Any of these.'),
  MatchPattern: matchPattern(),
});
const conditionList = () => list(conditionRequest, most.conditions);
const notOffered = (what: string) => about(text(), `${what}, which is not offered: only the empty text.`);
const policyRequest = {
  RouteConditions: about(conditionList(), 'On the route. All of them have to hold; none: it is about every route.'),
  Action: about(policyAction(), 'What happens to routes that it is about. The first policy that applies decides.'),
  OperateAsPath: maybe(notOffered('BGP')),
  AsPathOperateMode: maybe(notOffered('BGP')),
};
export const inputPolicyRequest = object({ ...policyRequest, Description: ccnDescription() });
export const broadcastPolicyRequest = object({
  ...policyRequest,
  Description: maybe(ccnDescription()),
  BroadcastConditions: about(conditionList(), 'On the instance that hears of the route; cidr-block is none of them.'),
  OperateCommunitySet: maybe(
    about(list(text(), most.values), 'Communities, which are not offered: only the empty list.'),
  ),
  CommunityOperateMode: maybe(notOffered('Communities')),
});

const condition = object({ Name: conditionName(), Values: anyOf(Type.String()), MatchPattern: matchPattern() });
const shownPolicy = {
  RouteConditions: anyOf(condition),
  Action: policyAction(),
  Description: Type.String(),
  OperateAsPath: about(Type.String(), 'Always empty: no BGP is spoken.'),
  AsPathOperateMode: about(Type.String(), 'Always empty: no BGP is spoken.'),
};
const inputPolicy = object(shownPolicy);
const broadcastPolicy = object({
  ...shownPolicy,
  BroadcastConditions: anyOf(condition),
  OperateCommunitySet: emptyList(),
  CommunityOperateMode: about(Type.String(), 'Always empty: no BGP is spoken.'),
});
/** Policies, and their conditions, as replies show them. */
export type WireCondition = Static<typeof condition>;
export type WireInputPolicy = Static<typeof inputPolicy>;
export type WireBroadcastPolicy = Static<typeof broadcastPolicy>;

const tableOfCcn = () => ({ CcnId: idOf('ccn'), RouteTableId: idOf('ccnrtb') });
const describeRequest = () =>
  object({
    ...tableOfCcn(),
    PolicyVersion: maybe(
      about(lenientInteger(0, Number.MAX_SAFE_INTEGER), 'A past version of the list; the one in force unless given.'),
    ),
  });
const versionShown = () => ({
  PolicyVersion: about(count(), 'Counts from 1; 0: the table never had a list.'),
  CreateTime: time(),
});
const inputList = object({ Policys: anyOf(inputPolicy), ...versionShown() });
const broadcastList = object({ Policys: anyOf(broadcastPolicy), ...versionShown() });
const oneVersion = () => about(count(), 'Always 1: one version of the list.');

export const ccnRoutePolicyActions = {
  ReplaceCcnRouteTableInputPolicys: changes({
    summary: {
      en: 'Says which routes enter a route table of a CCN: a new list in the place of the one in force.',
      zh: '替换云联网路由表的路由接收策略。',
    },
    request: object({
      ...tableOfCcn(),
      Policys: about(list(inputPolicyRequest, most.policies), 'The whole new list.'),
    }),
    response: nothing(),
    errors: [
      'not-found',
      'ccn-route-policies-too-many',
      'ccn-route-condition-values-too-many',
      'parameter-mismatch',
      'feature-not-built',
    ],
  }),
  DescribeCcnRouteTableInputPolicys: reads({
    summary: {
      en: 'Shows which routes enter a route table of a CCN.',
      zh: '查询云联网路由表的路由接收策略。',
    },
    request: describeRequest(),
    response: object({ PolicySet: anyOf(inputList), TotalCount: oneVersion() }),
    errors: ['not-found'],
  }),
  ReplaceCcnRouteTableBroadcastPolicys: changes({
    summary: {
      en: 'Says which routes a route table of a CCN announces, and to whom: a new list in the place of the one in force.',
      zh: '替换云联网路由表的路由传播策略。',
    },
    request: object({
      ...tableOfCcn(),
      Policys: about(list(broadcastPolicyRequest, most.policies), 'The whole new list.'),
    }),
    response: nothing(),
    errors: [
      'not-found',
      'ccn-route-policies-too-many',
      'ccn-route-condition-values-too-many',
      'parameter-mismatch',
      'community-not-offered',
      'feature-not-built',
    ],
  }),
  DescribeCcnRouteTableBroadcastPolicys: reads({
    summary: {
      en: 'Shows which routes a route table of a CCN announces, and to whom.',
      zh: '查询云联网路由表的路由传播策略。',
    },
    request: describeRequest(),
    response: object({ PolicySet: anyOf(broadcastList), TotalCount: oneVersion() }),
    errors: ['not-found'],
  }),
};
