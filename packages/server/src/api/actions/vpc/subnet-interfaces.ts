import { parseInterfaceName } from '@landbridge/net';
import {
  subnetInterfaceActions,
  type interfaceReference,
  type WireSubnetInterface,
} from '@landbridge/catalogue/vpc/subnet-interfaces';
import type { Static } from 'typebox';
import type { SubnetInterface } from '../../../domain/vpc/subnet.ts';
import type { Services } from '../../../services/create-services.ts';
import type { InterfaceReference } from '../../../services/vpc/subnet-interfaces.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { readSyntax } from '../../wire/read-syntax.ts';
import { equals } from '../../wire/row-selection.ts';
import { wireTime } from '../../wire/wire-values.ts';

/** Host interfaces in subnets (service landbridge). */
export function subnetInterfaceHandlers({ subnetInterfaces }: Services): Handlers<typeof subnetInterfaceActions> {
  return {
    AttachSubnetInterface: async (caller, parameters) => {
      await subnetInterfaces.attach(caller, readReference(parameters), { forced: parameters.Force === true });
      return {};
    },
    DetachSubnetInterface: async (caller, parameters) => {
      await subnetInterfaces.detach(caller, readReference(parameters));
      return {};
    },
    DescribeSubnetInterfaces: describing(subnetInterfaceActions.DescribeSubnetInterfaces, {
      list: (caller) => subnetInterfaces.list(caller),
      show: (page) => page.map(wireSubnetInterface),
      filters: {
        'subnet-id': equals(({ subnetId }) => subnetId),
        'vpc-id': equals(({ vpcId }) => vpcId),
        'interface-name': equals(({ interfaceName }) => interfaceName),
      },
    }),
  };
}

function readReference({ SubnetId, InterfaceName, VlanId }: Static<typeof interfaceReference>): InterfaceReference {
  const interfaceName = readSyntax('InterfaceName', () => parseInterfaceName(InterfaceName));
  return { subnetId: SubnetId, interfaceName, vlanId: VlanId ?? null };
}

/** VlanId is null for the untagged interface. */
function wireSubnetInterface(attachment: SubnetInterface): WireSubnetInterface {
  return {
    SubnetId: attachment.subnetId,
    VpcId: attachment.vpcId,
    InterfaceName: attachment.interfaceName,
    VlanId: attachment.vlanId,
    CreatedTime: wireTime(attachment.createdAt),
  };
}
