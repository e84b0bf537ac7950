import type { TunnelObservation } from '../operator/observation.ts';
import type { Fault } from './tunnel-usability.ts';
import type { VpnConnection } from './vpn-connection.ts';

/** What is true of a tunnel, in one word: the same one in `landbridge status`, in answers of the service and in events. */
export type TunnelState =
  /** Its CHILD_SAs are installed, and what is known of its probes is good. */
  | 'up'
  /** As up, but its health check was never answered. */
  | 'up-unproven'
  /** Some of its mappings have a CHILD_SA. */
  | 'partly-up'
  /** Its CHILD_SAs are installed and its probes are not answered: its routes are taken out. */
  | 'check-failed'
  /** Faultless again, its routes wait for the end of the hold-down. */
  | 'held-down'
  /** No CHILD_SA, and nothing is known to be wrong. */
  | 'negotiating'
  | 'down'
  /** Nothing was seen of it since the service started. */
  | 'unknown';

export interface TunnelCondition {
  readonly state: TunnelState;
  /** For people; empty when the word says it all. */
  readonly reason: string;
}

/** Why its routes are taken out, in the words of states. */
export const faultStates = {
  'no-child-sa': { state: 'down', reason: 'it has no CHILD_SA' },
  probe: { state: 'check-failed', reason: 'its probes are not answered' },
  'hold-down': { state: 'held-down', reason: 'it works again; its routes follow after a time without a fault' },
} as const satisfies Record<Fault, TunnelCondition>;

export function conditionOf(
  { negotiation }: Pick<VpnConnection, 'negotiation'>,
  { sas, usability }: Pick<TunnelObservation, 'sas' | 'usability'>,
): TunnelCondition {
  if (sas === null) return { state: 'unknown', reason: '' };
  const { connected, children, lastError } = sas;
  if (!connected) {
    const installed = Object.values(children).filter(Boolean).length;
    if (installed > 0) return { state: 'partly-up', reason: lastError ?? 'a mapping has no CHILD_SA' };
    if (lastError === null) return { state: 'negotiating', reason: awaited[negotiation] };
    // What an IKE daemon that died had negotiated carries packets until the next one has successors.
    const isCarried = usability?.fault === null && negotiation !== 'on-traffic';
    return { state: isCarried ? 'negotiating' : 'down', reason: lastError };
  }
  if (usability?.fault != null && usability.fault !== 'no-child-sa') {
    const { state, reason } = faultStates[usability.fault];
    return { state, reason };
  }
  return usability?.healthCheck?.state === 'unknown'
    ? { state: 'up-unproven', reason: 'no probe was answered yet' }
    : { state: 'up', reason: '' };
}

const awaited = {
  active: '',
  passive: 'the peer has to begin',
  'on-traffic': 'the first packet begins it',
} as const satisfies Record<VpnConnection['negotiation'], string>;
