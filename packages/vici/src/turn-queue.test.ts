import fc from 'fast-check';
import { expect, test } from 'vitest';
import { ViciBusyError } from './errors.ts';
import { TurnQueue } from './turn-queue.ts';

test('in any interleaving: one job at a time, in order, and every caller gets an answer', async () => {
  const call = fc.record({ abort: fc.constantFrom('no', 'at once', 'later'), fails: fc.boolean() });
  await fc.assert(
    fc.asyncProperty(fc.scheduler(), fc.array(call, { minLength: 1, maxLength: 8 }), async (scheduler, calls) => {
      const queue = new TurnQueue(100);
      const log: string[] = [];
      let running = 0;
      const results = calls.map(({ abort, fails }, index) => {
        const controller = new AbortController();
        if (abort === 'at once') controller.abort(new Error('abort'));
        if (abort === 'later') void scheduler.schedule(Promise.resolve(), 'abort').then(() => controller.abort());
        const job = async () => {
          running += 1;
          expect(running).toBe(1);
          log.push(`start ${index}`);
          await scheduler.schedule(Promise.resolve(), `job ${index}`);
          running -= 1;
          if (fails) throw new Error('failed');
          return index;
        };
        return queue.run(job, controller.signal);
      });
      await scheduler.waitFor(Promise.allSettled(results));
      await scheduler.waitIdle();
      for (const [index, result] of (await Promise.allSettled(results)).entries()) {
        if (result.status === 'fulfilled') expect(result.value).toBe(index);
        else expect(calls[index]!.fails || calls[index]!.abort !== 'no').toBe(true);
      }
      expect(log).toEqual([...log].sort());
      expect(running).toBe(0);
      // The turn is free again.
      await expect(queue.run(async () => 'next')).resolves.toBe('next');
    }),
  );
});

test('closing refuses waiting and later jobs, and leaves the running one alone', async () => {
  const queue = new TurnQueue(1);
  const gate = Promise.withResolvers<string>();
  const running = queue.run(() => gate.promise);
  const waiting = queue.run(async () => 'never');
  await expect(queue.run(async () => 'never')).rejects.toThrow(ViciBusyError);
  queue.close(() => new Error('closed'));
  await expect(waiting).rejects.toThrow('closed');
  await expect(queue.run(async () => 'never')).rejects.toThrow('closed');
  gate.resolve('done');
  await expect(running).resolves.toBe('done');
});
