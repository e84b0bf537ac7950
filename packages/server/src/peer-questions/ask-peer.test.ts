import { patience } from '@landbridge/testbed/poll';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { arbitrarySuite } from '../../testing/arbitrary-suite.ts';
import { FakeIkePeer, reply, type FakePeerHabits } from '../../testing/fake-ike-peer.ts';
import { askBounds, type IkeSuite, type PeerProposals } from '../domain/diagnosis/peer-proposals.ts';
import type { Clock } from '../platform/clock.ts';
import { askPeer } from './ask-peer.ts';
import { publicValue } from './key-exchange.ts';
import { groups } from './transform-ids.ts';

/** Time that passes when somebody waits for it. */
class PassingClock implements Clock {
  #elapsed = 0;
  now = () => 1_000_000 + this.#elapsed;
  elapsed = () => this.#elapsed;
  missed = () => 0;
  delay = (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve) => {
      setImmediate(() => {
        if (signal?.aborted !== true) this.#elapsed += ms;
        resolve();
      });
    });
}

interface Asked {
  readonly answer: PeerProposals;
  readonly sentAt: readonly number[];
  readonly tookMs: number;
}

async function ask(ours: IkeSuite, respond: (message: Uint8Array) => readonly Buffer[]): Promise<Asked> {
  const clock = new PassingClock();
  const sentAt: number[] = [];
  let hear: (message: Uint8Array) => void = () => undefined;
  const socket = {
    send: (message: Uint8Array) => {
      sentAt.push(clock.elapsed());
      for (const answer of respond(message)) hear(answer);
    },
    listen: (onMessage: (message: Uint8Array) => void) => (hear = onMessage),
  };
  const answer = await askPeer({ ours, socket, clock });
  return { answer, sentAt, tookMs: clock.elapsed() };
}

async function askFake(ours: IkeSuite, habits: FakePeerHabits): Promise<Asked & { readonly peer: FakeIkePeer }> {
  const peer = new FakeIkePeer(habits);
  const asked = await ask(ours, (message) => [peer.answer(message)].filter((answer) => answer !== null));
  return { ...asked, peer };
}

const ours: IkeSuite = { encryption: 'aes256', integrity: 'sha256', prf: 'sha256', group: 14 };
const nothingElse = { encryption: [], integrity: [], prf: [], group: [] };

