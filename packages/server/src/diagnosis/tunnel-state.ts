import type { TunnelObservation } from '../domain/operator/observation.ts';
import type { Fault } from '../domain/vpn/tunnel-usability.ts';
import type { ConnectionPlan } from '../plan/plan.ts';
import { decisiveStateOf, explainingStateOf } from './state-of-findings.ts';
import { downBy, type DownBy } from './why-down.ts';
import type { Judgement, TunnelCondition, TunnelState } from './tunnel-condition.ts';
import { newestProof, proofHoldsMs } from './tunnel-proof.ts';

/** Why its routes are taken out, in the words of states. */
export const faultStates = {
  'no-child-sa': { state: 'negotiating', reason: 'it has no CHILD_SA' },
  probe: { state: 'check-failed', reason: 'its probes are not answered' },
  'hold-down': { state: 'held-down', reason: 'it works again; its routes follow after a time without a fault' },
} as const satisfies Record<Fault, Judgement>;

interface Seen extends Pick<TunnelObservation, 'sas' | 'usability' | 'traffic' | 'findings'> {
  /** Why no tunnel of the host can be up, for people; absent: nothing is known. */
  readonly hostTrouble?: string;
}

/** @param now milliseconds since the epoch. */
export function conditionOf(connection: Pick<ConnectionPlan, 'negotiation'>, seen: Seen, now: number): TunnelCondition {
  const newest = newestProof(seen, now);
  return {
    ...judge(connection, seen, newest !== null && now - newest.at < proofHoldsMs),
    proof: newest?.how ?? '',
    provenAt: newest?.at ?? null,
  };
}

/** That a tunnel without traffic is quiet, or not any more, is no news. */
export function isQuietChange(before: TunnelState, after: TunnelState): boolean {
  return quietStates.includes(before) && quietStates.includes(after);
}

const quietStates: readonly TunnelState[] = ['up', 'up-unproven'];

/** When a condition may be another one though nothing else was seen; null: never. */
export function expiresAt({ provenAt }: TunnelCondition, now: number): number | null {
  return provenAt === null || now - provenAt >= proofHoldsMs ? null : provenAt + proofHoldsMs;
}

function judge({ negotiation }: Pick<ConnectionPlan, 'negotiation'>, seen: Seen, isProven: boolean): Judgement {
  const { sas, usability, findings } = seen;
  if (sas === null) return { state: 'unknown', reason: '' };
  if (!sas.connected) return judgeUnconnected(negotiation, seen, sas);
  const decided = decisiveStateOf(findings);
  if (decided !== null) return decided;
  if (usability?.fault != null && usability.fault !== 'no-child-sa') return faultStates[usability.fault];
  if (isProven) return { state: 'up', reason: '' };
  return explainingStateOf(findings) ?? { state: 'up-unproven', reason: whyUnproven(seen) };
}

function judgeUnconnected(
  negotiation: ConnectionPlan['negotiation'],
  { usability, hostTrouble, findings }: Seen,
  { children, lastError }: NonNullable<Seen['sas']>,
): Judgement {
  const installed = Object.values(children).filter(Boolean).length;
  if (installed > 0) return { state: 'partly-up', reason: lastError ?? 'a mapping has no CHILD_SA' };
  if (hostTrouble !== undefined) return { state: 'negotiating', reason: hostTrouble };
  if (lastError === null) return { state: 'negotiating', reason: awaited[negotiation] };
  // What an IKE daemon that died had negotiated carries packets until the next one has successors.
  const isCarried = usability?.fault === null && negotiation !== 'on-traffic';
  const cause = downBy(findings);
  return { state: isCarried || cause === null ? 'negotiating' : downStates[cause], reason: lastError };
}

function whyUnproven({ usability, traffic }: Seen): string {
  if (usability?.healthCheck?.state === 'unknown') return 'no probe was answered yet';
  const [inAt, outAt] = [traffic?.lastInAt ?? null, traffic?.lastOutAt ?? null];
  if (inAt === null && outAt === null) return 'nothing has passed it yet';
  if (inAt === null || (outAt !== null && outAt - inAt > proofHoldsMs)) return 'packets go out, and none come in';
  if (outAt === null || inAt - outAt > proofHoldsMs) return 'packets come in, and none go out';
  return 'nothing passes it now';
}

const downStates = {
  silence: 'peer-silent',
  ending: 'negotiating',
  host: 'negotiating',
  refusal: 'refused',
} as const satisfies Record<DownBy, TunnelState>;

const awaited = {
  active: '',
  passive: 'the peer has to begin',
  'on-traffic': 'the first packet begins it',
  never: 'this host is drained',
} as const satisfies Record<ConnectionPlan['negotiation'], string>;
