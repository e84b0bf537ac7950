import type { NegotiationFindingCode } from '../domain/diagnosis/negotiation-findings.ts';
import type { ConnectionPlan } from '../plan/plan.ts';
import { compareProposals } from './compare-proposals.ts';
import { bareIdentity, identityDifference } from './identity-difference.ts';
import type { CharonSign } from './charon-sign.ts';
import { told, type Explanation } from './explanation.ts';
import type { Clue } from './sign-reader.ts';
import { parseKeywords, proposalsInWords, wordFor, type ProposalList, type TransformType } from './transforms.ts';
import { describeSelectors, selectorDifference } from './selectors.ts';

/** What is known of the tunnel when the clue comes. */
export interface NegotiationStage {
  /** Its IKE_SA is established. */
  readonly isEstablished: boolean;
  /** A CHILD_SA of that IKE_SA was installed. */
  readonly hasCarried: boolean;
}

/** Null where it explains nothing, or does not fit the tunnel: then somebody else is meant. */
export function explainClue(plan: ConnectionPlan, clue: Clue, stage: NegotiationStage): Explanation | null {
  const explain = explainers[clue.sign.kind] as Explainer<CharonSign>;
  return explain(clue.sign, plan, clue, stage);
}

type Explainer<Sign extends CharonSign> = (
  sign: Sign,
  plan: ConnectionPlan,
  clue: Clue,
  stage: NegotiationStage,
) => Explanation | null;

type SignOf<Kind extends CharonSign['kind']> = Extract<CharonSign, { readonly kind: Kind }>;

const nothing = (): null => null;

const explainers: { readonly [Kind in CharonSign['kind']]: Explainer<SignOf<Kind>> } = {
  begun: nothing,
  'ike-established': nothing,
  'child-closed-by-peer': nothing,
  'proposals-unacceptable': (_, ...known) => explainProposals(...known),
  'no-proposal-chosen': (_, ...known) => explainRefusedProposal(...known),
  'no-child-proposal-chosen': (_, ...known) => explainRefusedChild(...known),
  'group-wanted': ({ group }, ...known) => explainGroup(wordFor(group), ...known),
  'key-differs': () => told('pre-shared-key-differs'),
  undecryptable: (_, { version }, _clue, { isEstablished }) =>
    version === 1 && !isEstablished ? told('pre-shared-key-differs') : null,
  'authentication-refused': (_, plan) => refusedAuthentication(plan),
  'identity-refused': (_, plan, _clue, { isEstablished }) =>
    isEstablished ? refusedSelectors(plan) : refusedAuthentication(plan),
  'peer-identity': ({ received }, plan, { packet }) => {
    const peer = received ?? packet.peerIdentity;
    if (peer === null) return told('remote-identity-differs', bareIdentity(plan.remoteId));
    return identityDifference(plan, { own: null, peer });
  },
  'no-peer-config': (_, plan, { packet }) =>
    identityDifference(plan, { own: packet.ownIdentity, peer: packet.peerIdentity }),
  'no-ike-config': (_, plan, { packet }) => explainVersion(plan, packet.exchange),
  'mode-not-allowed': ({ mode }, { version, aggressive }) => {
    const ours = aggressive ? 'AGGRESSIVE' : 'MAIN';
    return version === 1 && mode !== ours ? told('exchange-mode-differs', ours, mode) : null;
  },
  'selectors-unacceptable': (sign, { children }) => selectorDifference(children, sign),
  'selectors-refused': (_, plan) => refusedSelectors(plan),
  'syntax-refused': () => told('message-not-understood'),
  'eap-wanted': () => told('eap-wanted', 'pre-shared key', 'EAP'),
  'virtual-address-wanted': () => told('virtual-address-wanted'),
  unanswered: explainSilence,
  'half-open-ended': () => told('authentication-not-received'),
  'given-up': (_, _plan, _clue, { hasCarried }) => (hasCarried ? told('peer-stopped-answering') : null),
  'closed-by-peer': (_, plan, _clue, { isEstablished, hasCarried }) => {
    if (hasCarried) return told('closed-by-peer');
    return isEstablished ? told('closed-before-child', bareIdentity(plan.localId)) : null;
  },
  'not-installed': () => told('sa-not-installed'),
  'not-sent': ({ reason }) => told('packets-not-sent', reason),
};

const differences: Readonly<Record<ProposalList['protocol'], Readonly<Record<TransformType, NegotiationFindingCode>>>> =
  {
    IKE: {
      encryption: 'ike-encryption-differs',
      integrity: 'ike-integrity-differs',
      prf: 'ike-prf-differs',
      group: 'ike-dh-group-differs',
    },
    ESP: {
      encryption: 'esp-encryption-differs',
      integrity: 'esp-integrity-differs',
      prf: 'esp-integrity-differs',
      group: 'pfs-group-differs',
    },
  };

