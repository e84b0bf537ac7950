import type { IkeSuite, PeerProposals } from '../domain/diagnosis/peer-proposals.ts';
import type { Integrity } from '../domain/vpn/vpn-connection.ts';

export interface Candidate {
  readonly suite: IkeSuite;
  /** It is what the peer chose, or differs from that in the one transform that was asked for. */
  readonly isProven: boolean;
}

/** `PropoAuthenAlgorithm` has no SHA-384. */
const settableHashes: ReadonlySet<Integrity> = new Set(['md5', 'sha1', 'sha256', 'sha512']);

/**
 * Combinations of what a peer accepts that a tunnel can be set to, in which the PRF follows the integrity (domain/vpn/proposal.ts):
 * those first that need least to be changed. Ours is none of them: it was refused.
 */
export function settableSuites(ours: IkeSuite, chosen: IkeSuite, also: PeerProposals['also']): readonly Candidate[] {
  const prfs = [chosen.prf, ...also.prf];
  const integrities = chosen.integrity === null ? null : [chosen.integrity, ...also.integrity];
  const hashPairs = (integrities ?? prfs)
    .filter((hash) => settableHashes.has(hash) && prfs.includes(hash))
    .map((prf) => ({ integrity: integrities === null ? null : prf, prf }));
  const all = [chosen.encryption, ...also.encryption].flatMap((encryption) =>
    [chosen.group, ...also.group].flatMap((group) => hashPairs.map((pair) => ({ encryption, ...pair, group }))),
  );
  return all
    .map((suite) => ({ suite, changes: differences(ours, suite), isProven: differences(chosen, suite) <= 1 }))
    .filter(({ changes }) => changes > 0)
    .sort((one, other) => one.changes - other.changes || Number(other.isProven) - Number(one.isProven));
}

function differences(one: IkeSuite, other: IkeSuite): number {
  const types = ['encryption', 'integrity', 'prf', 'group'] as const;
  return types.filter((type) => one[type] !== other[type]).length;
}