describe('asking a peer', () => {
  it.each<[string, Partial<IkeSuite>, Partial<IkeSuite>]>([
    ['encryption', { encryption: 'aes128' }, { encryption: 'aes128' }],
    ['integrity and PRF', { integrity: 'sha512', prf: 'sha512' }, { integrity: 'sha512', prf: 'sha512' }],
    ['group', { group: 2 }, { group: 2 }],
    [
      'kind of encryption',
      { encryption: 'aes256gcm16', integrity: null },
      { encryption: 'aes256gcm16', integrity: null },
    ],
  ])(
    'names another %s, which the tunnel can be set to, and leaves one half-open IKE_SA',
    async (_, other, settable) => {
      const suite = { ...ours, ...other };
      const { answer, peer, tookMs } = await askFake(ours, { accepts: [suite] });
      expect(answer).toMatchObject({ verdict: 'other', suite, also: nothingElse, settable: { ...ours, ...settable } });
      expect(answer).toMatchObject({ isComplete: true, halfOpen: 1, messages: peer.requests.length });
      expect(peer.halfOpen).toBe(1);
      expect(tookMs).toBeLessThan(3000);
    },
  );

  it('says where no value of ours has the PRF that the peer wants', async () => {
    const suite: IkeSuite = { ...ours, prf: 'sha512' };
    const { answer } = await askFake(ours, { accepts: [suite] });
    expect(answer).toMatchObject({ verdict: 'other', suite, settable: null, isComplete: true });
  });

  it('lists what else is accepted, and chooses what is nearest to ours', async () => {
    const accepts = (['aes128', 'aes192'] as const).flatMap((encryption) =>
      ([19, 14, 2] as const).map((group): IkeSuite => ({ ...ours, encryption, group })),
    );
    const { answer, peer } = await askFake(ours, { accepts });
    expect(answer).toMatchObject({ suite: { encryption: 'aes128', group: 19 }, isComplete: true });
    expect(answer.also).toEqual({ encryption: ['aes192'], integrity: [], prf: [], group: [14, 2] });
    expect(answer.settable).toEqual({ ...ours, encryption: 'aes128' });
    expect(peer.halfOpen).toBeLessThanOrEqual(askBounds.halfOpen);
  });

  it('proves a combination that no single answer has proven, and drops one that is none', async () => {
    const chosen: IkeSuite = { ...ours, encryption: 'aes128', group: 19 };
    // Either alone, not both.
    const single = [chosen, { ...chosen, encryption: 'aes192' }, { ...chosen, group: 15 }] as const;
    const wanted: IkeSuite = { ...ours, encryption: 'aes192', group: 15 };
    const { answer } = await askFake({ ...wanted, integrity: 'sha512', prf: 'sha512' }, { accepts: single });
    expect(answer.suite).toEqual(chosen);
    expect(single).toContainEqual(answer.settable);
    const { answer: both } = await askFake(
      { ...wanted, integrity: 'sha512', prf: 'sha512' },
      { accepts: [...single, wanted] },
    );
    expect(both.settable).toEqual(wanted);
  });

  it('does not take a suite with another group for one with the group that was chosen', async () => {
    const chosen: IkeSuite = { encryption: 'aes128gcm16', integrity: null, prf: 'sha256', group: 21 };
    // Accepted with the group that other questions bring to be refused.
    const other: IkeSuite = { ...chosen, encryption: 'aes256gcm16', group: 1 };
    const own: IkeSuite = { ...other, prf: 'sha512', group: 21 };
    const { answer } = await askFake(own, { accepts: [chosen, other] });
    expect(answer).toMatchObject({ suite: chosen, also: nothingElse, settable: chosen });
  });

  it('ends before a peer that takes every group would block its address', async () => {
    const accepts = groups.map((group): IkeSuite => ({ ...ours, encryption: 'aes128', group }));
    const { answer, peer } = await askFake(ours, { accepts, takesGroupAsItComes: true });
    expect(peer.halfOpen).toBe(askBounds.halfOpen);
    expect(answer).toMatchObject({ verdict: 'other', halfOpen: 4, isComplete: false });
    expect(answer.settable).toEqual({ ...ours, encryption: 'aes128' });
  });

  it('tells what accepts ours, and what accepts nothing', async () => {
    const { answer } = await askFake(ours, { accepts: [ours] });
    expect(answer).toMatchObject({ verdict: 'ours', suite: null, messages: 1, halfOpen: 1 });
    const { answer: none } = await askFake(ours, { accepts: [] });
    expect(none).toMatchObject({ verdict: 'nothing', suite: null, settable: null, messages: 3, halfOpen: 0 });
  });

  it('tries each question once more, and says that nobody answers', async () => {
    const { answer, sentAt, tookMs } = await ask(ours, () => []);
    expect(answer).toMatchObject({ verdict: 'silent', messages: 4, halfOpen: 0, isComplete: false });
    expect(sentAt).toEqual([0, 1000, 2000, 3000]);
    expect(tookMs).toBe(4000);
  });

  it('asks a peer that is silent where it refuses for everything, and stops at the next silence', async () => {
    const suite: IkeSuite = { ...ours, group: 19 };
    const { answer, peer } = await askFake(ours, { accepts: [suite], isSilentWhenRefusing: true });
    expect(answer).toMatchObject({ verdict: 'other', suite, settable: suite, isComplete: false });
    expect(peer.halfOpen).toBe(1);
  });

  it('brings the cookie that is demanded', async () => {
    const suite: IkeSuite = { ...ours, group: 19 };
    const { answer, peer } = await askFake(ours, { accepts: [suite], demandsCookies: true });
    expect(answer).toMatchObject({ verdict: 'other', suite, settable: suite });
    expect(peer.requests.filter(({ cookie }) => cookie !== null).length).toBeGreaterThan(2);
  });

  it('ends with a peer that demands one cookie after the other', async () => {
    const cookie = [41, Buffer.from([0, 0, 0x40, 0x06, 1])] as const;
    const { answer } = await ask(ours, (message) => [reply({ spi: Buffer.from(message.subarray(0, 8)) }, cookie)]);
    expect(answer.messages).toBeLessThanOrEqual(4);
    expect(answer).toMatchObject({ verdict: 'unclear', halfOpen: 0 });
  });

  it('does not believe what was not offered, and hears no stranger', async () => {
    const liar = new FakeIkePeer({ accepts: [ours] });
    const { answer } = await ask(ours, (message) => {
      const said = liar.answer(message);
      const forged = Buffer.from(said ?? []);
      // Another key length than any that was offered in the first question.
      if (forged.length > 60) forged.writeUInt16BE(128, 28 + 4 + 8 + 10);
      return [Buffer.from('noise'), Buffer.alloc(3000, 255), forged];
    });
    expect(answer.verdict).not.toBe('ours');
    expect(answer.halfOpen).toBeLessThanOrEqual(askBounds.halfOpen);
  });

  it(
    'keeps every bound with every peer, and says nothing that the peer does not accept',
    {
      timeout: 60_000 * patience,
    },
    async () => {
      const habits = fc.record({
        accepts: fc.array(arbitrarySuite, { maxLength: 40 }),
        demandsCookies: fc.boolean(),
        takesGroupAsItComes: fc.boolean(),
        isSilentWhenRefusing: fc.boolean(),
      });
      await fc.assert(
        fc.asyncProperty(arbitrarySuite, habits, async (own, peerHabits) => {
          const { answer, peer, sentAt, tookMs } = await askFake(own, peerHabits);
          expect(sentAt.length).toBeLessThanOrEqual(askBounds.messages);
          expect(peer.halfOpen).toBeLessThanOrEqual(askBounds.halfOpen);
          expect(answer).toMatchObject({ messages: sentAt.length, halfOpen: peer.halfOpen });
          expect(tookMs).toBeLessThanOrEqual(askBounds.seriesMs);
          for (const [index, at] of sentAt.entries()) {
            expect(at - (sentAt[index - 1] ?? -Infinity)).toBeGreaterThanOrEqual(askBounds.spacingMs);
          }
          const { suite, settable, also } = answer;
          const claimed = [suite, settable].filter((one) => one !== null);
          const alternatives =
            suite === null
              ? []
              : (['encryption', 'integrity', 'prf', 'group'] as const).flatMap((type) =>
                  also[type].map((value) => ({ ...suite, [type]: value })),
                );
          for (const one of [...claimed, ...alternatives]) expect(peerHabits.accepts).toContainEqual(one);
          expect(settable).not.toEqual(own);
        }),
        { numRuns: 40 },
      );
    },
  );
});

describe('public values', () => {
  const bytes = { 1: 96, 2: 128, 5: 192, 14: 256, 15: 384, 16: 512, 19: 64, 20: 96, 21: 132, 24: 256 } as const;

  it.each(groups)('of group %i has the length of its KE payload', (group) => {
    expect(publicValue(group)).toHaveLength(bytes[group]);
  });
});
