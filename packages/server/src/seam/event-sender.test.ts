import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { pino } from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { FakeClock } from '../../testing/fake-clock.ts';
import type { NewEvent } from '../domain/operator/event.ts';
import type { FromAgent, OfKind } from './contract.ts';
import { EventSender } from './event-sender.ts';
import { agreeingMs, instantHere } from './instant.ts';

const logger = pino({ level: 'silent' });
type Events = OfKind<FromAgent, 'events'>;

let folder: string;
beforeEach(() => (folder = mkdtempSync(join(tmpdir(), 'landbridge-events-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function startSender(series: string, clock = new FakeClock()): EventSender {
  return new EventSender({ folder: { find: () => folder, make: () => folder }, series, clock, logger });
}

function event(at: number): NewEvent {
  return { resourceId: 'vpngw-gateway1', kind: 'route-switched', message: 'x', at };
}

/** What a store does: by series and number. */
class Store {
  readonly kept: number[] = [];
  readonly #upTo = new Map<string, number>();

  keep({ series, events }: Events): number {
    const before = this.#upTo.get(series) ?? 0;
    for (const { number, event } of events) if (number > before) this.kept.push(event.at);
    const last = Math.max(before, ...events.map(({ number }) => number));
    this.#upTo.set(series, last);
    return last;
  }
}

const step = fc.record({
  what: fc.constantFrom('event', 'event', 'deliver', 'keep without a word', 'cut', 'restart', 'connect'),
});

it('each is kept once and in order, whatever is cut when, and nothing is under way twice', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      rmSync(join(folder, 'events.json'), { force: true });
      const store = new Store();
      let [starts, happened] = [0, 0];
      let sender = startSender('s0');
      const line: { now: Events[] | null } = { now: null };
      const connect = () => {
        const mine: Events[] = [];
        line.now = mine;
        sender.begin((message) => void mine.push(message as Events));
      };
      const cut = () => {
        line.now = null;
        sender.end();
      };
      const deliver = (isTold: boolean) => {
        const message = line.now?.shift();
        if (message === undefined) return;
        const upTo = store.keep(message);
        if (isTold) sender.kept(message.series, upTo);
      };
      for (const { what } of steps) {
        if (what === 'event') sender.record(event(++happened));
        else if (what === 'deliver') deliver(true);
        else if (what === 'keep without a word') {
          deliver(false);
          cut();
        } else if (what === 'cut') cut();
        else if (what === 'connect') connect();
        else {
          sender.flush();
          cut();
          sender = startSender(`s${++starts}`);
        }
        expect(line.now?.length ?? 0).toBeLessThanOrEqual(1);
      }
      cut();
      connect();
      for (let left = happened + 2; left > 0; left--) deliver(true);
      expect(store.kept).toEqual(Array.from({ length: happened }, (_, index) => index + 1));
      sender.flush();
    }),
    { numRuns: 200 },
  );
});

it('what happened keeps its time, whoever sets the clock when, and whether the process ends between', async () => {
  const anHour = 3_600_000;
  const change = fc.oneof(
    fc.record({ pass: fc.nat(anHour) }),
    fc.record({ set: fc.integer({ min: -30 * anHour, max: 30 * anHour }) }),
  );
  await fc.assert(
    fc.asyncProperty(fc.array(change, { maxLength: 8 }), fc.nat(8), async (changes, restartAt) => {
      rmSync(join(folder, 'events.json'), { force: true });
      const clock = new FakeClock();
      let sender = startSender('s0', clock);
      const happenedAt = clock.elapsed();
      sender.record(event(clock.now()));
      for (const [index, each] of changes.entries()) {
        if (index === restartAt) {
          sender.flush();
          sender = startSender('s1', clock);
        }
        if ('pass' in each) await clock.advance(each.pass);
        else clock.setBy(each.set);
      }
      const sent: Events[] = [];
      sender.begin((message) => void sent.push(message as Events));
      const [one] = sent[0]!.events;
      const told = instantHere({ at: one!.event.at, ageMs: one!.ageMs }, clock.now());
      const truly = clock.now() - (clock.elapsed() - happenedAt);
      expect(Math.abs(told - truly)).toBeLessThanOrEqual(agreeingMs);
      expect(told).toBeLessThanOrEqual(clock.now());
    }),
  );
});

it('clocks that agree say when it was to the millisecond, however long it was on its way', () => {
  expect(instantHere({ at: 1000, ageMs: 5 }, 1005)).toBe(1000);
  expect(instantHere({ at: 1000, ageMs: 5 }, 1005 + agreeingMs)).toBe(1000);
  expect(instantHere({ at: 1000, ageMs: 5 }, 1006 + agreeingMs)).toBe(1001 + agreeingMs);
  expect(instantHere({ at: 2000, ageMs: 5 }, 1000)).toBe(1000);
});

it.each(['', '{', '[]', '{"writtenAt":1}', '{"writtenAt":1,"events":[null]}'])(
  'a file that says %j holds up nothing',
  (text) => {
    writeFileSync(join(folder, 'events.json'), text);
    const sender = startSender('s0');
    const sent: FromAgent[] = [];
    sender.begin((message) => void sent.push(message));
    sender.record(event(1));
    expect(sent).toHaveLength(1);
    sender.flush();
    expect(readFileSync(join(folder, 'events.json'), 'utf8')).toContain('"number":1');
  },
);
