import { routeTableActions, type WireRouteTable } from '@landbridge/catalogue/vpc/route-tables';
import type { Services } from '../../../services/create-services.ts';
import type { RouteTableView } from '../../../services/vpc/route-tables.ts';
import type { Handler, Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { equals, equalsIgnoringCase, isTruth } from '../../wire/row-selection.ts';
import { readTags, wireTags, wireTime } from '../../wire/wire-values.ts';
import { wireVpcRoute } from './vpc-route-wire.ts';

/** Route tables (docs/spec/actions.md section 2.4). */

const nextHopFilter = 'next-hop-type';

export function routeTableHandlers({ routeTables, subnets }: Services): Handlers<typeof routeTableActions> {
  return {
    CreateRouteTable: async (caller, parameters) => {
      const { VpcId: vpcId, RouteTableName: name, Tags } = parameters;
      const table = await routeTables.create(caller, { vpcId, name, tags: readTags(Tags) });
      return { RouteTable: wireRouteTable(table) };
    },
    DescribeRouteTables: withoutUnneededRoutes(
      describing(routeTableActions.DescribeRouteTables, {
        list: (caller, ids, { Filters: filters = [] }) => {
          checkNextHopFilter(filters.map(({ Name }) => Name));
          return routeTables.list(caller, ids);
        },
        idOf: ({ id }) => id,
        tagsOf: ({ tags }) => tags,
        filters: {
          'route-table-id': equals(({ id }) => id),
          'route-table-name': equals(({ name }) => name),
          'vpc-id': equals(({ vpcId }) => vpcId),
          'association.main': isTruth(({ isMain }) => isMain),
          visible: isTruth(() => true),
          // Every table routes its VPC locally; otherwise the types of its own routes count.
          [nextHopFilter]: (table, value) =>
            value === 'LOCAL' ||
            [...table.routes, ...table.ccnRoutes].some((route) =>
              equalsIgnoringCase(() => wireVpcRoute(route).GatewayType)(0, value),
            ),
        },
        show: (page) => page.map(wireRouteTable),
      }),
    ),
    ModifyRouteTableAttribute: async (caller, parameters) => {
      await routeTables.rename(caller, parameters.RouteTableId, parameters.RouteTableName);
      return {};
    },
    DeleteRouteTable: async (caller, { RouteTableId: id }) => {
      await routeTables.remove(caller, id);
      return {};
    },
    ReplaceRouteTableAssociation: async (caller, { RouteTableId, SubnetId }) => {
      await subnets.bindRouteTable(caller, SubnetId, RouteTableId);
      return {};
    },
  };
}

type DescribeRouteTables = typeof routeTableActions.DescribeRouteTables;

/** NeedRouterInfo false leaves RouteSet empty. */
function withoutUnneededRoutes(describe: Handler<DescribeRouteTables>): Handler<DescribeRouteTables> {
  return async (caller, parameters) => {
    const reply = await describe(caller, parameters);
    if (parameters.NeedRouterInfo !== false) return reply;
    return { ...reply, RouteTableSet: reply.RouteTableSet.map((table) => ({ ...table, RouteSet: [] })) };
  };
}

function checkNextHopFilter(names: readonly string[]): void {
  const needed = ['route-table-id', 'vpc-id'];
  if (names.includes(nextHopFilter) && !needed.every((name) => names.includes(name))) {
    reject('filter-incomplete', { name: nextHopFilter, needed: needed.join(', ') });
  }
}

/** Also in the reply of CreateRoutes, which is why it stands apart from the rows. */
export function wireRouteTable(table: RouteTableView): WireRouteTable {
  return {
    VpcId: table.vpcId,
    RouteTableId: table.id,
    RouteTableName: table.name,
    AssociationSet: table.subnetIds.map((id) => ({ SubnetId: id, RouteTableId: table.id })),
    RouteSet: [...table.routes, ...table.ccnRoutes].map(wireVpcRoute),
    Main: table.isMain,
    CreatedTime: wireTime(table.createdAt),
    TagSet: wireTags(table.tags),
    LocalCidrForCcn: [],
  };
}
