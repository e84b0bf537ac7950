import type { Static } from 'typebox';
import { defaultRouteTableId } from '../../../domain/ccn/ccn.ts';
import type { Obstacle } from '../../../derive/ccn-routes.ts';
import type { CcnRouteView } from '../../../services/ccn/ccn-routes.ts';
import type { Services } from '../../../services/create-services.ts';
import { action, type Action } from '../../action.ts';
import { wireInstanceType } from './ccn-instances-wire.ts';
import {
  filterList,
  fullList,
  idOf,
  list,
  maybe,
  object,
  paging,
  text,
} from '@landbridge/catalogue/schema/request-schemas';
import { equals, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { wireTime } from '../../wire/wire-values.ts';

/** Routes of CCNs (docs/spec/actions.md section 2.7). */

const describeRequest = object({
  CcnId: idOf('ccn'),
  RouteIds: maybe(list(text(), 100)),
  Filters: filterList(),
  ...paging(),
});
const switchRequest = object({ CcnId: idOf('ccn'), RouteIds: fullList(text(), 100) });

const selection: SelectionRules<CcnRouteView> = {
  idsName: 'RouteIds',
  idOf: ({ id }) => id,
  filters: {
    'route-id': equals(({ id }) => id),
    'cidr-block': equals(({ destination }) => destination),
    'instance-type': equals(({ instance }) => wireInstanceType(instance)),
    'instance-region': equals(({ region }) => region),
    'instance-id': equals(({ instance }) => instance.id),
    'route-table-id': equals(({ routeTableId }) => routeTableId),
  },
  // A page that hides routes would look like routes that are not there; 20 is only the most common default.
  defaultLimit: 100,
};

export function ccnRouteActions({ ccnRoutes }: Services): Action[] {
  const switchTo = (name: string, enabled: boolean) =>
    action(name, switchRequest, async (caller, { CcnId: id, RouteIds: routeIds }) => {
      await ccnRoutes.setEnabled(caller, id, routeIds, enabled);
      return {};
    });
  return [
    action('DescribeCcnRoutes', describeRequest, async (caller, parameters) => {
      const all = await ccnRoutes.list(caller, parameters.CcnId);
      const rows = namesTable(parameters) ? all : all.filter(isInDefaultTable);
      const { total, page } = selectRows(rows, { ...parameters, ids: parameters.RouteIds }, selection);
      return { TotalCount: total, RouteSet: page.map(wireCcnRoute) };
    }),
    switchTo('EnableCcnRoutes', true),
    switchTo('DisableCcnRoutes', false),
  ];
}

/** The default table is meant unless a table, or a route of one, is named. */
function namesTable({ RouteIds: ids, Filters: filters = [] }: Static<typeof describeRequest>): boolean {
  return ids !== undefined || filters.some(({ Name }) => Name === 'route-table-id' || Name === 'route-id');
}

function isInDefaultTable({ ccnId, routeTableId }: CcnRouteView): boolean {
  return routeTableId === defaultRouteTableId(ccnId);
}

/** Why routes are not enabled, for which the vendor's type CcnRoute has no field (service landbridge). */
export function ccnRouteConflictActions({ ccnRoutes }: Services): Action[] {
  return [
    action('DescribeCcnRouteConflicts', object({ CcnId: idOf('ccn'), ...paging() }), async (caller, parameters) => {
      const rows = (await ccnRoutes.list(caller, parameters.CcnId)).filter(({ enabled }) => !enabled);
      const { total, page } = selectRows(rows, parameters, { filters: {} });
      return { TotalCount: total, RouteSet: page.map(wireConflict) };
    }),
  ];
}

function wireCcnRoute(route: CcnRouteView) {
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

function wireConflict(route: CcnRouteView) {
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
