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
beforeEach(() => {
  clock = new FakeClock();
  events = [];
  mute = undefined;
});

const found = (code: Finding['code'] = 'pre-shared-key-differs'): Finding => ({
  ...{ code, object: id, ours: null, theirs: null, evidence: [], since: clock.now() },
});
const begin = (told: readonly ToldFinding[] = []) =>
  new FindingNews({
    ...{ told, clock, record: (event) => void events.push(event) },
    describe: ({ code }) => (code === 'both-ends-passive' ? null : `words of ${code}`),
    muteOf: (_, code) => (mute?.code === code ? mute : undefined),
  });
const kinds = () => events.map(({ kind, finding }) => `${kind} ${finding}`);

async function pass(news: FindingNews, ms: number): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1000) {
    await clock.advance(1000);
    news.tick();
  }
}

it('tells once that something is wrong, and once that it is mended for good', async () => {
  const news = begin();
  news.note(id, [found()]);
  await pass(news, 5000);
  news.note(id, [found()]);
  expect(events).toEqual([
    {
      resourceId: id,
      kind: 'finding-raised',
      message: 'words of pre-shared-key-differs',
      at: events[0]!.at,
      finding: 'pre-shared-key-differs',
    },
  ]);
  news.note(id, []);
  await pass(news, goneForMs - 1000);
  expect(events).toHaveLength(1);
  await pass(news, 2000);
  expect(kinds()).toEqual(['finding-raised pre-shared-key-differs', 'finding-cleared pre-shared-key-differs']);
  await pass(news, 60_000);
  expect(events).toHaveLength(2);
  news.note(id, [found()]);
  expect(events).toHaveLength(3);
});

it('what comes and goes is one thing', async () => {
  const news = begin();
  for (let round = 0; round < 20; round++) {
    news.note(id, [found()]);
    await pass(news, 10_000);
    news.note(id, []);
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
  news.note(id, [found(), found('both-ends-passive'), found('esp-not-received')]);
  expect(kinds()).toEqual(['finding-raised esp-not-received']);
  await pass(news, 5000);
  news.note(id, [found(), found('esp-not-received')]);
  expect(kinds()).toEqual(['finding-raised esp-not-received', 'finding-raised pre-shared-key-differs']);
});

it('what is acknowledged is told when it comes again', async () => {
  const news = begin();
  const first = found();
  mute = {
    ...{ vpnConnectionId: id, code: 'pre-shared-key-differs', accountId: 'a', reason: '', mutedBy: 'k' },
    ...{ until: null, createdAt: clock.now() },
  };
  news.note(id, [first]);
  await pass(news, 1000);
  expect(events).toEqual([]);
  news.note(id, []);
  news.note(id, [found()]);
  expect(events).toHaveLength(1);
});

it('after a restart what was told is not told again, and what is mended meanwhile is', async () => {
  const news = begin([
    { resourceId: id, code: 'pre-shared-key-differs' },
    { resourceId: id, code: 'esp-not-received' },
  ]);
  news.note(id, [found()]);
  await pass(news, goneForMs + 1000);
  expect(kinds()).toEqual(['finding-cleared esp-not-received']);
});

it('after a restart nothing is mended that was not looked at yet, however long ago it was told', async () => {
  const told = [{ resourceId: id, code: 'pre-shared-key-differs' }] as const;
  await clock.advance(10 * goneForMs);
  const news = begin(told);
  await pass(news, 2 * goneForMs);
  news.note(id, [found()]);
  await pass(news, 2 * goneForMs);
  expect(events).toEqual([]);
});

it('nothing is told of a tunnel that is gone', async () => {
  const news = begin();
  news.note(id, [found()]);
  news.note(id, []);
  news.note(id, null);
  await pass(news, goneForMs + 1000);
  expect(events).toHaveLength(1);
});
