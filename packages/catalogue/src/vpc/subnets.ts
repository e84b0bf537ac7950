import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import {
  dedicatedClusters,
  notOffered,
  filterList,
  fullList,
  idList,
  idOf,
  integer,
  maybe,
  nameInBytes,
  object,
  paging,
  tagList,
  text,
  truthText,
} from '../schema/request-schemas.ts';
import { anyOf, count, nothing, page, range, tags, time } from '../schema/response-schemas.ts';
import { tagErrors } from '../tag/tag-errors.ts';

/** Subnets (docs/spec/actions.md section 2.3). */

const zone = () => about(text({ minLength: 1, maxLength: 60 }), 'A name of your own choice. Kept and given back.');
const block = () =>
  about(text(), 'A /16 to /28 inside one of the ranges of the VPC that overlaps no other subnet. It stays.');
const cdcId = () => notOffered('string', dedicatedClusters);

export const subnet = object({
  VpcId: idOf('vpc'),
  SubnetId: idOf('subnet'),
  SubnetName: Type.String(),
  CidrBlock: range(),
  IsDefault: about(Type.Boolean(), 'Always false: no subnet is there by itself.'),
  EnableBroadcast: Type.Boolean(),
  Zone: Type.String(),
  RouteTableId: about(idOf('rtb'), 'The route table that it is bound to, `rtb-…`.'),
  CreatedTime: time(),
  AvailableIpAddressCount: about(count(), 'As `TotalIpAddressCount`: who uses which address is not known here.'),
  Ipv6CidrBlock: about(Type.String(), 'Always empty: there is no IPv6 in VPCs.'),
  NetworkAclId: about(Type.String(), 'Always empty: there are no ACLs.'),
  IsRemoteVpcSnat: about(Type.Boolean(), 'Always false.'),
  TotalIpAddressCount: about(count(), 'Addresses for hosts: all but network, gateway and broadcast.'),
  TagSet: tags(),
  CdcId: about(Type.String(), 'Always empty.'),
  IsCdcSubnet: about(Type.Integer(), 'Always 0.'),
});
/** A subnet as replies show it. */
export type WireSubnet = Static<typeof subnet>;

export const subnetActions = {
  CreateSubnet: changes({
    summary: {
      en: 'Creates a subnet, bound to the default route table of its VPC.',
      zh: '创建子网，并关联到所属 VPC 的默认路由表。',
    },
    request: object({
      VpcId: idOf('vpc'),
      SubnetName: nameInBytes(),
      CidrBlock: block(),
      Zone: zone(),
      Tags: tagList(),
      CdcId: cdcId(),
    }),
    response: object({ Subnet: subnet }),
    errors: ['not-found', 'quota-reached', 'subnet-outside-vpc', 'subnet-overlap', ...tagErrors],
  }),
  CreateSubnets: changes({
    summary: {
      en: 'Creates several subnets of a VPC, all or none.',
      zh: '在 VPC 中批量创建子网，全部成功或全部失败。',
    },
    request: object({
      VpcId: idOf('vpc'),
      Subnets: about(
        fullList(
          object({
            CidrBlock: block(),
            SubnetName: nameInBytes(),
            Zone: zone(),
            RouteTableId: maybe(
              about(idOf('rtb'), 'The route table to bind it to, `rtb-…`; the default one of the VPC unless given.'),
            ),
          }),
          100,
        ),
        'The new subnets.',
      ),
      Tags: tagList(),
      CdcId: cdcId(),
    }),
    response: object({ SubnetSet: about(anyOf(subnet), 'The new subnets, in the order of the request.') }),
    errors: [
      'not-found',
      'quota-reached',
      'subnet-outside-vpc',
      'subnet-overlap',
      'route-table-of-other-vpc',
      ...tagErrors,
    ],
  }),
  DescribeSubnets: reads({
    summary: { en: 'Lists subnets, by ids or by filters.', zh: '按 ID 或过滤条件查询子网列表。' },
    request: object({
      SubnetIds: idList('subnet'),
      Filters: filterList(),
      ...paging(),
      MaxResults: maybe(
        about(
          integer(1, 100),
          'How many at most when paging by tokens, which takes the place of `Offset` and `Limit`.',
        ),
      ),
      NextToken: maybe(about(text(), 'Of the reply before; empty for the first page.')),
    }),
    response: object({
      ...page('SubnetSet', subnet).properties,
      NextToken: about(
        Type.String(),
        'Where the next page begins; empty after the last one, and without token paging.',
      ),
    }),
    filters: {
      'subnet-id': 'the id',
      'vpc-id': 'the VPC',
      'cidr-block': 'the range',
      'is-default': '`true` or `false`',
      'is-remote-vpc-snat': '`true` or `false`',
      'subnet-name': 'the name',
      zone: 'the zone',
      'cdc-id': 'the dedicated cluster, which none has: only the empty text fits',
      'is-cdc-subnet': '`0`: none is in a dedicated cluster',
      'ipv6-cidr-block': 'the IPv6 range, which none has: only the empty text fits',
      'isp-type': 'the carrier of the IPv6 range, which none has: only the empty text fits',
      'address-type': 'the type of the IPv6 range, which none has: only the empty text fits',
      'tag-key': 'the keys of its tags',
      'tag:KEY': 'the value of its tag with this key',
    },
  }),
  ModifySubnetAttribute: changes({
    summary: {
      en: 'Changes the name or the broadcast option of a subnet.',
      zh: '修改子网的名称或广播选项。',
    },
    request: object({
      SubnetId: idOf('subnet'),
      SubnetName: maybe(nameInBytes()),
      EnableBroadcast: maybe(about(truthText(), 'Kept and given back.')),
    }),
    response: nothing(),
    errors: ['not-found'],
  }),
  DeleteSubnet: changes({
    summary: { en: 'Deletes a subnet without host interfaces.', zh: '删除未绑定主机网卡的子网。' },
    request: object({ SubnetId: idOf('subnet') }),
    response: nothing(),
    errors: ['not-found', 'subnet-in-use'],
  }),
};
