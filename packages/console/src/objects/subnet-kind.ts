import { call, type Parameters } from '../calls/call.ts';
import { change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import { slugs } from './addresses.ts';
import { formOf, requestOf, type Field, type PathOf } from './field.ts';
import { selected, type ObjectKind } from './object-kind.ts';
import { routeTableKind } from './route-table-kind.ts';
import { SubnetInterfaces } from './subnet-interfaces.tsx';

type Attributes = Parameters<'ModifySubnetAttribute'>;
type Binding = Parameters<'ReplaceRouteTableAssociation'>;

const fields = [
  { path: 'SubnetName', type: 'text', required: true },
  { path: 'EnableBroadcast', type: 'truth-text' },
  { path: 'RouteTableId', type: 'object', from: [routeTableKind] },
] as const satisfies readonly (Field & { path: PathOf<Attributes> | PathOf<Binding> })[];

export const subnetKind: ObjectKind = {
  slug: slugs.subnet,
  prefix: 'subnet',
  word: 'kinds.subnets',
  rows: ['subnets'],
  fields,
  filters: { ids: { subnet: 'subnet-id', vpc: 'vpc-id' } },
  Parts: SubnetInterfaces,
  read: async (selection, options) => {
    const { SubnetSet, TotalCount } = await call('DescribeSubnets', selected('SubnetIds', selection), options);
    const objects = SubnetSet.map((row) => {
      const { SubnetId, SubnetName: name, VpcId, CidrBlock, Zone, CreatedTime } = row;
      return {
        ...{ id: SubnetId, name, region: options.region, summary: CidrBlock, within: VpcId },
        facts: { CidrBlock, VpcId, Zone, CreatedTime },
        form: formOf(fields, row),
        // The route table that it is bound to has a call of its own.
        save: (changed: readonly string[], draft: Form) => {
          const attributes = changed.filter((path) => path !== 'RouteTableId');
          const RouteTableId = draft['RouteTableId'] as Binding['RouteTableId'];
          return [
            ...(attributes.length === 0
              ? []
              : [change('ModifySubnetAttribute', { ...requestOf(fields, attributes, draft), SubnetId })]),
            ...(attributes.length === changed.length
              ? []
              : [change('ReplaceRouteTableAssociation', { RouteTableId, SubnetId })]),
          ];
        },
        removal: change('DeleteSubnet', { SubnetId }),
      };
    });
    return { objects, total: TotalCount };
  },
};
