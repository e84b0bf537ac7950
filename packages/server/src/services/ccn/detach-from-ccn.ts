import type { CcnAttachment } from '../../domain/ccn/ccn.ts';
import type { DraftRows } from '../../image/draft.ts';

/** What an instance announces, and what it hears, goes with its attachment. */
export function detachFromCcn(rows: DraftRows, { ccnId, instance }: CcnAttachment): void {
  rows.ccnAttachments.remove(instance.id);
  for (const { routeTableId, destination } of rows.ccnRouteChoices.of('instance', instance.id)) {
    rows.ccnRouteChoices.remove(routeTableId, instance.id, destination);
  }
  for (const route of rows.vpnGatewayRoutes.of('nextHop', ccnId)) {
    if (route.vpnGatewayId === instance.id) rows.vpnGatewayRoutes.remove(route.id);
  }
}
