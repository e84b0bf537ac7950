import {
  secondaryRangeActions,
  type WireRangeConflict,
  type WireSecondaryRange,
} from '@landbridge/catalogue/vpc/secondary-ranges';
import type { Cidr } from '@landbridge/net';
import type { Services } from '../../../services/create-services.ts';
import type { RangeChanges, SecondaryRangeView } from '../../../services/vpc/secondary-ranges.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { reject } from '../../protocol/api-error.ts';
import { equals } from '../../wire/row-selection.ts';
import { readCidr } from '../../wire/wire-values.ts';
import { wireSubnet } from './subnets.ts';
import { readVpcRange } from './vpc-range.ts';

/** Secondary ranges of VPCs (docs/spec/actions.md section 2.2). */
export function secondaryRangeHandlers({ secondaryRanges }: Services): Handlers<typeof secondaryRangeActions> {
  return {
    CreateAssistantCidr: async (caller, { VpcId: id, CidrBlocks }) => {
      const ranges = await secondaryRanges.change(caller, id, {
        added: readNew('CidrBlocks', CidrBlocks),
        removed: [],
      });
      return { AssistantCidrSet: ranges.map(wireSecondaryRange) };
    },
    ModifyAssistantCidr: async (caller, { VpcId: id, ...lists }) => {
      const ranges = await secondaryRanges.change(caller, id, readBoth(lists));
      return { AssistantCidrSet: ranges.map(wireSecondaryRange) };
    },
    DescribeAssistantCidr: describing(secondaryRangeActions.DescribeAssistantCidr, {
      list: (caller, ids) => secondaryRanges.list(caller, ids),
      idOf: ({ vpcId }) => vpcId,
      filters: { 'vpc-id': equals(({ vpcId }) => vpcId) },
      show: (page) => page.map(wireSecondaryRange),
    }),
    DeleteAssistantCidr: async (caller, { VpcId: id, CidrBlocks }) => {
      await secondaryRanges.change(caller, id, { added: [], removed: readOld('CidrBlocks', CidrBlocks) });
      return {};
    },
    CheckAssistantCidr: async (caller, { VpcId: id, ...lists }) => {
      const found = await secondaryRanges.check(caller, id, readBoth(lists));
      return {
        ConflictSourceSet: found.map(({ range, conflicts }): WireRangeConflict => ({
          ConflictSourceId: id,
          SourceItem: range,
          ConflictItemSet: conflicts.map((other) => {
            return { ConfilctId: other.id, DestinationItem: other.range, ConflictId: other.id };
          }),
        })),
      };
    },
  };
}

interface BothLists {
  readonly NewCidrBlocks?: readonly string[];
  readonly OldCidrBlocks?: readonly string[];
}

function readBoth({ NewCidrBlocks: added = [], OldCidrBlocks: removed = [] }: BothLists): RangeChanges {
  if (added.length + removed.length === 0) reject('missing-parameter', { name: 'NewCidrBlocks' });
  return { added: readNew('NewCidrBlocks', added), removed: readOld('OldCidrBlocks', removed) };
}

function readNew(name: string, ranges: readonly string[]): Cidr[] {
  return ranges.map((range, place) => readVpcRange(range, `${name}.${place}`));
}

function readOld(name: string, ranges: readonly string[]): Cidr[] {
  return ranges.map((range, place) => readCidr(range, `${name}.${place}`));
}

export function wireSecondaryRange({ vpcId, cidr, subnets }: SecondaryRangeView): WireSecondaryRange {
  return { VpcId: vpcId, CidrBlock: cidr, AssistantType: 0, SubnetSet: subnets.map(wireSubnet) };
}
