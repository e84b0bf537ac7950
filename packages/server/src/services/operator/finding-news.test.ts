import { beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../../testing/fake-clock.ts';
import type { Finding, ToldFinding } from '../../domain/diagnosis/finding.ts';
import type { FindingMute } from '../../domain/diagnosis/finding-mute.ts';
import type { NewEvent } from '../../domain/operator/event.ts';
import { FindingNews, goneForMs } from './finding-news.ts';

const id = 'vpnx-tunnel01';
let clock: FakeClock;
let events: NewEvent[];
let mute: FindingMute | undefined;
/** Acknowledgements that were over. */
let ended: string[];
beforeEach(() => {
  clock = new FakeClock();
  events = [];
  mute = undefined;
  ended = [];
});

const found = (code: Finding['code'] = 'pre-shared-key-differs'): Finding => ({
  ...{ code, object: id, ours: null, theirs: null, evidence: [], since: clock.now() },
});
const begin = (told: readonly ToldFinding[] = [], acknowledged: readonly ToldFinding[] = []) =>
  new FindingNews({
    endMute: ({ code }) => {
      ended.push(code);
      mute = undefined;
    },
    ...{ acknowledged, told, clock, record: (event) => void events.push(event) },
    describe: ({ code }) => (code === 'both-ends-passive' ? null : `words of ${code}`),
    muteOf: (_, code) => (mute?.code === code ? mute : undefined),
  });
const see = (news: FindingNews, findings: readonly Finding[], look: object = {}) =>
  news.note(id, { state: 'up', isConnected: true, findings, ...look });
const kinds = () => events.map(({ kind, finding }) => `${kind} ${finding}`);

async function pass(news: FindingNews, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1000) {
    await clock.advance(1000);
    news.tick();
  }
}

it('tells once that something is wrong, and once that it is mended for good', async () => {
  const news = begin();
  see(news, [found()]);
  await pass(news, 5000);
  see(news, [found()]);
  expect(events).toEqual([
    {
      resourceId: id,
      kind: 'finding-raised',
      message: 'words of pre-shared-key-differs',
      at: events[0]!.at,
      finding: 'pre-shared-key-differs',
    },
  ]);
  see(news, []);
  await pass(news, goneForMs - 1000);
  expect(events).toHaveLength(1);
  await pass(news, 2000);
  expect(kinds()).toEqual(['finding-raised pre-shared-key-differs', 'finding-cleared pre-shared-key-differs']);
  await pass(news, 60_000);
  expect(events).toHaveLength(2);
  see(news, [found()]);
  expect(events).toHaveLength(3);
});

it('what comes and goes is one thing', async () => {
  const news = begin();
  for (let round = 0; round < 20; round++) {
    see(news, [found()]);
    await pass(news, 10_000);
    see(news, []);
    await pass(news, goneForMs - 1000);
  }
  expect(events).toHaveLength(1);
});

it('tells neither what is not worth it nor what is muted, until the mute is over', async () => {
  const news = begin();
  mute = {
    ...{ vpnConnectionId: id, code: 'pre-shared-key-differs', accountId: 'a', reason: '', mutedBy: 'k' },
    ...{ until: clock.now() + 5000, createdAt: clock.now() },
  };
  see(news, [found(), found('both-ends-passive'), found('esp-not-received')]);
  expect(kinds()).toEqual(['finding-raised esp-not-received']);
  await pass(news, 5000);
  see(news, [found(), found('esp-not-received')]);
  expect(kinds()).toEqual(['finding-raised esp-not-received', 'finding-raised pre-shared-key-differs']);
});

const acknowledge = () => {
  mute = {
    ...{ vpnConnectionId: id, code: 'pre-shared-key-differs', accountId: 'a', reason: '', mutedBy: 'k' },
    ...{ until: null, createdAt: clock.now() },
  };
};

it.each(['before it was found', 'once it was told'])(
  'what is acknowledged %s is told when it comes again, however old it says it is',
  async (when) => {
    const news = begin();
    const row = { ...found(), since: 0 };
    if (when === 'once it was told') see(news, [row]);
    acknowledge();
    see(news, [row]);
    await pass(news, goneForMs);
    see(news, []);
    await pass(news, goneForMs - 1000);
    see(news, [row]);
    await pass(news, goneForMs + 1000);
    // It was not gone for long enough.
    expect(ended).toEqual([]);
    events.splice(0);
    see(news, []);
    await pass(news, goneForMs + 1000);
    expect(ended).toEqual(['pre-shared-key-differs']);
    see(news, [row]);
    expect(kinds().at(-1)).toBe('finding-raised pre-shared-key-differs');
    expect(kinds().filter((kind) => kind.startsWith('finding-raised'))).toHaveLength(1);
  },
);

it('what was acknowledged before a restart, and is gone after it, is another when it comes', async () => {
  acknowledge();
  const news = begin([], [{ resourceId: id, code: 'pre-shared-key-differs' }]);
  see(news, []);
  await pass(news, goneForMs + 1000);
  expect([ended, events]).toEqual([['pre-shared-key-differs'], []]);
});

it('a refusal is not mended because nobody has tried again yet, nor anything where nothing is seen', async () => {
  const news = begin();
  see(news, [found(), found('esp-not-received')], { isConnected: false });
  see(news, [], { state: 'unknown', isConnected: false });
  await pass(news, 2 * goneForMs);
  see(news, [], { state: 'negotiating', isConnected: false });
  await pass(news, goneForMs + 1000);
  expect(kinds().slice(2)).toEqual(['finding-cleared esp-not-received']);
  see(news, [found('ike-dh-group-differs')], { state: 'refused', isConnected: false });
  await pass(news, goneForMs + 1000);
  expect(kinds().slice(3)).toEqual(['finding-raised ike-dh-group-differs', 'finding-cleared pre-shared-key-differs']);
});

it('after a restart what was told is not told again, and what is mended meanwhile is', async () => {
  const news = begin([
    { resourceId: id, code: 'pre-shared-key-differs' },
    { resourceId: id, code: 'esp-not-received' },
  ]);
  see(news, [found()]);
  await pass(news, goneForMs + 1000);
  expect(kinds()).toEqual(['finding-cleared esp-not-received']);
});

it('after a restart nothing is mended that was not looked at yet, however long ago it was told', async () => {
  const told = [{ resourceId: id, code: 'pre-shared-key-differs' }] as const;
  await clock.advance(10 * goneForMs);
  const news = begin(told);
  await pass(news, 2 * goneForMs);
  see(news, [found()]);
  await pass(news, 2 * goneForMs);
  expect(events).toEqual([]);
});

it('nothing is told of a tunnel that is gone', async () => {
  const news = begin();
  see(news, [found()]);
  see(news, []);
  news.note(id, null);
  await pass(news, goneForMs + 1000);
  expect(events).toHaveLength(1);
});
