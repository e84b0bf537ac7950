import { isAeadCipher, nameOfGroup } from './algorithm-words.ts';
import type { DifferenceField, Finding } from './difference.ts';
import type { FoundProposal, Saying } from './found-tunnel.ts';

/** The one proposal that the gateway has. */
export interface OwnProposal {
  readonly encryption: string;
  readonly integrity: string;
  /** Null: no Diffie-Hellman. */
  readonly group: number | null;
}

interface Part {
  readonly field: DifferenceField;
  readonly ours: string;
  readonly theirs: (proposal: FoundProposal) => readonly string[] | null;
}

/** What is missing in the proposal that comes nearest to the gateway's; nothing when one of them holds it. */
export function compareProposals(parts: readonly Part[], found: Saying<readonly FoundProposal[]>): Finding[] {
  if (found === null) return [];
  const missing = found.value.map((proposal) => missingIn(parts, proposal, found.line));
  return (
    missing.reduce<Finding[] | null>(
      (best, each) => (best === null || each.length < best.length ? each : best),
      null,
    ) ?? []
  );
}

function missingIn(parts: readonly Part[], proposal: FoundProposal, line: number | null): Finding[] {
  return parts.flatMap(({ field, ours, theirs }): Finding[] => {
    const words = theirs(proposal);
    if (words === null || words.includes(ours)) return [];
    return [{ field, ours, theirs: words.length === 0 ? 'none' : words.join(', '), severity: 'breaks', line }];
  });
}

/** The gateway uses one hash as integrity and PRF; with an AEAD cipher it is the PRF alone. */
export function ikeParts({ encryption, integrity, group }: OwnProposal): Part[] {
  const isAead = isAeadCipher(encryption);
  const hashesOf = (proposal: FoundProposal) => {
    const { prf } = proposal;
    if (isAead) return prf;
    if (prf !== null && prf.length > 0 && !prf.includes(integrity)) return prf.map((hash) => `prf ${hash}`);
    return proposal.integrity;
  };
  return [
    { field: 'ike-encryption', ours: encryption, theirs: (proposal) => proposal.encryption },
    { field: 'ike-integrity', ours: integrity, theirs: hashesOf },
    { field: 'ike-group', ours: groupText(group), theirs: groupsOf },
  ];
}

export function espParts({ encryption, integrity, group }: OwnProposal): Part[] {
  return [
    { field: 'esp-encryption', ours: encryption, theirs: (proposal) => proposal.encryption },
    ...(isAeadCipher(encryption)
      ? []
      : [
          { field: 'esp-integrity', ours: integrity, theirs: (proposal: FoundProposal) => proposal.integrity } as const,
        ]),
    { field: 'pfs', ours: groupText(group), theirs: groupsOf },
  ];
}

function groupsOf({ groups }: FoundProposal): readonly string[] | null {
  return groups === null ? null : groups.map(groupText);
}

function groupText(group: number | null): string {
  return group === null ? 'no Diffie-Hellman' : `group ${group} (${nameOfGroup(group)})`;
}
