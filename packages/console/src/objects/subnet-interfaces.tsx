import { call, type Parameters } from '../calls/call.ts';
import { change } from '../changes/change.ts';
import type { Form } from '../changes/difference.ts';
import { say } from '../words/said.ts';
import { useWorld } from '../world.ts';
import type { Field, PathOf } from './field.ts';
import { pageSize } from './object-kind.ts';
import type { ShownObject } from './readable-kind.ts';
import type { ListedRow } from './row-clashes.ts';
import { RowList } from './row-list.tsx';

type Attachment = Parameters<'AttachSubnetInterface'>;
type Reference = Parameters<'DetachSubnetInterface'>;

const fields = [
  { path: 'InterfaceName', type: 'text', required: true, hasHint: true },
  { path: 'VlanId', type: 'number' },
] as const satisfies readonly (Field & { path: PathOf<Attachment> })[];

const blank: Form = { InterfaceName: '', VlanId: '' };
const columns = ['InterfaceName', 'VlanId'] as const;

/** The interfaces of the server in a subnet: administrators alone attach and detach them. */
export function SubnetInterfaces({ object }: { readonly object: ShownObject }) {
  const { IsAdministrator } = useWorld().session;
  if (!IsAdministrator) return null;
  const SubnetId = object.id as Attachment['SubnetId'];
  const reference = ({ cells: [InterfaceName = '', vlan = ''] }: ListedRow): Reference => ({
    ...{ SubnetId, InterfaceName },
    ...(vlan === '' ? {} : { VlanId: Number(vlan) }),
  });
  return (
    <RowList
      {...{ object, fields, blank, columns: columns.map((column) => say(`field.${column}`)) }}
      heading="interfaces.heading"
      addWord="interfaces.attach"
      kinds={['subnetInterfaces']}
      load={(offset, isBackground) => load(object, offset, isBackground)}
      actions={[
        {
          word: 'interfaces.detach',
          changes: (rows) => rows.map((row) => change('DetachSubnetInterface', reference(row))),
        },
      ]}
      add={({ InterfaceName = '', VlanId = '' }) =>
        change('AttachSubnetInterface', reference({ id: '', cells: [InterfaceName, VlanId.trim()], isOwn: true }))
      }
    />
  );
}

async function load({ id, region }: ShownObject, Offset: number, isBackground: boolean) {
  const Filters = [{ Name: 'subnet-id', Values: [id] }];
  const { SubnetInterfaceSet, TotalCount } = await call(
    'DescribeSubnetInterfaces',
    { Filters, Offset, Limit: pageSize },
    { region, isBackground },
  );
  const rows = SubnetInterfaceSet.map(({ InterfaceName, VlanId }) => {
    const vlan = VlanId === null ? '' : String(VlanId);
    return { id: `${InterfaceName} ${vlan}`.trim(), cells: [InterfaceName, vlan], isOwn: true };
  });
  return { rows, total: TotalCount };
}
