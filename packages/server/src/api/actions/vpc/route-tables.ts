import { Type } from 'typebox';
import type { Services } from '../../../services/create-services.ts';
import type { RouteTableView } from '../../../services/vpc/route-tables.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import {
  filterList,
  idList,
  idOf,
  maybe,
  nameInBytes,
  object,
  paging,
  tagList,
} from '@landbridge/catalogue/schema/request-schemas';
import { equals, equalsIgnoringCase, isTruth, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { wireVpcRoute } from './vpc-route-wire.ts';
import { readTags, wireTags, wireTime } from '../../wire/wire-values.ts';

/** Route tables (docs/spec/actions.md section 2.4). */

const createRequest = object({ VpcId: idOf('vpc'), RouteTableName: nameInBytes(), Tags: tagList() });
const describeRequest = object({
  Filters: filterList(),
  RouteTableIds: idList('rtb'),
  ...paging(),
  NeedRouterInfo: maybe(Type.Boolean()),
});
const renameRequest = object({ RouteTableId: idOf('rtb'), RouteTableName: nameInBytes() });
const deleteRequest = object({ RouteTableId: idOf('rtb') });
const bindRequest = object({ RouteTableId: idOf('rtb'), SubnetId: idOf('subnet') });

const nextHopFilter = 'next-hop-type';

const selection: SelectionRules<RouteTableView> = {
  idsName: 'RouteTableIds',
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
};

export function routeTableActions({ routeTables, subnets }: Services): Action[] {
  return [
    action('CreateRouteTable', createRequest, async (caller, parameters) => {
      const { VpcId: vpcId, RouteTableName: name, Tags } = parameters;
      const table = await routeTables.create(caller, { vpcId, name, tags: readTags(Tags) });
      return { RouteTable: wireRouteTable(table, true) };
    }),
    action('DescribeRouteTables', describeRequest, async (caller, parameters) => {
      const { RouteTableIds: ids, NeedRouterInfo: needsRoutes = true } = parameters;
      checkNextHopFilter((parameters.Filters ?? []).map(({ Name }) => Name));
      const rows = await routeTables.list(caller, ids);
      const { total, page } = selectRows(rows, { ...parameters, ids }, selection);
      return { TotalCount: total, RouteTableSet: page.map((table) => wireRouteTable(table, needsRoutes)) };
    }),
    action('ModifyRouteTableAttribute', renameRequest, async (caller, parameters) => {
      await routeTables.rename(caller, parameters.RouteTableId, parameters.RouteTableName);
      return {};
    }),
    action('DeleteRouteTable', deleteRequest, async (caller, { RouteTableId: id }) => {
      await routeTables.remove(caller, id);
      return {};
    }),
    action('ReplaceRouteTableAssociation', bindRequest, async (caller, { RouteTableId, SubnetId }) => {
      await subnets.bindRouteTable(caller, SubnetId, RouteTableId);
      return {};
    }),
  ];
}

function checkNextHopFilter(names: readonly string[]): void {
  const needed = ['route-table-id', 'vpc-id'];
  if (names.includes(nextHopFilter) && !needed.every((name) => names.includes(name))) {
    reject('filter-incomplete', { name: nextHopFilter, needed: needed.join(' and ') });
  }
}

/** Also in the reply of CreateRoutes, which is why it stands apart from the rows. */
export function wireRouteTable(table: RouteTableView, withRoutes: boolean) {
  return {
    VpcId: table.vpcId,
    RouteTableId: table.id,
    RouteTableName: table.name,
    AssociationSet: table.subnetIds.map((id) => ({ SubnetId: id, RouteTableId: table.id })),
    RouteSet: withRoutes ? [...table.routes, ...table.ccnRoutes].map(wireVpcRoute) : [],
    Main: table.isMain,
    CreatedTime: wireTime(table.createdAt),
    TagSet: wireTags(table.tags),
    LocalCidrForCcn: [],
  };
}
