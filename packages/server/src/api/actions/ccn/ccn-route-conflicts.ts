import { ccnRouteConflictActions, type WireCcnRouteConflict } from '@landbridge/catalogue/ccn/ccn-route-conflicts';
import type { Obstacle } from '../../../derive/ccn-routes.ts';
import type { CcnRouteView } from '../../../services/ccn/ccn-routes.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';

/** Why routes are not enabled, for which the vendor's type CcnRoute has no field (service landbridge). */
export function ccnRouteConflictHandlers({ ccnRoutes }: Services): Handlers<typeof ccnRouteConflictActions> {
  return {
    DescribeCcnRouteConflicts: describing(ccnRouteConflictActions.DescribeCcnRouteConflicts, {
      list: async (caller, _ids, { CcnId: id }) => {
        return (await ccnRoutes.list(caller, id)).filter(({ enabled }) => !enabled);
      },
      filters: {},
      show: (page) => page.map(wireConflict),
    }),
  };
}

function wireConflict(route: CcnRouteView): WireCcnRouteConflict {
  const other = route.obstacle?.kind === 'overlap' ? route.obstacle.other : undefined;
  return {
    RouteId: route.id,
    DestinationCidrBlock: route.destination,
    InstanceId: route.instance.id,
    RouteTableId: route.routeTableId,
    Reason: route.obstacle === null ? '' : reasonText(route.obstacle),
    OtherRouteId: other?.id ?? '',
    OtherDestinationCidrBlock: other?.destination ?? '',
    OtherInstanceId: other?.instance.id ?? '',
  };
}

function reasonText(obstacle: Obstacle): string {
  switch (obstacle.kind) {
    case 'disabled-by-user':
      return 'It was disabled by DisableCcnRoutes.';
    case 'default-route':
      return 'A default route needs RouteOverlapFlag, or EnableCcnRoutes.';
    case 'unusable':
      return 'None of the tunnels that lead there works; it returns by itself with one of them.';
    case 'overlap':
      return `It overlaps ${obstacle.other.destination} of ${obstacle.other.instance.id}, which was there first.`;
  }
}
