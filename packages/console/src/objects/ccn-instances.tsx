import { call, type Parameters } from '../calls/call.ts';
import { change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import { say } from '../words/said.ts';
import { choices } from './choices.ts';
import type { Field, PathOf } from './field.ts';
import { pageSize } from './object-kind.ts';
import type { ShownObject } from './readable-kind.ts';
import type { ListedRow } from './row-clashes.ts';
import { RowList } from './row-list.tsx';

type Instance = Parameters<'AttachCcnInstances'>['Instances'][number];
type CcnId = Parameters<'AttachCcnInstances'>['CcnId'];

const fields = [
  { path: 'InstanceType', type: 'choice', label: 'field.Type', choices: choices.ccnInstance },
  { path: 'InstanceId', type: 'text', label: 'ccn.instance', required: true },
  { path: 'InstanceRegion', type: 'text', required: true },
] as const satisfies readonly (Field & { path: PathOf<Instance> })[];

const columns = [
  { name: 'InstanceId', word: 'ccn.instance' },
  { name: 'InstanceType', word: 'field.Type' },
  { name: 'InstanceRegion', word: 'field.InstanceRegion' },
  { name: 'InstanceName', word: 'field.InstanceName' },
  { name: 'State', word: 'field.State' },
] as const;

/** What is attached to a CCN. */
export function CcnInstances({ object }: { readonly object: ShownObject }) {
  const id = object.id as CcnId;
  return (
    <RowList
      {...{ object, fields, columns: columns.map(({ word }) => say(word)) }}
      blank={{ InstanceType: 'VPC', InstanceId: '', InstanceRegion: object.region }}
      heading="ccn.instances"
      addWord="ccn.attach"
      kinds={['ccnAttachments', 'ccnAttachmentRequests']}
      load={(offset, isBackground) => load(id, offset, { region: object.region, isBackground })}
      actions={[
        {
          word: 'ccn.detach',
          changes: (rows) => [change('DetachCcnInstances', { CcnId: id, Instances: rows.map(attached) })],
        },
      ]}
      add={(form) => change('AttachCcnInstances', { CcnId: id, Instances: [named(form)] })}
    />
  );
}

function named({ InstanceType, InstanceId = '', InstanceRegion = '' }: Form): Instance {
  return { InstanceType: InstanceType as NonNullable<Instance['InstanceType']>, InstanceId, InstanceRegion };
}

function attached({ cells: [InstanceId = '', InstanceType = '', InstanceRegion = ''] }: ListedRow): Instance {
  return named({ InstanceId, InstanceType, InstanceRegion });
}

async function load(id: CcnId, Offset: number, options: { region: string; isBackground: boolean }) {
  const asked = { CcnId: id, Offset, Limit: pageSize };
  const { InstanceSet, TotalCount } = await call('DescribeCcnAttachedInstances', asked, options);
  const rows = InstanceSet.map((instance) => ({
    id: instance.InstanceId,
    cells: columns.map(({ name }) => instance[name]),
    isOwn: true,
  }));
  return { rows, total: TotalCount };
}
