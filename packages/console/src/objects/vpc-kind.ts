import { call, type Parameters } from '../calls/call.ts';
import { change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import { slugs } from './addresses.ts';
import { formOf, requestOf, type Field, type PathOf } from './field.ts';
import { selected, type ObjectKind } from './object-kind.ts';

const fields = [
  { path: 'VpcName', type: 'text', required: true },
  { path: 'DnsServers', type: 'lines', hasHint: true },
  { path: 'DomainName', type: 'text' },
  { path: 'EnableMulticast', type: 'truth-text' },
  { path: 'EnableRouteVpcPublish', type: 'truth' },
] as const satisfies readonly (Field & { path: PathOf<Parameters<'ModifyVpcAttribute'>> })[];

export const vpcKind: ObjectKind = {
  slug: slugs.vpc,
  prefix: 'vpc',
  word: 'kinds.vpcs',
  rows: ['vpcs'],
  fields,
  filters: { ids: { vpc: 'vpc-id' } },
  read: async (selection, options) => {
    const { VpcSet, TotalCount } = await call('DescribeVpcs', selected('VpcIds', selection), options);
    const objects = VpcSet.map((row) => {
      const { VpcId, VpcName: name, CidrBlock, AssistantCidrSet, CreatedTime } = row;
      const ranges = [CidrBlock, ...AssistantCidrSet.map(({ CidrBlock: range }) => range)].join(', ');
      return {
        ...{ id: VpcId, name, region: options.region, summary: ranges, within: '' },
        facts: { CidrBlock: ranges, CreatedTime },
        form: formOf(fields, { ...row, DnsServers: row.DnsServerSet }),
        save: (changed: readonly string[], draft: Form) => [
          change('ModifyVpcAttribute', { ...requestOf(fields, changed, draft), VpcId }),
        ],
        removal: change('DeleteVpc', { VpcId }),
      };
    });
    return { objects, total: TotalCount };
  },
};
