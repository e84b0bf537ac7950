import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../testing/fake-clock.ts';
import { askBounds, type PeerProposals } from '../domain/diagnosis/peer-proposals.ts';
import type { VpnConnectionId } from '../domain/resource-id.ts';
import type { ConnectionPlan } from '../plan/plan.ts';
import { pino } from 'pino';
import { PeerQuestions } from './peer-questions.ts';
import type { SeriesOrder } from './series-messages.ts';

const answer: PeerProposals = {
  ...{ verdict: 'nothing', suite: null, settable: null, isComplete: true, messages: 3, halfOpen: 0, askedAt: 0 },
  offered: { encryption: 'aes256', integrity: 'sha256', prf: 'sha256', group: 14 },
  also: { encryption: [], integrity: [], prf: [], group: [] },
};

function planOf(id: string, changes: Partial<ConnectionPlan> = {}): ConnectionPlan {
  return {
    ...{ id: id as VpnConnectionId, version: 2, localAddress: '203.0.113.1', remoteAddress: '198.51.100.1' },
    ikeProposals: ['aes256-sha256-modp2048'],
    ...changes,
  } as ConnectionPlan;
}

function setUp(...plans: ConnectionPlan[]) {
  const clock = new FakeClock();
  const known = new Map(plans.map((plan) => [plan.id as string, plan]));
  const orders: (SeriesOrder & { readonly netns: string })[] = [];
  const ends: PromiseWithResolvers<PeerProposals>[] = [];
  const questions = new PeerQuestions({
    find: (tunnel) => {
      const plan = known.get(tunnel);
      return plan === undefined ? undefined : { gateway: 'vpngw-11111111', plan };
    },
    start: (netns, order) => {
      orders.push({ netns, ...order });
      const end = Promise.withResolvers<PeerProposals>();
      ends.push(end);
      return end.promise;
    },
    ...{ clock, logger: pino({ level: 'silent' }) },
  });
  const finish = async (verdict: PeerProposals['verdict'] = 'nothing') => {
    for (const end of ends.splice(0)) end.resolve({ ...answer, verdict });
    await settle();
  };
  return { questions, clock, known, orders, ends, finish };
}

const tunnel: VpnConnectionId = 'vpnx-11111111';

