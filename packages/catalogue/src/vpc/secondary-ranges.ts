import { Type, type Static } from 'typebox';
import { changes, reads } from '../action-definition.ts';
import type { ErrorReason } from '../errors/error-registry.ts';
import { about } from '../schema/about.ts';
import { filterList, fullList, idList, idOf, list, maybe, object, paging, text } from '../schema/request-schemas.ts';
import { anyOf, nothing, page, range } from '../schema/response-schemas.ts';
import { subnet } from './subnets.ts';

/** Secondary ranges of VPCs, which the wire calls assistant CIDRs (docs/spec/actions.md section 2.2). */

const mostRanges = 100;
const cidr = () => about(text(), 'A CIDR block without host bits.');
const someRanges = (description: string) => maybe(about(list(cidr(), mostRanges), description));

export const secondaryRange = object({
  VpcId: idOf('vpc'),
  CidrBlock: range(),
  AssistantType: about(Type.Integer(), 'Always 0: an ordinary one.'),
  SubnetSet: about(anyOf(subnet), 'The subnets in it.'),
});
/** A secondary range as replies show it. */
export type WireSecondaryRange = Static<typeof secondaryRange>;

const conflict = object({
  ConflictSourceId: about(idOf('vpc'), 'The VPC.'),
  SourceItem: about(Type.String(), 'The range that was asked about.'),
  ConflictItemSet: about(
    anyOf(
      object({
        ConfilctId: about(Type.String(), 'As `ConflictId`; the vendor keeps this misspelling.'),
        DestinationItem: about(Type.String(), 'The range of what is in the way.'),
        ConflictId: about(Type.String(), 'What is in the way: the VPC itself, a route, a tunnel, a subnet.'),
      }),
    ),
    'What is in the way.',
  ),
});
/** What is in the way of a range as replies show it. */
export type WireRangeConflict = Static<typeof conflict>;

const ofNewRanges: readonly ErrorReason[] = [
  'secondary-range-exists',
  'secondary-range-overlaps-block',
  'secondary-range-overlaps-other',
  'secondary-range-holds-route',
  'secondary-range-holds-remote',
  'secondary-range-holds-gateway-route',
  'secondary-range-holds-probe',
  'quota-reached',
];
const ofOldRanges: readonly ErrorReason[] = ['secondary-range-not-found', 'secondary-range-in-use'];
const ofAll: readonly ErrorReason[] = ['not-found', 'secondary-range-twice'];

const bothLists = {
  VpcId: idOf('vpc'),
  NewCidrBlocks: someRanges('To be added. At least one of the two lists is needed.'),
  OldCidrBlocks: someRanges('To be taken away, before others are added.'),
};

export const secondaryRangeActions = {
  CreateAssistantCidr: changes({
    summary: {
      en: 'Gives a VPC secondary ranges, which subnets can be taken from; all of them or none.',
      zh: '为 VPC 添加辅助网段，子网可从中划分；全部成功或全部失败。',
    },
    request: object({ VpcId: idOf('vpc'), CidrBlocks: about(fullList(cidr(), mostRanges), 'To be added.') }),
    response: object({ AssistantCidrSet: about(anyOf(secondaryRange), 'Those that were added.') }),
    errors: [...ofAll, ...ofNewRanges],
  }),
  ModifyAssistantCidr: changes({
    summary: {
      en: 'Adds secondary ranges to a VPC and takes others away; all of it or nothing.',
      zh: '为 VPC 添加辅助网段并删除其他辅助网段；全部成功或全部失败。',
    },
    request: object(bothLists),
    response: object({ AssistantCidrSet: about(anyOf(secondaryRange), 'Those that were added.') }),
    errors: [...ofAll, ...ofNewRanges, ...ofOldRanges],
  }),
  DescribeAssistantCidr: reads({
    summary: {
      en: 'Lists secondary ranges, by the ids of VPCs or by filters.',
      zh: '按 VPC ID 或过滤条件查询辅助网段列表。',
    },
    request: object({ VpcIds: idList('vpc'), Filters: filterList(), ...paging() }),
    response: page('AssistantCidrSet', secondaryRange),
    filters: { 'vpc-id': 'the VPC' },
  }),
  DeleteAssistantCidr: changes({
    summary: {
      en: 'Takes secondary ranges from a VPC that no subnet lies in; all of them or none.',
      zh: '删除 VPC 中没有子网的辅助网段；全部成功或全部失败。',
    },
    request: object({ VpcId: idOf('vpc'), CidrBlocks: about(fullList(cidr(), mostRanges), 'To be taken away.') }),
    response: nothing(),
    errors: [...ofAll, ...ofOldRanges],
  }),
  CheckAssistantCidr: reads({
    summary: {
      en: 'Tells what would be in the way of adding secondary ranges, or of taking some away. Nothing changes.',
      zh: '检查添加或删除辅助网段时存在的冲突，不做任何更改。',
    },
    request: object(bothLists),
    response: object({
      ConflictSourceSet: about(anyOf(conflict), 'One for each range that something is in the way of.'),
    }),
    errors: [...ofAll, 'secondary-range-not-found'],
  }),
};
