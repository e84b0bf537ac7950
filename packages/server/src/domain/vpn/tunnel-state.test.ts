import { expect, test } from 'vitest';
import type { SaObservation, UsabilityObservation } from '../operator/observation.ts';
import type { ProbeState } from './probe-health.ts';
import type { Verdict } from './tunnel-usability.ts';
import { conditionOf } from './tunnel-state.ts';

const active = { negotiation: 'active' } as const;

function seen(installed: readonly boolean[], lastError: string | null = null): SaObservation {
  const children = Object.fromEntries(installed.map((each, number) => [`child ${number}`, each]));
  return { ikeEstablished: true, children, connected: installed.every(Boolean), lastError, changedAt: 0 };
}

function judged(fault: Verdict, state?: ProbeState): UsabilityObservation {
  const probes = { sent: 1, lost: 0, unsent: 0, meanDelayMs: 1 };
  const schedule = { intervalMs: 100, wantedMs: 100 };
  return { fault, healthCheck: state === undefined ? null : { state, answeredAt: null, probes, schedule } };
}

const up = seen([true]);

test.each([
  ['unknown', active, null, null],
  ['up', active, up, null],
  ['up', active, up, judged(null)],
  ['up', active, up, judged(null, 'available')],
  ['up-unproven', active, up, judged(null, 'unknown')],
  ['check-failed', active, up, judged('probe', 'unavailable')],
  ['held-down', active, up, judged('hold-down', 'available')],
  ['partly-up', active, seen([true, false]), null],
  ['negotiating', active, seen([false]), judged('no-child-sa')],
  ['negotiating', { negotiation: 'passive' } as const, seen([false]), judged('no-child-sa')],
  ['down', active, seen([false], 'why'), judged('no-child-sa')],
  ['down', active, seen([false], 'why'), null],
  ['down', { negotiation: 'on-traffic' } as const, seen([false], 'why'), judged(null)],
  // Its SAs outlive the daemon that negotiated them.
  ['negotiating', active, seen([false], 'why'), judged(null)],
])('%s', (state, row, sas, usability) => {
  const condition = conditionOf(row, { sas, usability });
  expect(condition.state).toBe(state);
  if (sas?.lastError === 'why') expect(condition.reason).toBe('why');
});

test('a tunnel whose failed check withdrew its routes is called neither up nor connected, and says why', () => {
  expect(conditionOf(active, { sas: up, usability: judged('probe', 'unavailable') })).toEqual({
    state: 'check-failed',
    reason: 'its probes are not answered',
  });
});
