import { expect, test } from 'vitest';
import type { ConnectionObservation, TunnelObservation } from '../operator/observation.ts';
import { conditionOf } from './tunnel-state.ts';

const id = 'vpnx-tunnel01';
const active = { negotiation: 'active' } as const;

function seen(installed: readonly boolean[], lastError: string | null = null): ConnectionObservation {
  const children = Object.fromEntries(installed.map((each, number) => [`child ${number}`, each]));
  return { id, ikeEstablished: true, children, connected: installed.every(Boolean), lastError, changedAt: 0 };
}

function watched(fault: TunnelObservation['fault'], probe: TunnelObservation['probe'] = null): TunnelObservation {
  return { id, fault, probe, probes: null, schedule: null };
}

const up = seen([true]);

test.each([
  ['unknown', active, undefined, undefined],
  ['up', active, up, undefined],
  ['up', active, up, watched(null)],
  ['up', active, up, watched(null, 'available')],
  ['up-unproven', active, up, watched(null, 'unknown')],
  ['check-failed', active, up, watched('probe', 'unavailable')],
  ['held-down', active, up, watched('hold-down', 'available')],
  ['partly-up', active, seen([true, false]), undefined],
  ['negotiating', active, seen([false]), watched('no-child-sa')],
  ['negotiating', { negotiation: 'passive' } as const, seen([false]), watched('no-child-sa')],
  ['down', active, seen([false], 'why'), watched('no-child-sa')],
  ['down', active, seen([false], 'why'), undefined],
  ['down', { negotiation: 'on-traffic' } as const, seen([false], 'why'), watched(null)],
  // Its SAs outlive the daemon that negotiated them.
  ['negotiating', active, seen([false], 'why'), watched(null)],
])('%s', (state, row, connection, tunnel) => {
  const condition = conditionOf(row, connection, tunnel);
  expect(condition.state).toBe(state);
  if (connection?.lastError === 'why') expect(condition.reason).toBe('why');
});

test('a tunnel whose failed check withdrew its routes is called neither up nor connected, and says why', () => {
  expect(conditionOf(active, up, watched('probe', 'unavailable'))).toEqual({
    state: 'check-failed',
    reason: 'its probes are not answered',
  });
});
