import { expect, test, vi } from 'vitest';
import { nextTurn } from '../platform/loop-turn.ts';
import type { PlanKey } from '../plan/plan.ts';
import { PlanFeed } from './plan-feed.ts';

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
  feed.hurry();
  feed.hurry();
  expect(told).toEqual([]);
  await vi.waitFor(() => expect(told).toEqual(['host', 'vpc-00000002']));
});

test('what comes between two plans has its turn as well, and so has what comes later', async () => {
  const { doubted, told, feed } = setUp(['host', 'vpc-00000001', 'vpc-00000002']);
  doubted.push('host');
  feed.hurry();
  await vi.waitFor(() => expect(told).toEqual(['host']));
  doubted.push('vpc-00000001');
  feed.hurry();
  await vi.waitFor(() => expect(told).toEqual(['host', 'vpc-00000001']));
  await nextTurn();
  await nextTurn();
  doubted.push('vpc-00000002');
  feed.hurry();
  await vi.waitFor(() => expect(told).toEqual(['host', 'vpc-00000001', 'vpc-00000002']));
});

test('everybody else has a turn between two plans', async () => {
  const { doubted, told, feed } = setUp(['host', 'vpc-00000001']);
  doubted.push('host', 'vpc-00000001');
  feed.hurry();
  const seen: number[] = [];
  while (told.length < 2) {
    await nextTurn();
    seen.push(told.length);
  }
  expect(seen).toContain(1);
});