function explainProposals(plan: ConnectionPlan, { packet }: Clue, stage: NegotiationStage): Explanation | null {
  const { received, exchange } = packet;
  if (received === null) return null;
  const { protocol } = received;
  const ours = parseKeywords(protocol, protocol === 'IKE' ? plan.ikeProposals : plan.espProposals);
  const difference = compareProposals(ours, received, { withGroups: exchange !== 'IKE_AUTH' });
  if (difference === null) return null;
  const { type } = difference;
  if (type === null) {
    const code = protocol === 'IKE' ? 'ike-proposals-differ' : 'esp-proposals-differ';
    return told(code, difference.ours, difference.theirs);
  }
  const isRekeying = protocol === 'ESP' && type === 'group' && stage.hasCarried;
  const code = isRekeying ? 'rekeying-pfs-group-differs' : differences[protocol][type];
  return told(code, difference.ours, difference.theirs);
}

function explainRefusedProposal(plan: ConnectionPlan, clue: Clue, stage: NegotiationStage): Explanation | null {
  // A renewal of the IKE_SA: what was agreed on once is no proposal to change.
  if (clue.packet.exchange === 'CREATE_CHILD_SA') return null;
  if (plan.version === 1 && stage.isEstablished) return told('esp-proposal-refused', espWords(plan));
  return told('ike-proposal-refused', proposalsInWords(parseKeywords('IKE', plan.ikeProposals)));
}

/** The first CHILD_SA has no key exchange of its own: where that stood and the next is refused, it is the group. */
function explainRefusedChild(plan: ConnectionPlan, { packet }: Clue, stage: NegotiationStage): Explanation {
  const groups = pfsGroups(plan);
  const isGroup = packet.exchange === 'CREATE_CHILD_SA' && stage.hasCarried && groups.length > 0;
  return isGroup ? told('rekeying-pfs-group-differs', groups.join(', ')) : told('esp-proposal-refused', espWords(plan));
}

function explainGroup(
  wanted: string,
  plan: ConnectionPlan,
  { packet }: Clue,
  stage: NegotiationStage,
): Explanation | null {
  const isIke = packet.exchange === 'IKE_SA_INIT';
  const groups = isIke ? groupsOf(parseKeywords('IKE', plan.ikeProposals)) : pfsGroups(plan);
  if (groups.includes(wanted) || groups.length === 0) return null;
  const ofChild = stage.hasCarried ? 'rekeying-pfs-group-differs' : 'pfs-group-differs';
  return told(isIke ? 'ike-dh-group-differs' : ofChild, groups.join(', '), wanted);
}

function pfsGroups(plan: ConnectionPlan): string[] {
  return groupsOf(parseKeywords('ESP', plan.espProposals));
}

function groupsOf({ proposals }: ProposalList): string[] {
  return [...new Set(proposals.flatMap(({ group }) => group))];
}

function espWords(plan: ConnectionPlan): string {
  return proposalsInWords(parseKeywords('ESP', plan.espProposals));
}

function refusedAuthentication(plan: ConnectionPlan): Explanation {
  return told(
    plan.version === 1 ? 'ikev1-authentication-refused' : 'authentication-refused',
    bareIdentity(plan.localId),
  );
}

function refusedSelectors({ children }: ConnectionPlan): Explanation {
  return told('selectors-refused', describeSelectors(children));
}

const ikeV1Exchanges: ReadonlySet<string> = new Set(['ID_PROT', 'AGGRESSIVE']);

function explainVersion({ version }: ConnectionPlan, exchange: string | null): Explanation | null {
  if (exchange === null) return null;
  const theirs = ikeV1Exchanges.has(exchange) ? 1 : 2;
  return theirs === version ? null : told('ike-version-differs', `IKEV${version}`, `IKEV${theirs}`);
}

function explainSilence(
  { message }: SignOf<'unanswered'>,
  plan: ConnectionPlan,
  { remotePort }: Clue,
  stage: NegotiationStage,
): Explanation | null {
  if (message === 'authentication') {
    // To an IKE_SA that is there, these are numbers of something else.
    if (stage.isEstablished) return null;
    const code = plan.version === 1 ? 'ikev1-authentication-unanswered' : 'authentication-unanswered';
    return told(code, `UDP ${remotePort ?? 4500}`);
  }
  return stage.isEstablished ? null : told('peer-silent', plan.remoteAddress);
}
