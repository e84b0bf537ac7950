import { call, type Parameters } from '../calls/call.ts';
import { change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import { slugs } from './addresses.ts';
import { formOf, type Field, type PathOf } from './field.ts';
import { selected, type ObjectKind } from './object-kind.ts';
import { VpcRoutes } from './vpc-routes.tsx';

const fields = [{ path: 'RouteTableName', type: 'text', required: true }] as const satisfies readonly (Field & {
  path: PathOf<Parameters<'ModifyRouteTableAttribute'>>;
})[];

export const routeTableKind: ObjectKind = {
  slug: slugs.rtb,
  prefix: 'rtb',
  word: 'kinds.route-tables',
  rows: ['routeTables'],
  fields,
  filters: { ids: { rtb: 'route-table-id', vpc: 'vpc-id' } },
  Parts: VpcRoutes,
  read: async (selection, options) => {
    const asked = { ...selected('RouteTableIds', selection), NeedRouterInfo: false };
    const { RouteTableSet, TotalCount } = await call('DescribeRouteTables', asked, options);
    const objects = RouteTableSet.map((row) => {
      const { RouteTableId, RouteTableName: name, VpcId, Main, AssociationSet, CreatedTime } = row;
      const subnets = AssociationSet.map(({ SubnetId }) => SubnetId).join(', ');
      return {
        ...{ id: RouteTableId, name, region: options.region, summary: VpcId, within: VpcId },
        facts: { VpcId, SubnetId: subnets, CreatedTime },
        form: formOf(fields, row),
        save: (_: readonly string[], draft: Form) => [
          change('ModifyRouteTableAttribute', { RouteTableId, RouteTableName: draft['RouteTableName'] ?? '' }),
        ],
        removal: Main ? undefined : change('DeleteRouteTable', { RouteTableId }),
      };
    });
    return { objects, total: TotalCount };
  },
};
