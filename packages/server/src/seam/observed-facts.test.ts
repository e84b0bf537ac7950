import { expect, it, vi } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import { sampleCapacity } from '../../testing/sample-capacity.ts';
import type { Finding } from '../domain/diagnosis/finding.ts';
import { freshCapacity } from '../domain/operator/host-capacity.ts';
import type { SaObservation } from '../domain/operator/observation.ts';
import { ObservedState } from '../domain/operator/observed-state.ts';
import { FactSender } from './fact-sender.ts';
import { ObservedFacts } from './observed-facts.ts';
import { ReportedState } from './reported-state.ts';
import type { FromAgent, OfKind } from './contract.ts';

const tunnel = 'vpnx-tunnel01';
const anHour = 3_600_000;
const sas = (changedAt: number): SaObservation => ({
  ...{ ikeEstablished: true, children: {}, connected: true, lastError: null, changedAt },
});

/** Both sides, with a clock each. */
function start() {
  const [there, here] = [new FakeClock(), new FakeClock()];
  const observed = new ObservedState();
  const facts = new ObservedFacts(observed, here);
  let sender: FactSender | null = null;
  const reported = new ReportedState(there, (fact, isUrgent) => sender?.note(fact, isUrgent));
  const connect = () => {
    facts.begin();
    const send = (message: FromAgent) => {
      const heard = JSON.parse(JSON.stringify(message)) as OfKind<FromAgent, 'facts'>;
      facts.hear(heard.facts, heard.isComplete);
    };
    sender = new FactSender({ send, drained: () => Promise.resolve() }, reported.facts(), there);
  };
  const changedAt = () => observed.tunnel(tunnel).sas?.changedAt;
  const pass = async (ms: number) => {
    await there.advance(ms);
    await here.advance(ms);
  };
  return { there, here, reported, observed, connect, changedAt, pass };
}

it('since when SAs are as they are is told by the clock of who is asked, whatever that of who saw it says', async () => {
  const { there, here, reported, connect, changedAt, pass } = start();
  there.setBy(5 * anHour);
  reported.recordSas(tunnel, sas(there.now()));
  await pass(anHour);
  // It is told again, as it is each time that charon is asked.
  reported.recordSas(tunnel, sas(there.now() - anHour));
  connect();
  await vi.waitFor(() => expect(changedAt()).toBe(here.now() - anHour));
});

it('what was found comes up whole, with its age whatever the clocks say, and goes', async () => {
  const { there, here, reported, observed, connect, pass } = start();
  there.setBy(5 * anHour);
  const finding: Finding = {
    ...{ code: 'pre-shared-key-differs', object: tunnel, ours: 'a', theirs: null, evidence: ['a line'] },
    since: there.now(),
  };
  reported.recordFindings(tunnel, 'negotiation', [finding]);
  await pass(10_000);
  connect();
  const found = () => observed.tunnel(tunnel).findings;
  await vi.waitFor(() => expect(found()).toEqual([{ ...finding, since: here.now() - 10_000 }]));
  here.setBy(-9 * anHour);
  reported.recordFindings('vpnx-tunnel02', 'negotiation', [finding]);
  await vi.waitFor(() => expect(found()).toEqual([{ ...finding, since: here.now() - 10_000 }]));
  reported.recordFindings(tunnel, 'negotiation', []);
  await vi.waitFor(() => expect(found()).toEqual([]));
});

it('when packets last passed, and a probe was last answered, is told by the clock of who is asked', async () => {
  const { there, here, reported, observed, connect, pass } = start();
  there.setBy(5 * anHour);
  const totals = { inBytes: 9, inPackets: 1, outBytes: 0, outPackets: 0, rekeys: 2 };
  reported.recordTraffic(tunnel, { ...totals, lastInAt: there.now() - 3000, lastOutAt: null });
  const probes = { sent: 1, lost: 0, unsent: 0, meanDelayMs: 1 };
  const schedule = { intervalMs: 100, wantedMs: 100 };
  const check = { state: 'available', probes, schedule } as const;
  reported.recordUsability(tunnel, { fault: null, healthCheck: { ...check, answeredAt: there.now() } });
  await pass(10_000);
  connect();
  const seen = () => observed.tunnel(tunnel);
  await vi.waitFor(() => expect(seen().traffic).toEqual({ ...totals, lastInAt: here.now() - 13_000, lastOutAt: null }));
  expect(seen().usability?.healthCheck).toEqual({ ...check, answeredAt: here.now() - 10_000 });
  here.setBy(-9 * anHour);
  // With what is heard at once: totals are told when nobody waits for them.
  reported.recordUsability('vpnx-tunnel02', { fault: 'probe', healthCheck: null });
  await pass(1000);
  await vi.waitFor(() => expect(seen().traffic?.lastInAt).toBe(here.now() - 14_000));
  reported.recordTraffic(tunnel, null);
  await vi.waitFor(() => expect(seen().traffic).toBeNull());
});

