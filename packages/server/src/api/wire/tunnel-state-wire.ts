import type { WireTunnelState } from '@landbridge/catalogue/operator/tunnel-state';
import type { LastingCondition } from '../../services/operator/tunnel-states.ts';
import { wireInstant } from './wire-values.ts';

/** As every answer has it that says how a tunnel is. */
export function wireTunnelState({ state, reason, since, proof, provenAt }: LastingCondition): WireTunnelState {
  return {
    ...{ State: state, Reason: reason, Since: wireInstant(since) },
    ...{ Proof: proof, ProvenAt: provenAt === null ? '' : wireInstant(provenAt) },
  };
}
