import { failoverDrillActions } from '@landbridge/catalogue/operator/failover-drills';
import { drillBounds } from '../../../domain/operator/failover-drill.ts';
import type { Services } from '../../../services/create-services.ts';
import type { Handlers } from '../../action.ts';
import { readAddress } from '../../wire/wire-values.ts';

/** Drills of failovers (service landbridge). */
export function failoverDrillHandlers({ failoverDrills }: Services): Handlers<typeof failoverDrillActions> {
  return {
    DrillFailover: async (caller, { VpnConnectionId, SourceSubnetId, DestinationAddress, Seconds }) => {
      const { source, destination, sent, answered, longestLoss, isWhole } = await failoverDrills.drill(caller, {
        ...{ tunnel: VpnConnectionId, from: SourceSubnetId, seconds: Seconds ?? null },
        to: readAddress(DestinationAddress, 'DestinationAddress'),
      });
      return {
        ...{ SourceAddress: source, DestinationAddress: destination },
        ...{ Sent: sent, Lost: sent - answered, LongestLossMs: longestLoss * drillBounds.spacingMs },
        EndedEarly: !isWhole,
      };
    },
  };
}
