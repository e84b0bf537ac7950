import { routeConflictActions } from '@landbridge/catalogue/vpc/route-conflicts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { readCidr } from '../../wire/wire-values.ts';
import { wireVpcRoute } from './vpc-route-wire.ts';

/** What a CCN leads somewhere already (docs/spec/actions.md, DescribeRouteConflicts). */
export function routeConflictHandlers({ routeConflicts }: Services): Handlers<typeof routeConflictActions> {
  return {
    DescribeRouteConflicts: async (caller, { RouteTableId, DestinationCidrBlocks: ranges }) => {
      const destinations = ranges.map((range, place) => readCidr(range, `DestinationCidrBlocks.${place}`));
      const found = await routeConflicts.list(caller, RouteTableId, destinations);
      return {
        RouteConflictSet: found.map(({ destination, routes }) => {
          return { RouteTableId, DestinationCidrBlock: destination, ConflictSet: routes.map(wireVpcRoute) };
        }),
      };
    },
  };
}
