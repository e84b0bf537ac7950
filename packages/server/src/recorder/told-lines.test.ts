import { describe, expect, it } from 'vitest';
import type { Finding } from '../domain/diagnosis/finding.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import type { NewLine } from '../domain/operator/timeline.ts';
import type { SaObservation, UsabilityObservation } from '../domain/operator/observation.ts';
import { ConditionLines } from './condition-lines.ts';
import { planLine } from './plan-line.ts';
import { TunnelLines } from './tunnel-lines.ts';

const id = 'vpnx-tunnel01';
const sas = (connected: boolean, lastError: string | null = null): SaObservation => ({
  ...{ ikeEstablished: connected, children: { one: connected }, connected, lastError, changedAt: 0 },
});
const probes = (lost: number, state: 'available' | 'unavailable' = 'available'): UsabilityObservation => ({
  fault: null,
  healthCheck: {
    ...{ state, probes: { sent: 60, lost, unsent: 0, meanDelayMs: 12.34 } },
    answeredAt: null,
    schedule: { intervalMs: 1000, wantedMs: 1000 },
  },
});

function bench(negotiation?: 'passive') {
  const lines: NewLine[] = [];
  let elapsed = 0;
  const observed = new ObservedState();
  const clock = { now: () => elapsed, elapsed: () => elapsed };
  const tunnels = new TunnelLines(
    (line) => void lines.push(line),
    clock,
    () => negotiation,
  );
  observed.onTunnel((now) => tunnels.observe(now));
  const told = () => lines.splice(0).map(({ kind, text }) => `${kind} ${text}`);
  return { observed, lines, told, wait: (ms: number) => (elapsed += ms) };
}

describe('of a tunnel is told', () => {
  it('for whom it waits, where its peer has to begin', () => {
    const { observed, told } = bench('passive');
    observed.recordSas(id, sas(false));
    expect(told()).toEqual(['state negotiating: the peer has to begin']);
  });

  it('its state when it is another one, the first since the start as such', () => {
    const { observed, lines, told } = bench();
    observed.recordUsability(id, { fault: 'hold-down', healthCheck: null });
    expect(told()).toEqual([]);
    observed.recordSas(id, sas(false));
    expect(lines[0]?.detail).toEqual({ state: 'negotiating', isFirst: true });
    observed.recordSas(id, sas(false));
    observed.recordSas(id, sas(false, 'the key'));
    expect(lines.at(-1)?.detail).toEqual({ state: 'negotiating', isFirst: false });
    observed.recordUsability(id, { fault: null, healthCheck: null });
    observed.recordSas(id, sas(true));
    expect(told()).toEqual([
      'state negotiating',
      'state negotiating: the key',
      'state up-unproven: nothing has passed it yet',
    ]);
  });

  it('each finding once, with each value, and its end when none of its kind is left in its place', () => {
    const { observed, lines, told } = bench();
    const found = (ours: string, evidence: string[] = []): Finding => ({
      ...{ code: 'pre-shared-key-differs', object: id, ours, theirs: null, evidence, since: 0 },
    });
    observed.recordFindings(id, 'negotiation', [found('a'), found('b')]);
    observed.recordFindings(id, 'negotiation', [found('b', ['a line more']), found('c')]);
    observed.recordFindings(id, 'negotiation', []);
    expect(lines.map(({ detail }) => detail)).toMatchObject([
      { finding: { ours: 'a' }, isGone: false },
      { finding: { ours: 'b' }, isGone: false },
      { finding: { ours: 'c' }, isGone: false },
      { finding: { ours: 'b' }, isGone: true },
      { finding: { ours: 'c' }, isGone: true },
    ]);
    expect(told()[0]).toBe('finding pre-shared-key-differs (ours a, theirs ?)');
  });

  it('its probes each minute, and when loss begins or ends', () => {
    const { observed, told, wait } = bench();
    for (let second = 0; second < 90; second++) {
      observed.recordUsability(id, probes(0));
      wait(1000);
    }
    expect(told()).toEqual(Array.from({ length: 2 }, () => 'probes 60 sent, 0 lost, 12.3 ms'));
    for (const lost of [1, 2, 3, 0]) observed.recordUsability(id, probes(lost));
    expect(told()).toEqual(['probes 60 sent, 1 lost, 12.3 ms', 'probes 60 sent, 0 lost, 12.3 ms']);
  });
});

it('of conditions is told what is wrong, once, and what is right again', () => {
  const lines: NewLine[] = [];
  const conditions = new ConditionLines((line) => void lines.push(line));
  const disk = (ok: boolean, message = '') => [{ name: 'disk', ok, message }];
  for (const now of [disk(true), disk(false, 'full'), disk(false, 'full'), disk(true), []]) conditions.observe(now);
  expect(lines.map(({ subject, text }) => [subject, text])).toEqual([
    ['host', 'disk: full'],
    ['host', 'disk: as it should be again'],
  ]);
});

it('a number that counts up in a condition is no news', () => {
  const lines: NewLine[] = [];
  const conditions = new ConditionLines((line) => void lines.push(line));
  for (let second = 1; second < 5; second++) {
    conditions.observe([{ name: 'agent', ok: false, message: `not there for ${second * 5} s` }]);
  }
  conditions.observe([{ name: 'agent', ok: false, message: 'it does not answer for 25 s' }]);
  expect(lines.map(({ text }) => text)).toEqual(['agent: not there for 5 s', 'agent: it does not answer for 25 s']);
});

describe('of a plan is told', () => {
  const done = (line: string) => ({ by: 'ip', line, problem: null });

  it('nothing where it changed nothing', () => expect(planLine('host', 1, [])).toBeNull());

  it('what failed first, and so much of the rest', () => {
    const many = Array.from({ length: 30 }, (_, n) => done(`route add ${n} ${'x'.repeat(300)}`));
    const line = planLine('vpngw-one00000', 7, [...many, { ...done('link add'), problem: 'File exists' }]);
    const texts = line?.text.split('\n') ?? [];
    expect(texts.slice(0, 2)).toEqual(['plan of change 7: 1 of 31 failed', 'ip link add: File exists']);
    expect(texts).toHaveLength(22);
    expect(texts.at(-1)).toBe('and 11 more');
    expect(Math.max(...texts.map(({ length }) => length))).toBe(200);
  });
});
