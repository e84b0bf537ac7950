import type { Static } from 'typebox';
import type { CcnRoutePolicyList } from '../../../domain/ccn/ccn-route-policy.ts';
import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import {
  broadcastPolicyList,
  inputPolicyList,
  readPolicy,
  wireBroadcastPolicy,
  wireInputPolicy,
} from './ccn-route-policy-wire.ts';
import { idOf, lenientInteger, maybe, object } from '@landbridge/catalogue/schema/request-schemas';
import { wireTime } from '../../wire/wire-values.ts';

/** What enters a route table of a CCN, and what it announces (docs/spec/actions.md section 2.8). */

const tableOfCcn = { CcnId: idOf('ccn'), RouteTableId: idOf('ccnrtb') };
const replaceInputRequest = object({ ...tableOfCcn, Policys: inputPolicyList() });
const replaceBroadcastRequest = object({ ...tableOfCcn, Policys: broadcastPolicyList() });
const describeRequest = object({
  ...tableOfCcn,
  PolicyVersion: maybe(lenientInteger(0, Number.MAX_SAFE_INTEGER)),
});

export function ccnRoutePolicyActions({ ccnRoutePolicies }: Services): Action[] {
  return [
    action('ReplaceCcnRouteTableInputPolicys', replaceInputRequest, async (caller, parameters) => {
      await ccnRoutePolicies.replace(caller, listOf(parameters, 'input'), parameters.Policys.map(readPolicy));
      return {};
    }),
    action('DescribeCcnRouteTableInputPolicys', describeRequest, async (caller, parameters) => {
      const list = await ccnRoutePolicies.find(caller, listOf(parameters, 'input'), parameters.PolicyVersion);
      return { PolicySet: [wireList(list, list.policies.map(wireInputPolicy))], TotalCount: 1 };
    }),
    action('ReplaceCcnRouteTableBroadcastPolicys', replaceBroadcastRequest, async (caller, parameters) => {
      await ccnRoutePolicies.replace(caller, listOf(parameters, 'broadcast'), parameters.Policys.map(readPolicy));
      return {};
    }),
    action('DescribeCcnRouteTableBroadcastPolicys', describeRequest, async (caller, parameters) => {
      const list = await ccnRoutePolicies.find(caller, listOf(parameters, 'broadcast'), parameters.PolicyVersion);
      return { PolicySet: [wireList(list, list.policies.map(wireBroadcastPolicy))], TotalCount: 1 };
    }),
  ];
}

function listOf(
  { CcnId: ccnId, RouteTableId: routeTableId }: Pick<Static<typeof describeRequest>, 'CcnId' | 'RouteTableId'>,
  direction: CcnRoutePolicyList['direction'],
) {
  return { ccnId, routeTableId, direction };
}

function wireList<Policy>({ version, createdAt }: CcnRoutePolicyList, policies: readonly Policy[]) {
  return { Policys: policies, PolicyVersion: version, CreateTime: wireTime(createdAt) };
}
