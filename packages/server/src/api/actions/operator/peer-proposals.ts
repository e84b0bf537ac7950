import { peerProposalActions } from '@landbridge/catalogue/operator/peer-proposals';
import { settingsFor } from '../../../domain/diagnosis/peer-proposals.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { wireTime } from '../../wire/wire-values.ts';
import { wireIkeSettings } from '../vpn/negotiation-wire.ts';

/** What peers would accept (service landbridge). */
export function peerProposalHandlers({ peerProposals }: Services): Handlers<typeof peerProposalActions> {
  return {
    AskPeerProposals: async (caller, { VpnConnectionId }) => {
      const { proposals, accepts, also } = await peerProposals.ask(caller, VpnConnectionId);
      const { verdict, isComplete, messages, halfOpen, askedAt } = proposals;
      return {
        ...{ Verdict: verdict, Accepts: accepts, AlsoSet: [...also] },
        SettingSet: wireIkeSettings(settingsFor(proposals)),
        ...{ IsComplete: isComplete, Messages: messages, HalfOpen: halfOpen, AskedTime: wireTime(askedAt) },
      };
    },
  };
}
