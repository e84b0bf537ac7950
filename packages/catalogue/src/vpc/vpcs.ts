import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import { about } from '../schema/about.ts';
import {
  dedicatedClusters,
  notOffered,
  filterList,
  idList,
  idOf,
  list,
  maybe,
  nameInBytes,
  object,
  paging,
  tagList,
  text,
  truthText,
} from '../schema/request-schemas.ts';
import { anyOf, emptyList, nothing, page, range, tags, time } from '../schema/response-schemas.ts';
import { tagErrors } from '../tag/tag-errors.ts';
import { secondaryRange } from './secondary-ranges.ts';

/** VPCs (docs/spec/actions.md section 2.1). */

const options = () => ({
  EnableMulticast: maybe(about(truthText(), 'Kept and given back; false unless given.')),
  DnsServers: maybe(about(list(text(), 4), 'IPv4 addresses, the first one first. Kept and given back.')),
  DomainName: maybe(about(text({ maxLength: 60 }), 'For DHCP. Kept and given back.')),
});
const publishing = () => ({
  EnableRouteVpcPublish: maybe(
    about(Type.Boolean(), 'True: a CCN hears the ranges of the VPC; false (unless given): of each subnet.'),
  ),
  EnableRouteVpcPublishIpv6: maybe(about(Type.Boolean(), 'The same for IPv6. Kept and given back.')),
});

const vpc = object({
  VpcName: Type.String(),
  VpcId: idOf('vpc'),
  CidrBlock: range(),
  IsDefault: about(Type.Boolean(), 'Always false: no VPC is there by itself.'),
  EnableMulticast: Type.Boolean(),
  CreatedTime: time(),
  DnsServerSet: anyOf(Type.String({ format: 'ipv4' })),
  DomainName: Type.String(),
  DhcpOptionsId: about(Type.String(), 'Always empty: there is no DHCP.'),
  EnableDhcp: about(Type.Boolean(), 'Always false.'),
  Ipv6CidrBlock: about(Type.String(), 'Always empty: there is no IPv6 in VPCs.'),
  TagSet: tags(),
  AssistantCidrSet: about(anyOf(secondaryRange), 'Its secondary ranges, in the order in which they came.'),
  EnableRouteVpcPublish: about(Type.Boolean(), 'Whether a CCN hears the ranges of the VPC, not of each subnet.'),
  Ipv6CidrBlockSet: emptyList(),
  EnableRouteVpcPublishIpv6: Type.Boolean(),
});
/** A VPC as replies show it. */
export type WireVpc = Static<typeof vpc>;

export const vpcActions = {
  CreateVpc: changes({
    summary: {
      en: 'Creates a VPC with its default route table.',
      zh: '创建私有网络（VPC）及其默认路由表。',
    },
    request: object({
      VpcName: nameInBytes(),
      CidrBlock: about(
        text(),
        'A /12 to /28 in 10.0.0.0/8 or 172.16.0.0/12, or a /16 to /28 in 192.168.0.0/16. It stays.',
      ),
      ...options(),
      Tags: tagList(),
      ...publishing(),
    }),
    response: object({ Vpc: vpc }),
    errors: ['quota-reached', ...tagErrors],
  }),
  DescribeVpcs: reads({
    summary: { en: 'Lists VPCs, by ids or by filters.', zh: '按 ID 或过滤条件查询 VPC 列表。' },
    request: object({ VpcIds: idList('vpc'), Filters: filterList(), ...paging() }),
    response: page('VpcSet', vpc),
    filters: {
      'vpc-name': 'a part of the name',
      'is-default': '`true` or `false`',
      'vpc-id': 'the id',
      'cidr-block': 'the range',
      'ipv6-cidr-block': 'the IPv6 range, which none has: only the empty text fits',
      'isp-type': 'the carrier of the IPv6 range, which none has: only the empty text fits',
      'address-type': 'the type of the IPv6 range, which none has: only the empty text fits',
      'tag-key': 'the keys of its tags',
      'tag:KEY': 'the value of its tag with this key',
    },
  }),
  ModifyVpcAttribute: changes({
    summary: {
      en: 'Changes the name and the options of a VPC, and what of it a CCN hears.',
      zh: '修改 VPC 的名称、选项及向云联网发布路由的方式。',
    },
    request: object({
      VpcId: idOf('vpc'),
      VpcName: maybe(nameInBytes()),
      ...options(),
      EnableCdcPublish: notOffered('boolean', dedicatedClusters),
      ...publishing(),
    }),
    response: nothing(),
    errors: ['not-found'],
  }),
  DeleteVpc: changes({
    summary: {
      en: 'Deletes a VPC that holds no subnet and no gateway and is on no CCN, with its route tables.',
      zh: '删除 VPC 及其路由表；VPC 中不能有子网或网关，且未关联云联网。',
    },
    request: object({ VpcId: idOf('vpc') }),
    response: nothing(),
    errors: ['not-found', 'vpc-in-use'],
  }),
};
