import { call, type Parameters } from '../calls/call.ts';
import { change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import { slugs } from './addresses.ts';
import { CcnInstances } from './ccn-instances.tsx';
import { formOf, requestOf, type Field, type PathOf } from './field.ts';
import { selected, type ObjectKind } from './object-kind.ts';

const fields = [
  { path: 'CcnName', type: 'text', required: true },
  { path: 'CcnDescription', type: 'text' },
  { path: 'RouteECMPFlag', type: 'truth' },
] as const satisfies readonly (Field & { path: PathOf<Parameters<'ModifyCcnAttribute'>> })[];

export const ccnKind: ObjectKind = {
  slug: slugs.ccn,
  prefix: 'ccn',
  word: 'kinds.ccns',
  isGlobal: true,
  rows: ['ccns'],
  fields,
  filters: { ids: { ccn: 'ccn-id' } },
  Parts: CcnInstances,
  read: async (selection, options) => {
    const { CcnSet, TotalCount } = await call('DescribeCcns', selected('CcnIds', selection), options);
    const objects = CcnSet.map((row) => {
      const { CcnId, CcnName: name, CcnDescription, InstanceCount, CreateTime } = row;
      return {
        ...{ id: CcnId, name, region: options.region, summary: CcnDescription, within: '' },
        facts: { InstanceCount: String(InstanceCount), CreatedTime: CreateTime },
        form: formOf(fields, row),
        save: (changed: readonly string[], draft: Form) => [
          change('ModifyCcnAttribute', { ...requestOf(fields, changed, draft), CcnId }),
        ],
        removal: change('DeleteCcn', { CcnId }),
      };
    });
    return { objects, total: TotalCount };
  },
};
