import { describe, expect, it } from 'vitest';
import { conditionsOf } from './conditions-of.ts';
import { loadSettings } from '../config/load-settings.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import type { ProbeSchedule, UsabilityObservation } from '../domain/operator/observation.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ProbeState } from '../domain/vpn/probe-health.ts';

const settings = loadSettings({});

/** Name → message of what is not as it should be. */
function faults(observed: ObservedState, lagMs = 0): Record<string, string> {
  const conditions = conditionsOf(settings, observed, lagMs);
  for (const { ok, message } of conditions) expect(ok).toBe(message === '');
  return Object.fromEntries(conditions.filter(({ ok }) => !ok).map(({ name, message }) => [name, message]));
}

function checked(state: ProbeState, schedule: ProbeSchedule): UsabilityObservation {
  return {
    fault: null,
    healthCheck: { state, answeredAt: null, probes: { sent: 0, lost: 0, unsent: 0, meanDelayMs: null }, schedule },
  };
}

const stretched = { intervalMs: 250, wantedMs: 100 };

describe('conditions', () => {
  it('name a missing uplink until the host was looked at, and then what was found there', () => {
    const observed = new ObservedState();
    expect(faults(observed)).toEqual({ uplink: 'no uplink is configured: no VPN gateway can be made' });
    const findings = [
      { name: 'uplink', ok: false, message: 'The bridge br0 does not exist' },
      { name: 'forward policy', ok: true, message: '' },
    ];
    observed.recordHostFindings(findings);
    expect(faults(observed)).toEqual({ uplink: 'The bridge br0 does not exist' });
    expect(conditionsOf(settings, observed, 0)).toEqual(expect.arrayContaining(findings));
  });

  it('name a loop that was held up for more than a second', () => {
    expect(faults(new ObservedState(), 1000)).not.toHaveProperty('event loop');
    expect(faults(new ObservedState(), 1001)['event loop']).toContain('held up for 1001 ms');
  });

  it('name a plan that could not be applied', () => {
    const observed = new ObservedState();
    observed.recordOutcome({ key: 'vpngw-a', appliedGeneration: 1, error: 'charon does not answer', at: 0 });
    observed.recordOutcome({ key: 'vpngw-b', appliedGeneration: 1, error: null, at: 0 });
    expect(faults(observed)).toMatchObject({ 'vpngw-a': 'charon does not answer' });
    expect(faults(observed)).not.toHaveProperty('vpngw-b');
  });

  it('name health checks that were never answered, and those that are made more rarely than was wanted', () => {
    const observed = new ObservedState();
    const record = (id: VpnConnectionId, probe: 'unknown' | 'available', intervalMs: number) =>
      observed.recordUsability(id, checked(probe, { intervalMs, wantedMs: 100 }));
    record('vpnx-00000001', 'available', 100);
    record('vpnx-00000002', 'unknown', 100);
    record('vpnx-00000003', 'available', 1200);
    const found = faults(observed);
    expect(found).not.toHaveProperty('vpnx-00000001 health check');
    expect(found['vpnx-00000002 health check']).toContain('no probe was answered yet');
    expect(found['vpnx-00000003 health check']).toContain('every 1200 ms instead of 100');
  });

  it.each([
    ['available', { intervalMs: 100, wantedMs: 100 }, true, /^$/],
    ['available', stretched, false, /^it is probed every 250 ms instead of 100/],
    ['unknown', stretched, false, /^no probe was answered yet.*; it is probed every 250 ms/],
  ] as const)('says once of each health check how it is: %s, %o', (probe, schedule, ok, message) => {
    const observed = new ObservedState();
    observed.recordUsability('vpnx-tunnel01', checked(probe, schedule));
    observed.recordUsability('vpnx-tunnel02', { fault: null, healthCheck: null });
    const checks = conditionsOf(settings, observed, 0).filter(({ name }) => name.endsWith('health check'));
    const name = 'vpnx-tunnel01 health check';
    expect(checks).toEqual([{ name, ok, message: expect.stringMatching(message) as string }]);
  });
});
