import type { CcnRoutePolicy, CcnRoutePolicyList } from '../domain/ccn/ccn-route-policy.ts';
import type { CcnRouteTableId } from '../domain/resource-id.ts';
import type { Rows } from '../image/rows.ts';

/** The newest list of a CCN's route table; without one there is no policy. */
export function policiesInForce(
  routeTableId: CcnRouteTableId,
  direction: CcnRoutePolicyList['direction'],
  { ccnRoutePolicyLists }: Pick<Rows, 'ccnRoutePolicyLists'>,
): readonly CcnRoutePolicy[] {
  return ccnRoutePolicyLists.of('list', routeTableId, direction)[0]?.policies ?? [];
}
