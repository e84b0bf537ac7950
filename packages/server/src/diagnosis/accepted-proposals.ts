import { mostEvidence, type Finding } from '../domain/diagnosis/finding.ts';
import type { IkeSuite, PeerProposals } from '../domain/diagnosis/peer-proposals.ts';
import { keywordsOfSuite } from '../domain/vpn/proposal.ts';
import { cutValue } from './explanation.ts';
import { parseKeywords, proposalsInWords, transformTypes, type TransformType } from './transforms.ts';

/** A refusal without a reason, once the peer was asked what it would accept. */
export function withPeerProposals(finding: Finding, peer: PeerProposals): Finding {
  const { verdict, offered, settable } = peer;
  const evidence = [...finding.evidence.slice(1 - mostEvidence), evidenceOf(peer)];
  return { ...finding, theirs: cutValue(acceptedInWords(peer)), evidence, accepts: { verdict, offered, settable } };
}

/** `accepts: AES-CBC-256 / SHA-256 / PRF SHA-256 / group 14 (MODP_2048); also AES-CBC-128`; null where it did not tell. */
export function acceptedInWords({ verdict, suite, also }: PeerProposals): string | null {
  if (verdict === 'ours') return 'accepts what is offered, when asked';
  if (verdict === 'nothing') return 'accepts: nothing that can be offered';
  if (suite === null) return null;
  const others = alternativesInWords(suite, also);
  return `accepts: ${suiteInWords(suite)}${others.length === 0 ? '' : `; also ${others.join(', ')}`}`;
}

export function suiteInWords(suite: IkeSuite): string {
  return proposalsInWords(parseKeywords('IKE', [keywordsOfSuite(suite)]));
}

/** `AES-CBC-128`, `integrity SHA-512`, `group 19 (ECP_256)`. */
export function alternativesInWords(suite: IkeSuite, also: PeerProposals['also']): string[] {
  return transformTypes.flatMap((type) => valuesInWords(suite, type, also[type]));
}

/** Each as it stands in a proposal. */
function valuesInWords(suite: IkeSuite, type: TransformType, values: readonly (string | number)[]): string[] {
  const label = { encryption: '', integrity: 'integrity ', prf: 'PRF ', group: 'group ' }[type];
  return values.flatMap((value) => {
    const [proposal] = parseKeywords('IKE', [keywordsOfSuite({ ...suite, [type]: value })]).proposals;
    return (proposal?.[type] ?? []).map((word) => `${label}${word}`);
  });
}

function evidenceOf({ verdict, messages, halfOpen, askedAt, isComplete }: PeerProposals): string {
  const outcome = verdict === 'silent' ? 'no answer' : `${halfOpen} accepted`;
  const rest = isComplete || verdict === 'silent' ? '' : ', not everything asked';
  return `asked at ${new Date(askedAt).toISOString()}: ${messages} IKE_SA_INIT messages, ${outcome}${rest}`;
}
