import { proposalsInWords, type ProposalList, type Transforms, type TransformType } from './transforms.ts';

/** Why no proposal of the peer fits one of ours. */
export interface ProposalDifference {
  /** The one field that has nothing in common; null where no single change would do. */
  readonly type: TransformType | null;
  /** What each has there, or the whole lists. */
  readonly ours: string;
  readonly theirs: string;
}

export interface ComparisonOptions {
  /** False for the CHILD_SA that comes with IKE_AUTH, which has no key exchange of its own (RFC 7296 section 1.2). */
  readonly withGroups: boolean;
}

/** What the nearest of the peer's proposals differs by; null where one of them fits, so that this is not why. */
export function compareProposals(
  ours: ProposalList,
  theirs: ProposalList,
  { withGroups }: ComparisonOptions,
): ProposalDifference | null {
  if (ours.proposals.length === 0 || theirs.proposals.length === 0) return null;
  const types: readonly TransformType[] = withGroups ? [...sealing, 'group'] : sealing;
  const pairs = ours.proposals.flatMap((own) =>
    theirs.proposals.map((other) => ({ own, other, types: differingTypes(own, other, types) })),
  );
  const fewest = Math.min(...pairs.map((pair) => pair.types.length));
  if (fewest === 0) return null;
  const nearest = pairs.filter((pair) => pair.types.length === fewest);
  const [type, ...others] = new Set(nearest.flatMap((pair) => pair.types));
  if (type === undefined || others.length > 0) {
    return { type: null, ours: proposalsInWords(ours), theirs: proposalsInWords(theirs) };
  }
  const listed = (side: readonly Transforms[]) => [...new Set(side.flatMap((one) => one[type]))].join(', ') || 'none';
  return { type, ours: listed(nearest.map(({ own }) => own)), theirs: listed(nearest.map(({ other }) => other)) };
}

const sealing = ['encryption', 'integrity', 'prf'] as const;

function differingTypes(own: Transforms, other: Transforms, types: readonly TransformType[]): TransformType[] {
  const differing = types.filter((type) => !haveCommon(own[type], other[type]));
  // A cipher with integrity of its own has none beside it, and by most devices a PRF follows the integrity: one field each.
  if (own.integrity.length === 0 || other.integrity.length === 0)
    return withoutFollower(differing, 'encryption', 'integrity');
  return withoutFollower(differing, 'integrity', 'prf');
}

function withoutFollower(
  types: readonly TransformType[],
  leader: TransformType,
  follower: TransformType,
): TransformType[] {
  return types.filter((type) => type !== follower || !types.includes(leader));
}

function haveCommon(own: readonly string[], other: readonly string[]): boolean {
  return own.length === 0 && other.length === 0 ? true : own.some((algorithm) => other.includes(algorithm));
}
