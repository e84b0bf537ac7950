import type { RequestOf } from '@landbridge/catalogue/action-definition';
import { ccnRoutePolicyActions } from '@landbridge/catalogue/ccn/ccn-route-policies';
import type { CcnRoutePolicyList } from '../../../domain/ccn/ccn-route-policy.ts';
import type { Services } from '../../../services/create-services.ts';
import type { PolicyListReference } from '../../../services/ccn/ccn-route-policies.ts';
import type { Handlers } from '../../action.ts';
import { readPolicy, wireBroadcastPolicy, wireInputPolicy } from './ccn-route-policy-wire.ts';
import { wireTime } from '../../wire/wire-values.ts';

/** What enters a route table of a CCN, and what it announces (docs/spec/actions.md section 2.8). */
export function ccnRoutePolicyHandlers({ ccnRoutePolicies }: Services): Handlers<typeof ccnRoutePolicyActions> {
  return {
    ReplaceCcnRouteTableInputPolicys: async (caller, parameters) => {
      await ccnRoutePolicies.replace(caller, listOf(parameters, 'input'), parameters.Policys.map(readPolicy));
      return {};
    },
    DescribeCcnRouteTableInputPolicys: async (caller, parameters) => {
      const list = await ccnRoutePolicies.find(caller, listOf(parameters, 'input'), parameters.PolicyVersion);
      return { PolicySet: [wireList(list, list.policies.map(wireInputPolicy))], TotalCount: 1 };
    },
    ReplaceCcnRouteTableBroadcastPolicys: async (caller, parameters) => {
      await ccnRoutePolicies.replace(caller, listOf(parameters, 'broadcast'), parameters.Policys.map(readPolicy));
      return {};
    },
    DescribeCcnRouteTableBroadcastPolicys: async (caller, parameters) => {
      const list = await ccnRoutePolicies.find(caller, listOf(parameters, 'broadcast'), parameters.PolicyVersion);
      return { PolicySet: [wireList(list, list.policies.map(wireBroadcastPolicy))], TotalCount: 1 };
    },
  };
}

type TableReference = Pick<
  RequestOf<typeof ccnRoutePolicyActions.DescribeCcnRouteTableInputPolicys>,
  'CcnId' | 'RouteTableId'
>;

function listOf(
  { CcnId: ccnId, RouteTableId: routeTableId }: TableReference,
  direction: CcnRoutePolicyList['direction'],
): PolicyListReference {
  return { ccnId, routeTableId, direction };
}

function wireList<Policy>({ version, createdAt }: CcnRoutePolicyList, policies: readonly Policy[]) {
  return { Policys: policies, PolicyVersion: version, CreateTime: wireTime(createdAt) };
}
