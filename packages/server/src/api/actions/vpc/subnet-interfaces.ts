import { parseInterfaceName, ValueSyntaxError } from '@landbridge/net';
import { Type, type Static } from 'typebox';
import type { Services } from '../../../services/create-services.ts';
import type { InterfaceReference } from '../../../services/vpc/subnet-interfaces.ts';
import { action, type Action } from '../../action.ts';
import { reject } from '../../protocol/api-error.ts';
import { filterList, idOf, integer, maybe, object, paging, text } from '@landbridge/catalogue/schema/request-schemas';
import { equals, selectRows, type SelectionRules } from '../../wire/row-selection.ts';
import { wireTime } from '../../wire/wire-values.ts';
import type { SubnetInterface } from '../../../domain/vpc/subnet.ts';

/** Host interfaces in subnets (service landbridge). */

const nameRequest = object({ SubnetId: idOf('subnet'), InterfaceName: text(), VlanId: maybe(integer(1, 4094)) });
const attachRequest = object({
  SubnetId: idOf('subnet'),
  InterfaceName: text(),
  VlanId: maybe(integer(1, 4094)),
  Force: maybe(Type.Boolean()),
});
const describeRequest = object({ Filters: filterList(), ...paging() });

const selection: SelectionRules<SubnetInterface> = {
  filters: {
    'subnet-id': equals(({ subnetId }) => subnetId),
    'vpc-id': equals(({ vpcId }) => vpcId),
    'interface-name': equals(({ interfaceName }) => interfaceName),
  },
};

export function subnetInterfaceActions({ subnetInterfaces }: Services): Action[] {
  return [
    action('AttachSubnetInterface', attachRequest, async (caller, parameters) => {
      await subnetInterfaces.attach(caller, readReference(parameters), { forced: parameters.Force === true });
      return {};
    }),
    action('DetachSubnetInterface', nameRequest, async (caller, parameters) => {
      await subnetInterfaces.detach(caller, readReference(parameters));
      return {};
    }),
    action('DescribeSubnetInterfaces', describeRequest, async (caller, parameters) => {
      const { total, page } = selectRows(await subnetInterfaces.list(caller), parameters, selection);
      return { TotalCount: total, SubnetInterfaceSet: page.map(wireSubnetInterface) };
    }),
  ];
}

function readReference({ SubnetId, InterfaceName, VlanId }: Static<typeof nameRequest>): InterfaceReference {
  try {
    return { subnetId: SubnetId, interfaceName: parseInterfaceName(InterfaceName), vlanId: VlanId ?? null };
  } catch (error) {
    if (!(error instanceof ValueSyntaxError)) throw error;
    return reject('malformed-value', { name: 'InterfaceName', rule: error.message });
  }
}

/** VlanId is null for the untagged interface. */
function wireSubnetInterface(attachment: SubnetInterface) {
  return {
    SubnetId: attachment.subnetId,
    VpcId: attachment.vpcId,
    InterfaceName: attachment.interfaceName,
    VlanId: attachment.vlanId,
    CreatedTime: wireTime(attachment.createdAt),
  };
}
