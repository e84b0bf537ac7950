import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { filterList, fullList, idOf, list, maybe, object, paging, text } from '../schema/request-schemas.ts';
import { nothing, page, range, time } from '../schema/response-schemas.ts';
import { noAlias, ownerOfInstance, shownInstanceId, shownInstanceType } from './ccn-instances.ts';

/** Routes of CCNs (docs/spec/actions.md section 2.7). */

const ccnRoute = object({
  RouteId: idOf('ccnr'),
  DestinationCidrBlock: range(),
  InstanceType: shownInstanceType(),
  InstanceId: shownInstanceId(),
  InstanceName: Type.String(),
  InstanceRegion: Type.String(),
  UpdateTime: about(time(), 'Since when it is as it is. UTC, `YYYY-MM-DD HH:MM:SS`.'),
  Enabled: about(Type.Boolean(), 'Packets follow it. DescribeCcnRouteConflicts tells why another one is not.'),
  InstanceUin: ownerOfInstance(),
  ExtraState: about(Type.String(), 'Always Running.'),
  IsBgp: about(Type.Boolean(), 'Always false: no BGP is spoken.'),
  RoutePriority: about(Type.Integer(), 'Always 50.'),
  InstanceExtraName: about(Type.String(), 'Always empty.'),
  ...noAlias(),
  RouteTableId: idOf('ccnrtb'),
  AsPath: about(Type.String(), 'Always empty: no BGP is spoken.'),
});
/** A route of a CCN as replies show it. */
export type WireCcnRoute = Static<typeof ccnRoute>;

const switchRequest = () =>
  object({
    CcnId: idOf('ccn'),
    RouteIds: about(fullList(text(), 100), 'Ids of routes, of any of its route tables. All of them or none.'),
  });

export const ccnRouteActions = {
  DescribeCcnRoutes: reads({
    summary: {
      en: 'Lists the routes of a CCN: those of its default route table, unless a table or routes are named.',
      zh: '查询云联网的路由；未指定路由表或路由时返回默认路由表的路由。',
    },
    request: object({
      CcnId: idOf('ccn'),
      RouteIds: maybe(about(list(text(), 100), 'Only these, of any route table. Excludes `Filters`.')),
      Filters: filterList(),
      // A page that hides routes would look like routes that are not there; 20 is only the most common default.
      ...paging(100),
    }),
    response: page('RouteSet', ccnRoute),
    filters: {
      'route-id': 'the id',
      'cidr-block': 'the destination',
      'instance-type': '`VPC`, `VPNGW` or `DIRECTCONNECT`',
      'instance-region': 'the region of the instance',
      'instance-id': 'the instance that it leads to',
      'route-table-id': 'the route table',
    },
    errors: ['not-found'],
  }),
  EnableCcnRoutes: changes({
    summary: { en: 'Enables routes of a CCN.', zh: '启用云联网路由。' },
    request: switchRequest(),
    response: nothing(),
    errors: ['not-found', 'ccn-route-overlap'],
  }),
  DisableCcnRoutes: changes({
    summary: { en: 'Disables routes of a CCN.', zh: '禁用云联网路由。' },
    request: switchRequest(),
    response: nothing(),
    errors: ['not-found'],
  }),
};
