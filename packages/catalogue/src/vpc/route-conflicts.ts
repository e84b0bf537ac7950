import { Type } from 'typebox';
import { reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { fullList, idOf, object, text } from '../schema/request-schemas.ts';
import { anyOf } from '../schema/response-schemas.ts';
import { vpcRoute } from './vpc-route.ts';

/** What a CCN leads somewhere already (docs/spec/actions.md, DescribeRouteConflicts). */
export const routeConflictActions = {
  DescribeRouteConflicts: reads({
    summary: {
      en: 'Tells for which destinations a new route would be refused, because the CCN of the VPC leads there already.',
      zh: '查询哪些目的网段因云联网已有相同路由而无法新建自定义路由。',
    },
    request: object({
      RouteTableId: idOf('rtb'),
      DestinationCidrBlocks: about(fullList(text(), 100), 'Ranges to be tried.'),
    }),
    response: object({
      RouteConflictSet: about(
        anyOf(
          object({
            RouteTableId: idOf('rtb'),
            DestinationCidrBlock: about(Type.String(), 'One of the ranges.'),
            ConflictSet: about(anyOf(vpcRoute), 'The routes of the CCN to it.'),
          }),
        ),
        'One for each range that is in conflict.',
      ),
    }),
    errors: ['not-found'],
  }),
};
