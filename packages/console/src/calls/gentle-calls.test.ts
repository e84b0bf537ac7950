import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { CallError } from './call-error.ts';
import type { call } from './call.ts';
import { everyPage, GentleCalls } from './gentle-calls.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Answers when told to. */
function service() {
  const asked: { readonly action: string; readonly answer: (error?: Error) => void }[] = [];
  const ask = ((action: string) =>
    new Promise((resolve, reject) =>
      asked.push({ action, answer: (error) => (error === undefined ? resolve({}) : reject(error)) }),
    )) as unknown as typeof call;
  return { asked, calls: new GentleCalls(ask) };
}

const settled = () => vi.advanceTimersByTimeAsync(0);
const limited = () => new CallError('RequestLimitExceeded', 'slow down', 'r', 200);

it('calls four at a time, and the next one once one is answered, however it was', async () => {
  const { asked, calls } = service();
  const outcomes = Array.from({ length: 6 }, () => calls.call('DescribeVpcs', {}, {}).catch(() => 'failed'));
  await settled();
  expect(asked.length).toBe(4);
  asked[2]?.answer();
  asked[1]?.answer(new Error('no'));
  await settled();
  expect(asked.length).toBe(6);
  for (const { answer } of asked) answer();
  expect(await Promise.all(outcomes)).toEqual([{}, 'failed', {}, {}, {}, {}]);
});

it('calls no Action more often than the service allows, others meanwhile', async () => {
  const { asked, calls } = service();
  const countOf = (name: string) => asked.filter(({ action }) => action === name).length;
  const answering = setInterval(() => asked.forEach(({ answer }) => answer()), 1);
  const all = Array.from({ length: 40 }, () => calls.call('DescribeVpcs', {}, {}));
  all.push(calls.call('DescribeCcns', {}, {}) as never);
  await vi.advanceTimersByTimeAsync(60);
  expect([countOf('DescribeVpcs'), countOf('DescribeCcns')]).toEqual([15, 1]);
  await vi.advanceTimersByTimeAsync(1000);
  expect(countOf('DescribeVpcs')).toBeLessThanOrEqual(31);
  await vi.advanceTimersByTimeAsync(1000);
  await Promise.all(all);
  clearInterval(answering);
});

it('calls again where the service asks to slow down, and gives up in the end', async () => {
  const { asked, calls } = service();
  const once = calls.call('DescribeVpcs', {}, {});
  await settled();
  asked[0]?.answer(limited());
  await vi.advanceTimersByTimeAsync(999);
  expect(asked.length).toBe(1);
  await vi.advanceTimersByTimeAsync(1);
  asked[1]?.answer();
  expect(await once).toEqual({});
  const answering = setInterval(() => asked.at(-1)?.answer(limited()), 1);
  const never = calls.call('DescribeVpcs', {}, {}).catch((error: unknown) => (error as CallError).code);
  await vi.advanceTimersByTimeAsync(10_000);
  expect(await never).toBe('RequestLimitExceeded');
  clearInterval(answering);
});

it('tells any other failure at once', async () => {
  const { asked, calls } = service();
  const denied = calls.call('DescribeVpcs', {}, {}).catch((error: unknown) => (error as CallError).code);
  await settled();
  asked[0]?.answer(new CallError('UnauthorizedOperation', 'no', 'r', 200));
  expect(await denied).toBe('UnauthorizedOperation');
});

it('asks for nothing that nobody wants any more, and tells who waits', async () => {
  const { asked, calls } = service();
  const stop = new AbortController();
  const { signal } = stop;
  const outcomes = Array.from({ length: 20 }, () =>
    calls.call('DescribeVpcs', {}, { signal }).catch((error: unknown) => (error as Error).message),
  );
  await settled();
  expect(asked.length).toBe(4);
  stop.abort(new Error('gone'));
  // The last ones waited for the next second, which does not come for them.
  expect(await outcomes.at(-1)).toBe('gone');
  for (const { answer } of asked) answer();
  await settled();
  expect(asked.length).toBe(4);
  expect((await Promise.all(outcomes)).filter((outcome) => outcome === 'gone')).toHaveLength(16);
});

it('reads every page of a list, in order', async () => {
  const items = Array.from({ length: 250 }, (_, index) => index);
  const offsets: number[] = [];
  const read = await everyPage((offset) => {
    offsets.push(offset);
    return Promise.resolve({ items: items.slice(offset, offset + 100), total: items.length });
  });
  expect([read, offsets]).toEqual([items, [0, 100, 200]]);
  expect(await everyPage(() => Promise.resolve({ items: [], total: 0 }))).toEqual([]);
});