describe('questions to peers', () => {
  it('go to the address that the plan has, port 500, from the gateway of the tunnel, and nowhere else', async () => {
    const { questions, orders, finish } = setUp(planOf(tunnel));
    const asked = questions.ask(tunnel, 'a');
    await finish();
    expect(await asked).toEqual(answer);
    expect(orders).toEqual([
      {
        ...{ netns: 'lb-vpngw-11111111', localAddress: '203.0.113.1', localPort: 50_500 },
        ...{ remoteAddress: '198.51.100.1', remotePort: 500, ours: answer.offered },
      },
    ]);
    expect(await questions.ask('vpnx-22222222', 'a')).toBe('not-there');
    expect(orders).toHaveLength(1);
  });

  it('are none of IKEv1', async () => {
    const { questions, orders } = setUp(planOf(tunnel, { version: 1 }));
    expect(await questions.ask(tunnel, 'a')).toBe('not-ikev2');
    questions.noteRefused(planOf(tunnel, { version: 1 }));
    expect(orders).toEqual([]);
  });

  it('are one series at a time at an address, whosever tunnel it is, and none until what is left there is gone', async () => {
    const other = 'vpnx-22222222';
    const { questions, clock, orders, finish } = setUp(planOf(tunnel), planOf(other));
    const asked = questions.ask(tunnel, 'a');
    expect(await questions.ask(tunnel, 'a')).toBe('peer-asked-now');
    expect(await questions.ask(other, 'b')).toBe('peer-asked-now');
    questions.noteRefused(planOf(other));
    await finish();
    await asked;
    expect(await questions.ask(other, 'b')).toBe('peer-asked-now');
    expect(await questions.ask(tunnel, 'a')).toEqual(answer);
    expect(orders).toHaveLength(1);
    await clock.advance(askBounds.restMs);
    void questions.ask(other, 'b');
    expect(orders).toHaveLength(2);
  });

  it('are few at a time on a host, and few in a minute for an account', async () => {
    const plans = [1, 2, 3, 4, 5, 6].map((n) => planOf(`vpnx-${n}`, { remoteAddress: `198.51.100.${n}` as never }));
    const { questions, clock, orders, finish } = setUp(...plans);
    for (const { id } of plans.slice(0, 3)) void questions.ask(id, 'a');
    expect(await questions.ask('vpnx-4', 'b')).toBe('host-busy');
    await finish();
    void questions.ask('vpnx-4', 'a');
    expect(await questions.ask('vpnx-5', 'a')).toBe('account-asks-often');
    void questions.ask('vpnx-5', 'b');
    expect(orders).toHaveLength(5);
    await finish();
    await clock.advance(60_000);
    void questions.ask('vpnx-6', 'a');
    expect(orders).toHaveLength(6);
  });

  it('are asked once an hour by themselves, one peer after the other, however often it is noted', async () => {
    const other = planOf('vpnx-22222222', { remoteAddress: '198.51.100.2' as never });
    const { questions, clock, orders, finish } = setUp(planOf(tunnel), other);
    for (let times = 0; times < 3; times++) questions.noteRefused(planOf(tunnel));
    questions.noteRefused(other);
    expect(orders.map(({ remoteAddress }) => remoteAddress)).toEqual(['198.51.100.1']);
    await finish('other');
    for (let times = 0; times < 3; times++) questions.noteRefused(other);
    await finish('other');
    for (let minutes = 1; minutes < 60; minutes++) {
      await clock.advance(60_000);
      questions.noteRefused(planOf(tunnel));
      questions.noteRefused(other);
    }
    expect(orders).toHaveLength(2);
    await clock.advance(60_000);
    questions.noteRefused(planOf(tunnel));
    expect(orders).toHaveLength(3);
  });

  it.each(['nothing', 'silent'] as const)('are asked again soon where the answer was %s', async (verdict) => {
    const { questions, clock, orders, finish } = setUp(planOf(tunnel));
    questions.noteRefused(planOf(tunnel));
    await finish(verdict);
    await clock.advance(askBounds.ownAgainMs - 1);
    questions.noteRefused(planOf(tunnel));
    expect(orders).toHaveLength(1);
    await clock.advance(1);
    questions.noteRefused(planOf(tunnel));
    expect(orders).toHaveLength(2);
  });

  it('are asked again where the tunnel was up meanwhile, once the address had its rest', async () => {
    const { questions, clock, orders, finish } = setUp(planOf(tunnel));
    questions.noteRefused(planOf(tunnel));
    await finish('other');
    questions.noteConnected(tunnel);
    questions.noteRefused(planOf(tunnel));
    expect(orders).toHaveLength(1);
    await clock.advance(askBounds.restMs);
    questions.noteRefused(planOf(tunnel));
    expect(orders).toHaveLength(2);
  });

  it('are none about what the tunnel was before: the refusal was not of what it is now', () => {
    const { questions, orders } = setUp(planOf(tunnel));
    questions.noteRefused(planOf(tunnel, { ikeProposals: ['aes128-sha256-modp2048'] }));
    expect(orders).toEqual([]);
    questions.noteRefused(planOf(tunnel));
    expect(orders).toHaveLength(1);
  });

  it('are forgotten with the proposals and the peer of the tunnel, and by another one in its place', async () => {
    const { questions, known, finish } = setUp(planOf(tunnel));
    questions.noteRefused(planOf(tunnel));
    expect(questions.knownOf(planOf(tunnel))).toBeNull();
    await finish();
    expect(questions.knownOf(planOf(tunnel))).toEqual(answer);
    for (const change of [
      { ikeProposals: ['aes128-sha256-modp2048'] },
      { remoteAddress: '198.51.100.9' },
      { localAddress: '203.0.113.9' },
    ] as never[]) {
      expect(questions.knownOf(planOf(tunnel, change))).toBeNull();
    }
    known.clear();
    expect(await questions.ask(tunnel, 'a')).toBe('not-there');
  });

  it('that cannot be asked are said to be so, and keep nobody from asking later', async () => {
    const { questions, clock, ends, orders } = setUp(planOf(tunnel));
    const asked = questions.ask(tunnel, 'a');
    ends[0]?.reject(new Error('no such namespace'));
    expect(await asked).toBe('not-started');
    expect(questions.knownOf(planOf(tunnel))).toBeNull();
    await clock.advance(askBounds.restMs);
    void questions.ask(tunnel, 'a');
    expect(orders).toHaveLength(2);
  });
});
