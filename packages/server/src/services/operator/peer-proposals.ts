import { alternativesInWords, suiteInWords } from '../../diagnosis/accepted-proposals.ts';
import {
  askBounds,
  NotAskingError,
  type AskRefusal,
  type PeerProposals,
} from '../../domain/diagnosis/peer-proposals.ts';
import { refuse } from '../../domain/refusal.ts';
import type { VpnConnectionId } from '../../domain/resource-id.ts';
import { ikeProposal, suiteOfProposal } from '../../domain/vpn/proposal.ts';
import { askedOrAway } from '../asked-or-away.ts';
import type { Caller } from '../caller.ts';
import type { ServiceDependencies } from '../dependencies.ts';

export interface AskedPeer {
  readonly proposals: PeerProposals;
  /** For people; null: nothing else than ours. */
  readonly accepts: string | null;
  readonly also: readonly string[];
}

export type PeerProposalService = ReturnType<typeof peerProposalService>;

/** Peers are asked by the acting side alone, by what its plans say. An account has its own tunnels' asked, administrators too. */
export function peerProposalService({
  decide,
  peerAsking,
  clock,
}: Pick<ServiceDependencies, 'decide' | 'peerAsking' | 'clock'>) {
  return {
    ask: async (caller: Caller, id: VpnConnectionId): Promise<AskedPeer> => {
      const { accountId, rehearsal } = caller;
      const { address, offered } = await decide(caller, (rows) => {
        const connection = rows.vpnConnections.get(id);
        if (connection?.accountId !== accountId) refuse('not-found', { id });
        const { ike, customerGatewayId } = connection;
        const suite = ike.version === 2 ? suiteOfProposal(ikeProposal(ike)) : null;
        if (suite === null) refuse('peer-question-not-ikev2', { id });
        return { address: rows.customerGateways.get(customerGatewayId)?.address ?? '', offered: suite };
      });
      if (rehearsal !== null) return inWords({ ...nothingAsked, offered, askedAt: clock.now() });
      const answer = await askedOrAway(peerAsking.ask(id, accountId), NotAskingError, 'peer-questions-away');
      return inWords(typeof answer === 'string' ? refuseFor(answer, id, address) : answer);
    },
  };
}

function inWords(proposals: PeerProposals): AskedPeer {
  const { suite } = proposals;
  if (suite === null) return { proposals, accepts: null, also: [] };
  return { proposals, accepts: suiteInWords(suite), also: alternativesInWords(suite, proposals.also) };
}

const nothingAsked: Omit<PeerProposals, 'askedAt' | 'offered'> = {
  ...{ verdict: 'silent', suite: null, settable: null, isComplete: false, messages: 0, halfOpen: 0 },
  also: { encryption: [], integrity: [], prf: [], group: [] },
};

function refuseFor(why: AskRefusal, id: VpnConnectionId, address: string): never {
  const { running, perAccountAndMinute, restMs, seriesMs } = askBounds;
  switch (why) {
    case 'not-there':
      return refuse('peer-question-not-there', { id });
    case 'not-ikev2':
      return refuse('peer-question-not-ikev2', { id });
    case 'peer-asked-now':
      return refuse('peer-asked-now', { address, seconds: restMs / 1000 });
    case 'account-asks-often':
      return refuse('peer-questions-of-account', { limit: perAccountAndMinute });
    case 'host-busy':
      return refuse('peer-questions-of-host', { limit: running.perHost, seconds: seriesMs / 1000 });
    case 'not-started':
      return refuse('peer-question-failed', { id });
  }
}
