import { beforeEach, expect, test, vi } from 'vitest';
import { nextTurn } from '../platform/loop-turn.ts';
import type { PlanKey } from '../plan/plan.ts';
import { PlanFeed } from './plan-feed.ts';

const pauses = vi.hoisted((): number[] => []);

vi.mock('../platform/loop-turn.ts', async (original) => ({
  ...(await original<typeof import('../platform/loop-turn.ts')>()),
  pause: (ms: number) => Promise.resolve(void pauses.push(ms)),
}));

beforeEach(() => {
  pauses.length = 0;
});

/** Plans that may be out of date, and which of them come out different. */
function setUp(different: readonly PlanKey[]) {
  const doubted: PlanKey[] = [];
  const told: PlanKey[] = [];
  const book = {
    *refreshing(): Generator<PlanKey | null, void> {
      for (let key = doubted.shift(); key !== undefined; key = doubted.shift()) {
        yield different.includes(key) ? key : null;
      }
    },
  };
  const feed = new PlanFeed(book, (keys) => void told.push(...keys));
  return { doubted, told, feed };
}

test('tells those that came out different, not at once', async () => {
  const { doubted, told, feed } = setUp(['host', 'vpc-00000002']);
  doubted.push('host', 'vpc-00000001', 'vpc-00000002');
  feed.start();
  feed.start();
  expect(told).toEqual([]);
  await vi.waitFor(() => expect(told).toEqual(['host', 'vpc-00000002']));
});

test('what comes between two plans has its turn as well, and so has what comes later', async () => {
  const { doubted, told, feed } = setUp(['host', 'vpc-00000001', 'vpc-00000002']);
  doubted.push('host');
  feed.start();
  await vi.waitFor(() => expect(told).toEqual(['host']));
  doubted.push('vpc-00000001');
  feed.start();
  await vi.waitFor(() => expect(told).toEqual(['host', 'vpc-00000001']));
  await nextTurn();
  await nextTurn();
  doubted.push('vpc-00000002');
  feed.start();
  await vi.waitFor(() => expect(told).toEqual(['host', 'vpc-00000001', 'vpc-00000002']));
});

test('everybody else has a turn between two plans', async () => {
  const { doubted, told, feed } = setUp(['host', 'vpc-00000001']);
  doubted.push('host', 'vpc-00000001');
  feed.start();
  const seen: number[] = [];
  while (told.length < 2) {
    await nextTurn();
    seen.push(told.length);
  }
  expect(seen).toContain(1);
});

test('while commits follow each other, what waits for the event loop has more of it than plans', async () => {
  const three = ['host', 'vpc-00000001', 'vpc-00000002'] as const;
  for (const [begin, isPaced] of [
    ['one commit', false],
    ['two commits', true],
  ] as const) {
    pauses.length = 0;
    const { doubted, told, feed } = setUp(three);
    doubted.push(...three);
    feed.committed();
    if (begin !== 'one commit') feed.committed();
    await vi.waitFor(() => expect(told).toEqual(three));
    expect(pauses.length > 0, begin).toBe(isPaced);
    expect(Math.max(0, ...pauses)).toBeLessThanOrEqual(100);
  }
});
