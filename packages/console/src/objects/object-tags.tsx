import { call } from '../calls/call.ts';
import { change } from '../changes/change.ts';
import { say } from '../words/said.ts';
import type { Field } from './field.ts';
import { pageSize, type ObjectKind } from './object-kind.ts';
import type { ShownObject } from './readable-kind.ts';
import type { ListedRow } from './row-clashes.ts';
import { RowList } from './row-list.tsx';

const fields = [
  { path: 'TagKey', type: 'text', required: true },
  { path: 'TagValue', type: 'text' },
] as const satisfies readonly Field[];

interface ObjectTagsProps {
  readonly kind: ObjectKind;
  readonly object: ShownObject;
}

/** The tags of an object. One of a key that is there takes its place. */
export function ObjectTags({ kind: { prefix, rows }, object: { id, region }, object }: ObjectTagsProps) {
  // Its own region and account go without saying.
  const Resource = `qcs::vpc::uin/:${prefix}/${id}`;
  return (
    <RowList
      {...{ object, fields, columns: [say('field.TagKey'), say('field.TagValue')] }}
      blank={{ TagKey: '', TagValue: '' }}
      heading="tags.heading"
      addWord="tags.add"
      kinds={rows}
      load={(offset, isBackground) => load(prefix, id, offset, { region, isBackground })}
      actions={[
        {
          word: 'tags.remove',
          changes: (chosen: readonly ListedRow[]) => [
            change('ModifyResourceTags', { Resource, DeleteTags: chosen.map(({ id: TagKey }) => ({ TagKey })) }),
          ],
        },
      ]}
      add={({ TagKey = '', TagValue = '' }) =>
        change('ModifyResourceTags', { Resource, ReplaceTags: [{ TagKey, TagValue }] })
      }
    />
  );
}

async function load(
  ResourcePrefix: string,
  id: string,
  Offset: number,
  options: { region: string; isBackground: boolean },
) {
  const asked = { ServiceType: 'vpc', ResourcePrefix, ResourceIds: [id], Offset, Limit: pageSize };
  const { Tags, TotalCount } = await call('DescribeResourceTagsByResourceIds', asked, options);
  return {
    rows: Tags.map(({ TagKey, TagValue }) => ({ id: TagKey, cells: [TagKey, TagValue], isOwn: true })),
    total: TotalCount,
  };
}
