import { expect, it } from 'vitest';
import type { NewEvent, NumberedEvents } from '../../domain/operator/event.ts';
import { OwnEvents } from './own-events.ts';

const event: NewEvent = { resourceId: 'vpnx-tunnel01', kind: 'state-changed', message: 'x', at: 0 };

it('each event is written once under a number of its own, and again after a failure', async () => {
  const events = new OwnEvents('a');
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
  const events = new OwnEvents('a');
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
