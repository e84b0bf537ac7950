import { expect, it } from 'vitest';
import { pino } from 'pino';
import { FakeClock } from '../../../testing/fake-clock.ts';
import type { NewEvent } from '../../domain/operator/event.ts';
import { ObservedState } from '../../domain/operator/observed-state.ts';
import type { Finding } from '../../domain/diagnosis/finding.ts';
import type { VpnConnection } from '../../domain/vpn/vpn-connection.ts';
import { TunnelStates } from './tunnel-states.ts';

const totals = { inBytes: 1, inPackets: 1, outBytes: 1, outPackets: 1, rekeys: 0 };
const connection = { id: 'vpnx-tunnel01', negotiation: 'active' } as unknown as VpnConnection;
const { id } = connection;

function start() {
  const [observed, clock, events] = [new ObservedState(), new FakeClock(), new Array<NewEvent>()];
  const told: (readonly [string, string | null])[] = [];
  let asked = 0;
  let isFailing = false;
  let present = true;
  const states = new TunnelStates({
    logger: pino({ level: 'silent' }),
    onLook: (of, look) => void told.push([of, look && `${look.state} ${look.findings.length} ${look.isConnected}`]),
    ...{ observed, clock, record: (event) => void events.push(event) },
    connectionOf: (each) => (each === id && present ? connection : undefined),
    findingsOf: (_, { findings }) => {
      asked += 1;
      if (isFailing) throw new Error('a bug');
      return findings;
    },
  });
  const connected = (isUp: boolean, lastError: string | null = null) => {
    const changedAt = clock.now();
    observed.recordSas(id, { ikeEstablished: isUp, children: { a: isUp }, connected: isUp, lastError, changedAt });
  };
  const pass = () => observed.recordTraffic(id, { ...totals, lastInAt: clock.now(), lastOutAt: clock.now() });
  const tick = async (seconds: number) => {
    for (let second = 0; second < seconds; second++) {
      await clock.advance(1000);
      states.tick();
    }
  };
  return {
    observed,
    clock,
    events,
    states,
    connected,
    pass,
    tick,
    told,
    asked: () => asked,
    fail: () => (isFailing = true),
    isThere: (now: boolean) => (present = now),
  };
}

it('a state lasts from its beginning, and a change is told with the old one, the new one and why', async () => {
  const { observed, clock, states, connected, events, tick } = start();
  observed.recordFindings(id, 'negotiation', [
    { code: 'pre-shared-key-differs', object: id, ours: null, theirs: null, evidence: [], since: clock.now() },
  ]);
  connected(false, 'refused us');
  const began = clock.now();
  await tick(5);
  expect(states.of(connection)).toMatchObject({ state: 'refused', since: began });
  connected(true);
  observed.recordFindings(id, 'negotiation', []);
  expect(states.of(connection)).toMatchObject({ state: 'up-unproven', since: clock.now() });
  connected(false, 'The peer closed the tunnel.');
  expect(events.map(({ kind, message }) => [kind, message])).toEqual([
    ['state-changed', 'refused → up-unproven: nothing has passed it yet.'],
    ['state-changed', 'up-unproven → negotiating: The peer closed the tunnel.'],
  ]);
});

it('what was proven is proven no longer after its time, though nobody asks or tells anything, and quiet is no event', async () => {
  const { clock, states, connected, pass, events, tick } = start();
  connected(true);
  pass();
  expect(states.of(connection).state).toBe('up');
  await tick(9);
  expect(states.of(connection).state).toBe('up');
  await tick(2);
  const left = clock.now();
  await tick(60);
  expect(states.of(connection)).toMatchObject({ state: 'up-unproven', since: left });
  expect(events).toEqual([]);
});

it('a finding is told as a change at once, and so is its end', () => {
  const { observed, connected, pass, events } = start();
  connected(true);
  pass();
  const finding: Finding = { code: 'esp-not-received', object: id, ours: null, theirs: null, evidence: [], since: 0 };
  observed.recordFindings(id, 'data-plane', [finding]);
  observed.recordFindings(id, 'data-plane', []);
  expect(events.map(({ message }) => message.split(':')[0])).toEqual(['up → one-way-out', 'one-way-out → up.']);
});

it('a quiet tunnel costs a tick nothing', async () => {
  const { connected, pass, tick, asked } = start();
  connected(true);
  pass();
  await tick(15);
  const before = asked();
  await tick(1000);
  expect(asked()).toBe(before);
});

it('what was found is handed on with what was seen, and of one that is gone that it is', () => {
  const { observed, connected, told } = start();
  const finding = { code: 'esp-not-received', object: id, ours: null, theirs: null, evidence: [], since: 1 } as const;
  connected(true);
  observed.recordFindings(id, 'data-plane', [finding]);
  observed.recordSas(id, null);
  observed.recordFindings(id, 'data-plane', []);
  expect(told).toEqual([
    [id, 'up-unproven 0 true'],
    [id, 'one-way-out 1 true'],
    [id, 'unknown 1 false'],
    [id, 'unknown 0 false'],
  ]);
  observed.recordSas('vpnx-gone0001', sampleSas);
  expect(told.at(-1)).toEqual(['vpnx-gone0001', null]);
});

it('what changed while nobody saw it is told once it is seen, and what did not change is not', () => {
  const { observed, connected, events } = start();
  const silent = { code: 'peer-silent', object: id, ours: null, theirs: null, evidence: [], since: 1 } as const;
  connected(true);
  observed.recordSas(id, null);
  connected(true);
  expect(events).toEqual([]);
  observed.recordSas(id, null);
  observed.recordFindings(id, 'negotiation', [silent]);
  connected(false, 'Peer silent.');
  expect(events.map(({ message }) => message)).toEqual(['up-unproven → peer-silent: Peer silent.']);
});

it('one tunnel that cannot be told of holds up no other', () => {
  const { observed, told, fail } = start();
  fail();
  observed.recordSas(id, sampleSas);
  expect(told).toEqual([]);
  observed.recordSas('vpnx-gone0001', sampleSas);
  expect(told).toEqual([['vpnx-gone0001', null]]);
});

it('what is gone is forgotten: one that comes under its id has no past', async () => {
  const { observed, connected, pass, events, asked, tick, isThere, states, clock } = start();
  connected(true);
  pass();
  expect(states.of(connection).state).toBe('up');
  isThere(false);
  observed.recordSas(id, null);
  const before = asked();
  await tick(20);
  expect(asked()).toBe(before);
  isThere(true);
  connected(false, 'The peer does not answer.');
  expect(events).toEqual([]);
  expect(states.of(connection)).toMatchObject({ state: 'negotiating', since: clock.now() });
});

const sampleSas = { ikeEstablished: true, children: {}, connected: true, lastError: null, changedAt: 0 };
