import type { NegotiationFindingCode } from '../domain/diagnosis/negotiation-findings.ts';
import type { ConnectionPlan } from '../plan/plan.ts';
import { compareProposals } from './compare-proposals.ts';
import { identityDifference } from './identity-difference.ts';
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
  const { sign, packet } = clue;
  switch (sign.kind) {
    case 'proposals-unacceptable':
      return explainProposals(plan, clue, stage);
    case 'no-proposal-chosen':
      return explainRefusedProposal(plan, clue, stage);
    case 'no-child-proposal-chosen':
      return explainRefusedChild(plan, clue, stage);
    case 'group-wanted':
      return explainGroup(plan, clue, wordFor(sign.group), stage);
    case 'key-differs':
      return told('pre-shared-key-differs');
    case 'undecryptable':
      return plan.version === 1 && !stage.isEstablished ? told('pre-shared-key-differs') : null;
    case 'authentication-refused':
      return refusedAuthentication(plan);
    case 'identity-refused':
      return stage.isEstablished ? refusedSelectors(plan) : refusedAuthentication(plan);
    case 'peer-identity': {
      const received = sign.received ?? packet.peerIdentity;
      if (received === null) return told('remote-identity-differs', nameOf(plan.remoteId));
      return identityDifference(plan, { own: null, peer: received });
    }
    case 'no-peer-config':
      return identityDifference(plan, { own: packet.ownIdentity, peer: packet.peerIdentity });
    case 'no-ike-config':
      return explainVersion(plan, packet.exchange);
    case 'mode-not-allowed': {
      const ours = plan.aggressive ? 'AGGRESSIVE' : 'MAIN';
      return plan.version === 1 && sign.mode !== ours ? told('exchange-mode-differs', ours, sign.mode) : null;
    }
    case 'selectors-unacceptable':
      return selectorDifference(plan.children, sign);
    case 'selectors-refused':
      return refusedSelectors(plan);
    case 'syntax-refused':
      return told('message-not-understood');
    case 'eap-wanted':
      return told('eap-wanted', 'pre-shared key', 'EAP');
    case 'virtual-address-wanted':
      return told('virtual-address-wanted');
    case 'unanswered':
      return explainSilence(plan, clue, stage);
    case 'half-open-ended':
      return told('authentication-not-received');
    case 'given-up':
      return stage.hasCarried ? told('peer-stopped-answering') : null;
    case 'closed-by-peer':
      if (stage.hasCarried) return told('closed-by-peer');
      return stage.isEstablished ? told('closed-before-child', nameOf(plan.localId)) : null;
    case 'not-installed':
      return told('sa-not-installed');
    case 'not-sent':
      return told('packets-not-sent', sign.reason);
    case 'begun':
    case 'ike-established':
      return null;
  }
}

/** Without the kind that the plan writes before it. */
function nameOf(identity: string): string {
  return identity.replace(/^fqdn:/, '');
}

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

function explainGroup(plan: ConnectionPlan, { packet }: Clue, wanted: string, stage: NegotiationStage) {
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
  return told(plan.version === 1 ? 'ikev1-authentication-refused' : 'authentication-refused', nameOf(plan.localId));
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

function explainSilence(plan: ConnectionPlan, { sign, remotePort }: Clue, stage: NegotiationStage): Explanation | null {
  if (sign.kind !== 'unanswered') return null;
  if (sign.message === 'authentication') {
    // To an IKE_SA that is there, these are numbers of something else.
    if (stage.isEstablished) return null;
    const code = plan.version === 1 ? 'ikev1-authentication-unanswered' : 'authentication-unanswered';
    return told(code, `UDP ${remotePort ?? 4500}`);
  }
  return stage.isEstablished ? null : told('peer-silent', plan.remoteAddress);
}
