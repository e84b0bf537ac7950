import { Type, type Static } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { idOf, object, paging } from '../schema/request-schemas.ts';
import { page, range } from '../schema/response-schemas.ts';
import { shownInstanceId } from './ccn-instances.ts';

/** Why routes of a CCN are not enabled, for which the vendor's type CcnRoute has no field (service landbridge). */

const conflict = object({
  RouteId: idOf('ccnr'),
  DestinationCidrBlock: range(),
  InstanceId: shownInstanceId(),
  RouteTableId: idOf('ccnrtb'),
  Reason: about(Type.String(), 'For people.'),
  OtherRouteId: about(Type.String(), 'The route that it overlaps; empty where another reason holds.'),
  OtherDestinationCidrBlock: about(Type.String(), 'The destination of that one, or empty.'),
  OtherInstanceId: about(Type.String(), 'The instance that that one leads to, or empty.'),
});
/** A route that is not enabled, as replies show it. */
export type WireCcnRouteConflict = Static<typeof conflict>;

export const ccnRouteConflictActions = {
  DescribeCcnRouteConflicts: reads({
    summary: {
      en: 'Lists the routes of a CCN that are not enabled, with the reason of each.',
      zh: '查询云联网中未启用的路由及其原因。',
    },
    request: object({ CcnId: idOf('ccn'), ...paging() }),
    response: page('RouteSet', conflict),
    errors: ['not-found'],
  }),
};
