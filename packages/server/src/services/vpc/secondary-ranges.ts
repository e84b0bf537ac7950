import type { Cidr } from '@landbridge/net';
import { refuse } from '../../domain/refusal.ts';
import type { VpcId } from '../../domain/resource-id.ts';
import type { Subnet } from '../../domain/vpc/subnet.ts';
import type { SecondaryRange, Vpc } from '../../domain/vpc/vpc.ts';
import type { Rows } from '../../image/rows.ts';
import type { Caller } from '../caller.ts';
import { checkQuota, idList, orNotFound } from '../changes.ts';
import type { ServiceDependencies } from '../dependencies.ts';
import { conflictsOfNewRange, conflictsOfOldRange, type RangeConflict } from './secondary-range-conflicts.ts';

/** What a VPC shall get and lose at once. */
export interface RangeChanges {
  readonly added: readonly Cidr[];
  readonly removed: readonly Cidr[];
}

/** As the wire shows a secondary range. */
export interface SecondaryRangeView extends SecondaryRange {
  readonly vpcId: VpcId;
  /** Taken from it, the oldest first. */
  readonly subnets: readonly Subnet[];
}

/** What is in the way of one range of a change. */
export interface ConflictsOfRange {
  readonly range: Cidr;
  readonly conflicts: readonly RangeConflict[];
}

export type SecondaryRangeService = ReturnType<typeof secondaryRangeService>;

/** The ranges that a VPC has beside its block (docs/spec/actions.md section 2.2). */
export function secondaryRangeService({ decide, read, quotas, clock }: ServiceDependencies) {
  return {
    /** All or none; what goes makes room for what comes. Answers the ranges that were added. */
    change: (caller: Caller, id: VpcId, { added, removed }: RangeChanges): Promise<SecondaryRangeView[]> =>
      decide(caller, (rows) => {
        let vpc = orNotFound(rows.vpcs.find(caller, id), id);
        refuseTwice(added, vpc);
        refuseTwice(removed, vpc);
        for (const range of removed) vpc = without(range, vpc, rows);
        for (const range of added) {
          checkQuota(quotas, 'secondaryRangesPerVpc', vpc.secondaryRanges.length, vpc.id);
          vpc = withRange(range, vpc, rows, clock.now());
        }
        rows.vpcs.update(vpc);
        return secondaryRangesOf(vpc, rows).filter(({ cidr }) => added.includes(cidr));
      }),

    /** Of the caller's VPCs; with ids only of those. */
    list: (caller: Caller, vpcIds?: readonly VpcId[]): Promise<SecondaryRangeView[]> =>
      read((rows) => rows.vpcs.list(caller, vpcIds).flatMap((vpc) => secondaryRangesOf(vpc, rows))),

    /** What would be in the way of a change, for each of its ranges that something is in the way of. Nothing changes. */
    check: (caller: Caller, id: VpcId, { added, removed }: RangeChanges): Promise<ConflictsOfRange[]> =>
      read((rows) => {
        const vpc = orNotFound(rows.vpcs.find(caller, id), id);
        refuseTwice(added, vpc);
        refuseTwice(removed, vpc);
        for (const range of removed) expectRange(range, vpc);
        const left = vpc.secondaryRanges.filter(({ cidr }) => !removed.includes(cidr));
        const found = [
          ...added.map((range) => ({
            range,
            conflicts: conflictsOfNewRange(range, { ...vpc, secondaryRanges: left }, rows),
          })),
          ...removed.map((range) => ({ range, conflicts: conflictsOfOldRange(range, vpc, rows) })),
        ];
        return found.filter(({ conflicts }) => conflicts.length > 0);
      }),
  };
}

/** In the order in which they came. */
export function secondaryRangesOf(vpc: Vpc, rows: Pick<Rows, 'subnets'>): SecondaryRangeView[] {
  return vpc.secondaryRanges.map((range) => {
    return { ...range, vpcId: vpc.id, subnets: rows.subnets.overlapping('cidr', [range.cidr], vpc.id) };
  });
}

function refuseTwice(ranges: readonly Cidr[], { id }: Vpc): void {
  const twice = ranges.find((range, place) => ranges.indexOf(range) !== place);
  if (twice !== undefined) refuse('secondary-range-twice', { cidr: twice, vpcId: id });
}

function expectRange(range: Cidr, { id, secondaryRanges }: Vpc): void {
  if (!secondaryRanges.some(({ cidr }) => cidr === range))
    refuse('secondary-range-not-found', { cidr: range, vpcId: id });
}

function without(range: Cidr, vpc: Vpc, rows: Rows): Vpc {
  expectRange(range, vpc);
  const subnets = conflictsOfOldRange(range, vpc, rows);
  if (subnets.length > 0) {
    refuse('secondary-range-in-use', { cidr: range, vpcId: vpc.id, blocking: idList(subnets) });
  }
  return { ...vpc, secondaryRanges: vpc.secondaryRanges.filter(({ cidr }) => cidr !== range) };
}

function withRange(range: Cidr, vpc: Vpc, rows: Rows, now: number): Vpc {
  if (vpc.secondaryRanges.some(({ cidr }) => cidr === range)) {
    refuse('secondary-range-exists', { cidr: range, vpcId: vpc.id });
  }
  const [conflict] = conflictsOfNewRange(range, vpc, rows);
  if (conflict !== undefined) {
    const { reason, id: other, range: otherCidr } = conflict;
    refuse(reason, { cidr: range, vpcId: vpc.id, other, otherCidr });
  }
  return { ...vpc, secondaryRanges: [...vpc.secondaryRanges, { cidr: range, addedAt: now }] };
}