it('what a later version has found is left out, and holds up nothing', async () => {
  const { there, reported, observed, connect } = start();
  const known: Finding = {
    ...{ code: 'pre-shared-key-differs', object: tunnel, ours: null, theirs: null, evidence: [] },
    since: there.now(),
  };
  reported.recordFindings(tunnel, 'negotiation', [{ ...known, code: 'of-next-year' as Finding['code'] }, known]);
  connect();
  await vi.waitFor(() => expect(observed.tunnel(tunnel).findings.map(({ code }) => code)).toEqual([known.code]));
});

it('a clock that is set, here or there, moves nothing', async () => {
  const { there, here, reported, connect, changedAt, pass } = start();
  connect();
  reported.recordSas(tunnel, sas(there.now()));
  await vi.waitFor(() => expect(changedAt()).toBe(here.now()));
  await pass(10_000);
  here.setBy(-9 * anHour);
  there.setBy(7 * anHour);
  // With whatever is heard next, such as statistics of another tunnel.
  reported.recordUsability('vpnx-tunnel02', { fault: 'probe', healthCheck: null });
  await vi.waitFor(() => expect(changedAt()).toBe(here.now() - 10_000));
  await pass(10_000);
  connect();
  await vi.waitFor(() => expect(changedAt()).toBe(here.now() - 20_000));
});

it('where the clocks agree it is told to the millisecond, and no age is left in what is observed', async () => {
  const { there, reported, observed, connect, pass } = start();
  connect();
  const seen = sas(there.now());
  reported.recordSas(tunnel, seen);
  await pass(7);
  connect();
  await vi.waitFor(() => expect(observed.tunnel(tunnel).sas).toEqual(seen));
  expect(reported.tunnel(tunnel).sas).toEqual(seen);
});

it('more that is seen of a finding is told as well, once in ten seconds', async () => {
  const { there, here, reported, observed, connect, pass } = start();
  const finding: Finding = {
    ...{ code: 'peer-silent', object: tunnel, ours: 'a', theirs: null, evidence: ['1'], since: there.now() },
  };
  const told: string[][] = [];
  connect();
  observed.onTunnel(({ findings: [first] }) => void told.push([...(first?.evidence ?? [])]));
  const see = (...evidence: string[]) => reported.recordFindings(tunnel, 'negotiation', [{ ...finding, evidence }]);
  see('1');
  await vi.waitFor(() => expect(told).toEqual([['1']]));
  for (let second = 1; second <= 9; second++) {
    see('1', String(second));
    await pass(1000);
  }
  expect(told).toEqual([['1']]);
  expect(reported.tunnel(tunnel).findings[0]?.evidence).toEqual(['1', '9']);
  await pass(1000);
  // Nothing else is seen: what waits is told all the same.
  see('1', '9');
  await vi.waitFor(() => expect(told).toEqual([['1'], ['1', '9']]), { timeout: 3000 });
  await pass(60_000);
  for (let look = 0; look < 5; look++) see('1', '9');
  see('1', '10');
  await vi.waitFor(() => expect(told).toHaveLength(3), { timeout: 3000 });
  reported.recordFindings(tunnel, 'negotiation', []);
  await vi.waitFor(() => expect(told.at(-1)).toEqual([]));
  expect(told).toHaveLength(4);
  expect(here.now()).toBe(there.now());
});

it('how much the host carries comes up with its age whatever the clocks say, and is not known any more where nobody tells', async () => {
  const { there, here, reported, observed, connect, pass } = start();
  there.setBy(5 * anHour);
  const later = { ...sampleCapacity.resources[0]!, resource: 'what a later version counts' as 'memory' };
  const resources = [...sampleCapacity.resources, later];
  reported.recordCapacity({ ...sampleCapacity, measuredAt: there.now(), resources });
  await pass(10_000);
  connect();
  await vi.waitFor(() => expect(observed.capacity()).toEqual({ ...sampleCapacity, measuredAt: here.now() - 10_000 }));
  // Nobody looks any more: it gets older by the clock here.
  const { measuredAt } = observed.capacity()!;
  await pass(60_000);
  expect(freshCapacity(observed.capacity(), here.now())).toBeNull();
  expect(observed.capacity()?.measuredAt).toBe(measuredAt);
  // An agent of a former version.
  reported.recordCapacity(null);
  connect();
  await vi.waitFor(() => expect(observed.capacity()).toBeNull());
});
