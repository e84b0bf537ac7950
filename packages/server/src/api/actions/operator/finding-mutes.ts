import { findingMuteActions, type WireFindingMute } from '@landbridge/catalogue/operator/finding-mutes';
import type { FindingMute } from '../../../domain/diagnosis/finding-mute.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { describing } from '../../describe-action.ts';
import { readInstant } from '../../wire/read-instant.ts';
import { wireInstant } from '../../wire/wire-values.ts';

/** Findings that somebody knows of (service landbridge). */
export function findingMuteHandlers({ findingMutes }: Services): Handlers<typeof findingMuteActions> {
  return {
    MuteFinding: async (caller, { VpnConnectionId, Code, Reason, Until }) => {
      const until = Until === undefined ? null : readInstant('Until', Until);
      await findingMutes.mute(caller, { vpnConnectionId: VpnConnectionId, code: Code }, { reason: Reason, until });
      return {};
    },
    UnmuteFinding: async (caller, { VpnConnectionId, Code }) => {
      await findingMutes.unmute(caller, { vpnConnectionId: VpnConnectionId, code: Code });
      return {};
    },
    DescribeFindingMutes: describing(findingMuteActions.DescribeFindingMutes, {
      list: (caller) => findingMutes.list(caller),
      show: (page) => page.map(wireMute),
      filters: {},
    }),
  };
}

function wireMute({ vpnConnectionId, code, reason, mutedBy, until, createdAt }: FindingMute): WireFindingMute {
  return {
    ...{ VpnConnectionId: vpnConnectionId, Code: code, Reason: reason, MutedBy: mutedBy },
    Until: until === null ? null : wireInstant(until),
    Since: wireInstant(createdAt),
  };
}
