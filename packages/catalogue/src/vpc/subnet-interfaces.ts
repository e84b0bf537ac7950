import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import { filterList, idOf, integer, maybe, object, paging, text } from '../schema/request-schemas.ts';
import { nothing, orNull, page, time } from '../schema/response-schemas.ts';

/** Host interfaces in subnets (service landbridge). */

const vlanId = () => integer(1, 4094);

export const interfaceReference = object({
  SubnetId: idOf('subnet'),
  InterfaceName: about(text(), 'Its name on the host.'),
  VlanId: maybe(about(vlanId(), 'One VLAN (802.1Q) of it; the untagged interface unless given.')),
});

const subnetInterface = object({
  SubnetId: idOf('subnet'),
  VpcId: idOf('vpc'),
  InterfaceName: Type.String(),
  VlanId: about(orNull(vlanId()), 'Null for the untagged interface.'),
  CreatedTime: time(),
});
/** A host interface in a subnet as replies show it. */
export type WireSubnetInterface = Static<typeof subnetInterface>;

export const subnetInterfaceActions = {
  AttachSubnetInterface: changes({
    summary: {
      en: 'Brings an interface of the host, or one VLAN of it, into a subnet of any account.',
      zh: '将主机网卡（或其某个 VLAN）接入任意账号的子网。',
    },
    forAdministrators: true,
    request: object({
      ...interfaceReference.properties,
      Force: maybe(about(Type.Boolean(), 'True: also one that the host itself uses, which may cut it off.')),
    }),
    response: nothing(),
    errors: ['not-found', 'interface-reserved', 'interface-in-use', 'interface-attached', 'agent-away'],
  }),
  DetachSubnetInterface: changes({
    summary: { en: 'Gives a host interface back to the host.', zh: '将主机网卡从子网解绑并归还主机。' },
    forAdministrators: true,
    request: interfaceReference,
    response: nothing(),
    errors: ['not-found', 'interface-not-attached'],
  }),
  DescribeSubnetInterfaces: reads({
    summary: {
      en: 'Lists host interfaces in subnets: all for an administrator, otherwise those in subnets of the own account.',
      zh: '查询子网中的主机网卡：管理员可查看全部，其他账号仅可查看自己子网中的网卡。',
    },
    request: object({ Filters: filterList(), ...paging() }),
    response: page('SubnetInterfaceSet', subnetInterface),
    filters: {
      'subnet-id': 'the subnet',
      'vpc-id': 'the VPC',
      'interface-name': 'the name on the host',
    },
  }),
};
