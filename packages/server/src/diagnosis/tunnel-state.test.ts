import { describe, expect, it, test } from 'vitest';
import type { FindingCode } from '../domain/diagnosis/finding-codes.ts';
import type { SaObservation, TrafficObservation, UsabilityObservation } from '../domain/operator/observation.ts';
import type { ProbeState } from '../domain/vpn/probe-health.ts';
import type { Verdict } from '../domain/vpn/tunnel-usability.ts';
import { conditionOf, expiresAt } from './tunnel-state.ts';
import { proofHoldsMs } from './tunnel-proof.ts';

const active = { negotiation: 'active' } as const;
const now = 1_000_000;
const fresh = now - proofHoldsMs + 1;
const stale = now - proofHoldsMs;

function seen(installed: readonly boolean[], lastError: string | null = null): SaObservation {
  const children = Object.fromEntries(installed.map((each, number) => [`child ${number}`, each]));
  return { ikeEstablished: true, children, connected: installed.every(Boolean), lastError, changedAt: 0 };
}

function judged(fault: Verdict, state?: ProbeState, answeredAt: number | null = null): UsabilityObservation {
  const probes = { sent: 1, lost: 0, unsent: 0, meanDelayMs: 1 };
  const schedule = { intervalMs: 100, wantedMs: 100 };
  return { fault, healthCheck: state === undefined ? null : { state, answeredAt, probes, schedule } };
}

function passed(lastInAt: number | null, lastOutAt: number | null): TrafficObservation {
  return { inBytes: 1, inPackets: 1, outBytes: 1, outPackets: 1, rekeys: 0, lastInAt, lastOutAt };
}

function found(code: string) {
  const object = 'vpnx-tunnel01' as const;
  return [{ code: code as FindingCode, object, ours: null, theirs: null, evidence: [], since: 0 }];
}

const up = seen([true]);
const both = passed(fresh, fresh);
const nothing = { sas: up, usability: null, traffic: null, findings: [] };
const down = { ...nothing, sas: seen([false], 'why') };

test.each([
  ['unknown', { ...nothing, sas: null }],
  ['up', { ...nothing, traffic: both }],
  ['up', { ...nothing, usability: judged(null), traffic: both }],
  ['up', { ...nothing, usability: judged(null, 'available', fresh) }],
  ['up', { ...nothing, usability: judged(null, 'available', stale), traffic: both }],
  // One direction, or what was long ago, proves nothing.
  ['up-unproven', nothing],
  ['up-unproven', { ...nothing, traffic: passed(null, now) }],
  ['up-unproven', { ...nothing, traffic: passed(stale, now) }],
  ['up-unproven', { ...nothing, traffic: passed(now, stale) }],
  ['up-unproven', { ...nothing, usability: judged(null, 'available', stale) }],
  // Something is asked that was never answered.
  ['up-unproven', { ...nothing, usability: judged(null, 'unknown'), traffic: both }],
  ['check-failed', { ...nothing, usability: judged('probe', 'unavailable', fresh), traffic: both }],
  ['held-down', { ...nothing, usability: judged('hold-down', 'available', fresh), traffic: both }],
  ['partly-up', { ...nothing, sas: seen([true, false]), traffic: both }],
  ['negotiating', { ...nothing, sas: seen([false]), usability: judged('no-child-sa') }],
  ['refused', { ...down, usability: judged('no-child-sa'), findings: found('ike-dh-group-differs') }],
  ['refused', { ...down, findings: found('authentication-refused') }],
  ['peer-silent', { ...down, findings: found('peer-stopped-answering') }],
  ['negotiating', { ...down, findings: found('closed-by-peer') }],
  ['negotiating', { ...down, findings: found('packets-not-sent') }],
  // Its daemon was restarted.
  ['negotiating', down],
  ['negotiating', { ...down, findings: found('peer-silent'), hostTrouble: 'no uplink' }],
  // Its SAs outlive the daemon that negotiated them.
  ['negotiating', { ...down, findings: found('peer-silent'), usability: judged(null) }],
  // What is known to be wrong counts, whatever else passes.
  ['no-route', { ...nothing, traffic: both, findings: found('no-gateway-route') }],
  ['no-route', { ...nothing, usability: judged(null, 'available', fresh), findings: found('no-vpc-route') }],
  ['policy-drop', { ...nothing, traffic: both, findings: found('traffic-outside-mappings') }],
  ['one-way-out', { ...nothing, usability: judged('probe', 'unavailable'), findings: found('esp-not-received') }],
  ['one-way-in', { ...nothing, findings: found('esp-not-delivered') }],
  ['mtu-hole', { ...nothing, traffic: both, findings: found('path-mtu-hole') }],
  // Somebody sends rubbish through a tunnel that works.
  ['up', { ...nothing, traffic: both, findings: found('sources-dropped') }],
  ['policy-drop', { ...nothing, findings: found('sources-dropped') }],
  ['up', { ...nothing, traffic: both, findings: found('weak-ike-encryption') }],
  ['negotiating', { ...down, findings: found('esp-not-received') }],
])('%s', (state, observation) => {
  const condition = conditionOf(active, observation, now);
  expect(condition.state).toBe(state);
  const { sas } = observation;
  if (sas?.lastError === 'why') expect(condition.reason).toBe('hostTrouble' in observation ? 'no uplink' : 'why');
});

test('a tunnel that waits for traffic and was refused is not carried by old SAs', () => {
  const observation = { ...down, usability: judged(null), findings: found('pre-shared-key-differs') };
  expect(conditionOf({ negotiation: 'on-traffic' }, observation, now).state).toBe('refused');
});

describe('the proof', () => {
  it('is the newest round trip, with its time; probes are packets as well', () => {
    const proofOf = (answeredAt: number, lastOutAt: number) => {
      const usability = judged(null, 'available', answeredAt);
      const { proof, provenAt } = conditionOf(active, { ...nothing, usability, traffic: passed(now, lastOutAt) }, now);
      return [proof, provenAt];
    };
    expect(proofOf(now - 3000, now - 1000)).toEqual(['a probe was answered', now - 3000]);
    expect(proofOf(now - 3000, now - 9000)).toEqual(['a probe was answered', now - 3000]);
    expect(proofOf(stale - 1000, now - 1000)).toEqual(['packets passed in both directions', now - 1000]);
  });

  it('outlasts the state that it made, and says when that ends', () => {
    const usability = judged(null, 'available', now);
    const condition = conditionOf(active, { ...nothing, usability }, now);
    expect(expiresAt(condition, now)).toBe(now + proofHoldsMs);
    const later = conditionOf(active, { ...nothing, usability }, now + proofHoldsMs);
    expect(later).toMatchObject({ state: 'up-unproven', provenAt: now });
    expect(expiresAt(later, now + proofHoldsMs)).toBeNull();
  });
});

test('one direction alone is said in words, and so is quiet', () => {
  const why = (traffic: TrafficObservation) => conditionOf(active, { ...nothing, traffic }, now).reason;
  expect(why(passed(null, now))).toBe('packets go out, and none come in');
  expect(why(passed(now, null))).toBe('packets come in, and none go out');
  expect(why(passed(stale, stale - 1))).toBe('nothing passes it now');
});
