import type { WireTunnelState } from '@landbridge/catalogue/operator/tunnel-state';
import type { LastingCondition } from '../../services/operator/tunnel-states.ts';

/** As every answer has it that says how a tunnel is. */
export function wireTunnelState({ state, reason, since, proof, provenAt }: LastingCondition): WireTunnelState {
  return {
    ...{ State: state, Reason: reason, Since: new Date(since).toISOString() },
    ...{ Proof: proof, ProvenAt: provenAt === null ? '' : new Date(provenAt).toISOString() },
  };
}
