import { expect, it, vi } from 'vitest';
import type { NewEvent, NumberedEvents } from '../../domain/operator/event.ts';
import { OwnEvents } from './own-events.ts';

const event: NewEvent = { resourceId: 'vpnx-tunnel01', kind: 'state-changed', message: 'x', at: 0 };

const logger = { warn: vi.fn() };

it('each event is written once under a number of its own, and again after a failure', async () => {
  const events = new OwnEvents('a', logger);
  const written: NumberedEvents[] = [];
  events.record(event);
  await expect(events.write(() => Promise.reject(new Error('full')))).rejects.toThrow('full');
  events.record(event);
  const keep = (kept: NumberedEvents) => Promise.resolve(void written.push(kept));
  await events.write(keep);
  await events.write(keep);
  events.record(event);
  await events.write(keep);
  expect(written.map(({ events: told }) => told.map(({ number }) => number))).toEqual([[1, 2], [3]]);
});

it('what comes while others are written is not lost', async () => {
  const events = new OwnEvents('a', logger);
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const numbers: number[] = [];
  const keep = (kept: NumberedEvents) => {
    numbers.push(...kept.events.map(({ number }) => number));
    return promise.then(() => undefined);
  };
  events.record(event);
  const first = events.write(keep);
  events.record(event);
  resolve(undefined);
  await first;
  await events.write(keep);
  expect(numbers).toEqual([1, 2]);
});

it('many are written some at a time, and what is lost is told to the log', async () => {
  const events = new OwnEvents('a', logger);
  const written: number[][] = [];
  const keep = (kept: NumberedEvents) => Promise.resolve(void written.push(kept.events.map(({ number }) => number)));
  for (let number = 1; number <= 1200; number++) events.record(event);
  await events.write(keep);
  expect(written.map(({ length }) => length)).toEqual([500, 500, 200]);
  expect(written.flat()).toEqual(Array.from({ length: 1200 }, (_, index) => index + 1));
  expect(logger.warn).not.toHaveBeenCalled();
  for (let number = 1; number <= 10_003; number++) events.record(event);
  written.length = 0;
  await events.write(keep);
  await events.write(keep);
  expect(written.flat()).toHaveLength(10_000);
  expect(written[0]?.[0]).toBe(1204);
  expect(logger.warn.mock.calls).toEqual([[{ lost: 3 }, expect.any(String)]]);
});
