import { pino } from 'pino';
import { expect, test } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { acceptsAes128 } from '../../testing/fake-peer-asking.ts';
import { childSa, ikeSa, watched } from '../../testing/sample-sas.ts';
import type { PeerProposals } from '../domain/diagnosis/peer-proposals.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import type { ConnectionPlan } from '../plan/plan.ts';
import { ObservedConnections } from './observed-connections.ts';

const { id } = watched.plan;
const line = (text: string) =>
  ({ kind: 'log', group: 'IKE', level: 1, thread: 1, ikeSaName: watched.name, ikeSaUniqueId: 1, text }) as const;

/** A tunnel that is down, and what its peer said when it was asked. */
function bench() {
  const told: Record<string, unknown>[] = [];
  const logger = pino({}, { write: (text: string) => void told.push(JSON.parse(text) as Record<string, unknown>) });
  const observed = new ObservedState();
  const clock = new FakeClock();
  const noted: ConnectionPlan[] = [];
  const known: { answer: PeerProposals | null } = { answer: null };
  const connected: string[] = [];
  const askedPeers = {
    noteRefused: (plan: ConnectionPlan) => void noted.push(plan),
    noteConnected: (of: string) => void connected.push(of),
    knownOf: () => known.answer,
  };
  const connections = new ObservedConnections({ observed, clock, logger, askedPeers });
  connections.set([watched]);
  const look = () => {
    connections.note(connections.look([]));
    return observed.tunnel(id).findings;
  };
  return { connections, clock, noted, connected, known, look, told };
}

test('a peer that says no and nothing else is noted to be asked, and what it said stands beside it', () => {
  const { connections, clock, noted, known, look } = bench();
  look();
  expect(noted).toEqual([]);
  connections.noteLog(line('received NO_PROPOSAL_CHOSEN notify error'));
  expect(look()).toMatchObject([{ code: 'ike-proposal-refused', theirs: null }]);
  expect(noted).toEqual([watched.plan]);
  known.answer = { ...acceptsAes128, askedAt: clock.now() };
  expect(look()).toMatchObject([
    { code: 'ike-proposal-refused', theirs: expect.stringMatching(/^accepts: /) as string },
  ]);
});

test('that it came up is noted once: it may be asked anew when it refuses us after that', () => {
  const { connections, connected, look } = bench();
  look();
  expect(connected).toEqual([]);
  const up = [ikeSa({ childSas: [childSa()] })];
  for (let looks = 0; looks < 2; looks++) connections.note(connections.look(up));
  expect(connected).toEqual([id]);
});

test('that it was silent is told too', () => {
  const { connections, clock, known, look } = bench();
  connections.noteLog(line('received NO_PROPOSAL_CHOSEN notify error'));
  look();
  known.answer = { ...acceptsAes128, verdict: 'silent', suite: null, settable: null, askedAt: clock.now() };
  expect(look()).toMatchObject([{ theirs: null, accepts: { verdict: 'silent' } }]);
});

test('what it said before it refused us says nothing', () => {
  const { connections, clock, known, look } = bench();
  known.answer = { ...acceptsAes128, askedAt: clock.now() - 1 };
  connections.noteLog(line('received NO_PROPOSAL_CHOSEN notify error'));
  expect(look()).toMatchObject([{ code: 'ike-proposal-refused', theirs: null }]);
});

test('nobody is asked where something else is wrong', () => {
  const { connections, noted, look } = bench();
  connections.noteLog(line('received AUTHENTICATION_FAILED notify error'));
  expect(look()).toMatchObject([{ code: 'authentication-refused' }]);
  expect(noted).toEqual([]);
});

const [info, warn] = [30, 40];

test('a failure is a warning with its reason, a tunnel that is up or new is none', () => {
  const { connections, look, told } = bench();
  look();
  expect(told).toMatchObject([{ level: info, connection: id, msg: 'tunnel is not up yet' }]);
  connections.noteLog(line('received AUTHENTICATION_FAILED notify error'));
  look();
  look();
  expect(told.slice(1)).toMatchObject([
    {
      level: warn,
      connection: id,
      msg: 'tunnel is down',
      reason: expect.stringMatching(/[Aa]uthentication/) as string,
    },
  ]);
  connections.note(connections.look([ikeSa({ childSas: [childSa()] })]));
  expect(told.slice(2)).toMatchObject([{ level: info, connection: id, msg: 'tunnel is up' }]);
  look();
  expect(told.slice(3)).toMatchObject([
    { level: warn, connection: id, msg: 'tunnel is down', reason: 'A CHILD_SA is gone.' },
  ]);
});

test('of a drained host it is down before charon is told, for that reason, and no peer is to blame', () => {
  const observed = new ObservedState();
  const clock = new FakeClock();
  const events: string[] = [];
  const routes: boolean[] = [];
  const connections = new ObservedConnections({
    ...{ observed, clock, logger: pino({ level: 'silent' }) },
    record: ({ kind, message }) => void events.push(`${kind}: ${message}`),
    onChildSas: (installed) => void routes.push(...installed.values()),
  });
  connections.set([watched]);
  connections.note(connections.look([ikeSa({ childSas: [childSa()] })]));
  expect(observed.tunnel(id).sas).toMatchObject({ connected: true });
  connections.set([{ plan: { ...watched.plan, negotiation: 'never' }, name: `${id}@ba9876543210` }]);
  expect(observed.tunnel(id).sas).toMatchObject({
    connected: false,
    lastError: expect.stringMatching(/drained/) as string,
  });
  expect(routes.at(-1)).toBe(false);
  connections.noteLog({
    ...line('no IKE config found for 203.0.113.1...198.51.100.2, sending NO_PROPOSAL_CHOSEN'),
    ikeSaName: undefined,
  });
  connections.note(connections.look([]));
  expect(observed.tunnel(id)).toMatchObject({
    sas: { lastError: expect.stringMatching(/drained/) as string },
    findings: [],
  });
  expect(events.at(-1)).toMatch(/^tunnel-down: This host is drained/);
  connections.set([watched]);
  connections.note(connections.look([]));
  expect(observed.tunnel(id).sas?.lastError).toBeNull();
});
