import type { NewEvent } from '../domain/operator/event.ts';
import type { ProbeHealth, ProbeReport } from '../domain/vpn/probe-health.ts';
import { faultStates } from '../diagnosis/tunnel-state.ts';
import type { Verdict } from '../domain/vpn/tunnel-usability.ts';
import type { JudgedTunnel } from './judged-tunnel.ts';

type Told = Pick<NewEvent, 'kind' | 'message'>;

/** What is told when the state of a tunnel's probes is another one now. */
export function probeEvent(
  { watch, health }: Pick<JudgedTunnel, 'watch' | 'health'>,
  before: ProbeHealth,
  { run, summary: { sent, lost } }: ProbeReport,
): Told {
  const address = watch.probe?.remoteAddress ?? '';
  const count = `${lost} of ${sent} probes of the last minute were lost`;
  if (health.state === 'unavailable') {
    return {
      kind: 'probe-failed',
      message: `${address} left ${health.failures} probes in a row unanswered; ${count}.`,
    };
  }
  if (before.state === 'unknown') return { kind: 'probe-answered', message: `${address} answers.` };
  return { kind: 'probe-recovered', message: `${address} answers again after ${run} unanswered probes; ${count}.` };
}

/**
 * What is told when the verdict about a tunnel is another one now; null: nothing, one fault in place of another.
 * @param waitMs milliseconds that a hold-down will last.
 */
export function verdictEvent(before: Verdict, after: Verdict, waitMs: number): Told | null {
  if (after === null) return { kind: 'tunnel-returned', message: 'Its routes are used again.' };
  if (after === 'hold-down' && before === null) {
    const message = `Its routes are taken out for a drill of ${waitMs / 1000} s; another tunnel serves in its place.`;
    return { kind: 'tunnel-withdrawn', message };
  }
  if (after === 'hold-down') {
    const message = `It works again; its routes follow after ${waitMs / 1000} s without a fault.`;
    return { kind: 'held-down', message };
  }
  if (before !== null) return null;
  return { kind: 'tunnel-withdrawn', message: `Its routes are taken out: ${faultStates[after].reason}.` };
}
