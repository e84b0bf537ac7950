import type { RequestOf } from '@landbridge/catalogue/action-definition';
import { ccnRouteActions, type WireCcnRoute } from '@landbridge/catalogue/ccn/ccn-routes';
import { defaultRouteTableId } from '../../../domain/ccn/ccn.ts';
import type { CcnRouteView } from '../../../services/ccn/ccn-routes.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handler, Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { wireInstanceType } from './ccn-instances-wire.ts';
import { equals } from '../../wire/row-selection.ts';
import { wireTime } from '../../wire/wire-values.ts';

/** Routes of CCNs (docs/spec/actions.md section 2.7). */
export function ccnRouteHandlers({ ccnRoutes }: Services): Handlers<typeof ccnRouteActions> {
  const switchTo = (enabled: boolean): Handler<typeof ccnRouteActions.EnableCcnRoutes> => {
    return async (caller, { CcnId: id, RouteIds: routeIds }) => {
      await ccnRoutes.setEnabled(caller, id, routeIds, enabled);
      return {};
    };
  };
  return {
    DescribeCcnRoutes: describing(ccnRouteActions.DescribeCcnRoutes, {
      list: async (caller, _ids, parameters) => {
        const all = await ccnRoutes.list(caller, parameters.CcnId);
        return namesTable(parameters) ? all : all.filter(isInDefaultTable);
      },
      idOf: ({ id }) => id,
      filters: {
        'route-id': equals(({ id }) => id),
        'cidr-block': equals(({ destination }) => destination),
        'instance-type': equals(({ instance }) => wireInstanceType(instance)),
        'instance-region': equals(({ region }) => region),
        'instance-id': equals(({ instance }) => instance.id),
        'route-table-id': equals(({ routeTableId }) => routeTableId),
      },
      defaultLimit: 100,
      show: (page) => page.map(wireCcnRoute),
    }),
    EnableCcnRoutes: switchTo(true),
    DisableCcnRoutes: switchTo(false),
  };
}

/** The default table is meant unless a table, or a route of one, is named. */
function namesTable({
  RouteIds: ids,
  Filters: filters = [],
}: RequestOf<typeof ccnRouteActions.DescribeCcnRoutes>): boolean {
  return ids !== undefined || filters.some(({ Name }) => Name === 'route-table-id' || Name === 'route-id');
}

function isInDefaultTable({ ccnId, routeTableId }: CcnRouteView): boolean {
  return routeTableId === defaultRouteTableId(ccnId);
}

function wireCcnRoute(route: CcnRouteView): WireCcnRoute {
  return {
    RouteId: route.id,
    DestinationCidrBlock: route.destination,
    InstanceType: wireInstanceType(route.instance),
    InstanceId: route.instance.id,
    InstanceName: route.instanceName,
    InstanceRegion: route.region,
    UpdateTime: wireTime(route.arrivedAt),
    Enabled: route.enabled,
    InstanceUin: route.accountId,
    ExtraState: 'Running',
    IsBgp: false,
    RoutePriority: 50,
    InstanceExtraName: '',
    AliasType: '',
    AliasInstanceId: '',
    RouteTableId: route.routeTableId,
    AsPath: '',
  };
}
