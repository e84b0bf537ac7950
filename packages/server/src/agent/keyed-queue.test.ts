import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FakeClock, settle } from '../../testing/fake-clock.ts';
import { KeyedQueue } from './keyed-queue.ts';

interface Bench {
  readonly clock: FakeClock;
  readonly queue: KeyedQueue<string>;
  readonly stop: () => Promise<void>;
  readonly started: { readonly key: string; readonly at: number }[];
  readonly failures: { readonly key: string; readonly retryMs: number }[];
}

function bench(work: (key: string, signal: AbortSignal) => Promise<void>, parallelism?: number): Bench {
  const clock = new FakeClock();
  const started: Bench['started'] = [];
  const failures: Bench['failures'] = [];
  const queue = new KeyedQueue<string>({
    clock,
    random: () => 1,
    ...(parallelism !== undefined && { parallelism }),
    work: (key, signal) => {
      started.push({ key, at: clock.now() });
      return work(key, signal);
    },
    onFailure: (key, _error, retryMs) => failures.push({ key, retryMs }),
  });
  queue.open();
  const stop = new AbortController();
  const running = queue.run(stop.signal);
  return {
    clock,
    queue,
    started,
    failures,
    stop: async () => {
      stop.abort(new Error('test ends'));
      await running;
    },
  };
}

const forEver = AbortSignal.any([]);

describe('KeyedQueue', () => {
  it('does once what is added twice', async () => {
    const { queue, started, stop } = bench(() => Promise.resolve());
    queue.add('a');
    queue.add('a');
    await queue.idle(forEver);
    expect(started.map(({ key }) => key)).toEqual(['a']);
    await stop();
  });

  it('tries again in time though the time of day is set back meanwhile', async () => {
    const { clock, queue, started, stop } = bench(() => Promise.reject(new Error('not yet')));
    queue.add('a');
    await settle();
    clock.setBy(-3_600_000);
    queue.check('b');
    await clock.advance(100);
    expect(started.filter(({ key }) => key === 'a')).toHaveLength(2);
    await stop();
  });

  it('works once more on a key that is added during its work, and never on one key twice at a time', async () => {
    let release = Promise.withResolvers<undefined>();
    const { queue, started, stop } = bench(() => release.promise.then(() => undefined));
    queue.add('a');
    await settle();
    queue.add('a');
    queue.add('a');
    await settle();
    expect(started).toHaveLength(1);
    const first = release;
    release = Promise.withResolvers();
    release.resolve(undefined);
    first.resolve(undefined);
    await queue.idle(forEver);
    expect(started).toHaveLength(2);
    await stop();
  });

  it('keeps its parallelism', async () => {
    const release = Promise.withResolvers<undefined>();
    const { queue, started, stop } = bench(() => release.promise.then(() => undefined), 2);
    for (const key of ['a', 'b', 'c']) queue.add(key);
    await settle();
    expect(started).toHaveLength(2);
    release.resolve(undefined);
    await queue.idle(forEver);
    expect(started).toHaveLength(3);
    await stop();
  });

  it('doubles the pause after each failure up to 30 seconds, and starts over on news', async () => {
    const { queue, clock, failures, stop } = bench(() => Promise.reject(new Error('no')));
    queue.add('a');
    await clock.advance(120_000);
    expect(failures.map(({ retryMs }) => retryMs).slice(0, 11)).toEqual([
      ...[100, 200, 400, 800, 1600, 3200, 6400, 12_800, 25_600, 30_000, 30_000],
    ]);
    const before = failures.length;
    queue.add('a');
    await settle();
    expect(failures.slice(before)).toEqual([{ key: 'a', retryMs: 100 }]);
    await stop();
  });

  it('does not hurry a failing key for a mere check', async () => {
    const { queue, clock, started, stop } = bench(() => Promise.reject(new Error('no')));
    queue.add('a');
    await clock.advance(1000);
    const before = started.length;
    queue.check('a');
    await settle();
    expect(started).toHaveLength(before);
    await stop();
  });

  it('is not idle while a retry is due, nor before it was opened', async () => {
    let isBroken = true;
    const { queue, clock, stop } = bench(() => (isBroken ? Promise.reject(new Error('no')) : Promise.resolve()));
    queue.add('a');
    await settle();
    let isIdle = false;
    const idle = queue.idle(forEver).then(() => (isIdle = true));
    await settle();
    expect(isIdle).toBe(false);
    isBroken = false;
    await clock.advance(100);
    await idle;
    await stop();

    const closed = new KeyedQueue<string>({
      clock,
      random: () => 1,
      work: () => Promise.resolve(),
      onFailure: () => undefined,
    });
    await expect(closed.idle(AbortSignal.timeout(20))).rejects.toThrow();
  });

  it('stops when told, and lets the work in hand notice', async () => {
    let reason: unknown;
    const { queue, stop } = bench(
      (_key, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            reason = signal.reason;
            reject(signal.reason as Error);
          });
        }),
    );
    queue.add('a');
    await settle();
    await stop();
    expect(reason).toEqual(new Error('test ends'));
  });

  it('loses no key, whatever fails', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(
          fc.record({ key: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'), failures: fc.nat(4), pause: fc.nat(300) }),
          {
            maxLength: 12,
          },
        ),
        async (steps) => {
          const broken = new Map<string, number>(steps.map(({ key, failures }) => [key, failures]));
          const done = new Set<string>();
          const { queue, clock, stop } = bench(async (key) => {
            const left = broken.get(key) ?? 0;
            broken.set(key, left - 1);
            if (left > 0) throw new Error('no');
            done.add(key);
          }, 2);
          for (const { key, pause } of steps) {
            queue.add(key);
            await clock.advance(pause);
          }
          await clock.advance(60_000);
          expect(queue.size).toBe(0);
          expect([...done].sort()).toEqual([...new Set(steps.map(({ key }) => key))].sort());
          await stop();
        },
      ),
      { numRuns: 30 },
    );
  });
});
