import type { ProbeState } from './probe-health.ts';
import type { VpnConnectionId } from '../resource-id.ts';

/** Whether a tunnel works, as far as anybody knows. */
export type IsUsable = (id: VpnConnectionId) => boolean;

/** What holds whatever tunnels do: rules of the API, and filters that a failover must not change. */
export const assumeUsable: IsUsable = () => true;

/** What is known about a tunnel. */
export interface TunnelFacts {
  /** A CHILD_SA is installed, or a missing one says nothing; null while charon was not asked. */
  readonly hasChildSa: boolean | null;
  /** Null without a health check. */
  readonly probe: ProbeState | null;
  /** Since when no probe of a check that was answered before was lost and no CHILD_SA was missing, in milliseconds of `Clock.elapsed`. */
  readonly cleanSince: number;
  /** It carried packets before: its return is guarded, its first coming up is not. */
  readonly hasBeenUp: boolean;
  /** A drill takes its routes out until then, as `cleanSince` counts; null: there is none. */
  readonly drilledUntil: number | null;
}

/** Why a tunnel's routes are neither used nor announced. */
export type Fault = 'no-child-sa' | 'probe' | 'hold-down';

/** Null: usable. */
export type Verdict = Fault | null;

/** How long a tunnel that failed must be faultless before it is used again while another one serves in its place. */
export interface HoldDown {
  /** With a health check, milliseconds of answered probes. */
  readonly checkedMs: number;
  /** Without one, milliseconds of an installed CHILD_SA. */
  readonly uncheckedMs: number;
}

/** How long SAs carry packets on after their charon died, milliseconds: the next one negotiates their successors meanwhile. */
export const outlivingMs = 60_000;

export const defaultHoldDown: HoldDown = { checkedMs: 10_000, uncheckedMs: 3000 };

/** A missing CHILD_SA or a failed probe, whatever else holds. */
function faultOf({ hasChildSa, probe }: TunnelFacts): 'no-child-sa' | 'probe' | null {
  if (hasChildSa === false) return 'no-child-sa';
  return probe === 'unavailable' ? 'probe' : null;
}

/** When a faultless tunnel that was withdrawn may be used again though another one serves in its place. */
export function returnsAt({ probe, cleanSince, drilledUntil }: TunnelFacts, holdDown: HoldDown): number {
  // A probe that was lost meanwhile prolongs no drill: a fault ends it, and then the hold-down counts.
  if (drilledUntil !== null) return drilledUntil;
  return cleanSince + (probe === null ? holdDown.uncheckedMs : holdDown.checkedMs);
}

/**
 * The verdict about one tunnel. A fault counts at once. The return waits for the hold-down, so that a flapping line does
 * not switch back and forth; but not when nothing serves in its place, and not for a tunnel that comes up for the first time.
 * A drill is a hold-down of one that has no fault: it ends like any.
 */
export function judge(
  before: Verdict,
  facts: TunnelFacts,
  holdDown: HoldDown,
  hasAlternative: boolean,
  now: number,
): Verdict {
  const fault = faultOf(facts);
  if (fault !== null) return fault;
  if (before !== null && facts.hasChildSa === null) return before;
  if (!hasAlternative || !facts.hasBeenUp) return null;
  if (before === null && facts.drilledUntil === null) return null;
  return now >= returnsAt(facts, holdDown) ? null : 'hold-down';
}
