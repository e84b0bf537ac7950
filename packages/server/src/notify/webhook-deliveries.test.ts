import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pino } from 'pino';
import { FakeClock } from '../../testing/fake-clock.ts';
import type { RecordedEvent } from '../domain/operator/event.ts';
import type { Webhook, WebhookId } from '../domain/operator/webhook.ts';
import { NotTakenError, type Post, type SendPost } from './post.ts';
import { WebhookDeliveries } from './webhook-deliveries.ts';

const logged: string[] = [];
const logger = pino({}, { write: (line: string) => void logged.push(line) });
const hour = 3_600_000;
const hook = (name: string, accountId = 'a'): Webhook => ({
  ...{ id: `hook-${name.padStart(8, '0')}`, accountId, url: `https://${name}/`, sealedSecret: '', createdAt: 0 },
});

class World {
  readonly clock = new FakeClock();
  readonly webhooks = new Map<WebhookId, Webhook>();
  readonly events: RecordedEvent[] = [];
  readonly told = new Map<WebhookId, number>();
  readonly sent: Post[] = [];
  /** What becomes of a post. */
  answer: SendPost = () => Promise.resolve();
  readStore = () => Promise.resolve();

  constructor(...webhooks: Webhook[]) {
    for (const webhook of webhooks) this.webhooks.set(webhook.id, webhook);
  }

  start(): WebhookDeliveries {
    const deliveries = new WebhookDeliveries({
      webhook: (id) => this.webhooks.get(id),
      webhooksOf: (accountId) => [...this.webhooks.values()].filter((one) => one.accountId === accountId),
      allWebhooks: () => [...this.webhooks.values()],
      secretOf: (id) => `secret of ${id}`,
      eventsAfter: async (accountId, id, limit) => {
        await this.readStore();
        return this.events.filter((event) => event.message.startsWith(accountId) && event.id > id).slice(0, limit);
      },
      progress: {
        read: (id) => Promise.resolve(this.told.get(id) ?? 0),
        write: (told) => {
          for (const [id, upTo] of told) this.told.set(id, upTo);
          return Promise.resolve();
        },
        forget: (id) => Promise.resolve(void this.told.delete(id)),
      },
      send: async (post, signal) => {
        this.sent.push(post);
        await this.answer(post, signal);
      },
      ...{ clock: this.clock, logger },
    });
    deliveries.begin();
    return deliveries;
  }

  happen(accountId: string, count = 1): void {
    for (let made = 0; made < count; made++) {
      const id = this.events.length + 1;
      const message = `${accountId}: ${id}`;
      const kind = 'finding-raised';
      const resourceId = 'vpnx-00000001';
      this.events.push({ id, resourceId, vpnGatewayId: 'vpngw-00000001', kind, message, at: this.clock.now() });
    }
  }

  idsTold(url: string): number[] {
    return this.sent
      .filter((post) => post.url === url)
      .map(({ body }) => (JSON.parse(body) as { EventId: number }).EventId);
  }
}

beforeEach(() => {
  vi.useFakeTimers();
  logged.length = 0;
});
afterEach(() => void vi.useRealTimers());
const settle = () => vi.advanceTimersByTimeAsync(0);

it('each event of the account is told once, in order, signed', async () => {
  const world = new World(hook('one'), hook('two', 'b'));
  const deliveries = world.start();
  await settle();
  world.happen('a', 120);
  world.happen('b');
  deliveries.poke('a');
  await settle();
  expect(world.idsTold('https://one/')).toEqual(Array.from({ length: 120 }, (_, index) => index + 1));
  expect(world.idsTold('https://two/')).toEqual([]);
  deliveries.poke('b');
  await settle();
  expect(world.idsTold('https://two/')).toEqual([121]);
  const { headers, body } = world.sent[0]!;
  const [, time, digest] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(headers['Landbridge-Signature']!)!;
  expect(digest).toBe(createHmac('sha256', 'secret of hook-00000one').update(`${time}.${body}`).digest('hex'));
  expect(JSON.parse(body)).toEqual({
    ...{ EventId: 1, ResourceId: 'vpnx-00000001', VpnGatewayId: 'vpngw-00000001', Kind: 'finding-raised' },
    ...{ Message: 'a: 1', Time: new Date(world.clock.now()).toISOString() },
  });
  await deliveries.stop();
});

it('one that was not taken is told again, later each time, and before those that came after it', async () => {
  const world = new World(hook('one'));
  world.answer = () => Promise.reject(new NotTakenError(500));
  const deliveries = world.start();
  world.happen('a');
  deliveries.poke('a');
  await settle();
  expect(deliveries.report('hook-00000one')).toMatchObject({ lastError: 'it answered 500', lastDeliveredAt: null });
  world.happen('a');
  deliveries.poke('a');
  await vi.advanceTimersByTimeAsync(999);
  expect(world.idsTold('https://one/')).toEqual([1]);
  await vi.advanceTimersByTimeAsync(1 + 2000 + 4000);
  expect(world.idsTold('https://one/')).toEqual([1, 1, 1, 1]);
  world.answer = () => Promise.resolve();
  await vi.advanceTimersByTimeAsync(8000);
  expect(world.idsTold('https://one/')).toEqual([1, 1, 1, 1, 1, 2]);
  expect(deliveries.report('hook-00000one')).toMatchObject({ lastError: '', nextTryAt: null });
  // No more than every five minutes.
  world.answer = () => Promise.reject(new Error('no'));
  world.happen('a');
  deliveries.poke('a');
  await vi.advanceTimersByTimeAsync(hour);
  const tries = world.idsTold('https://one/').length - 6;
  expect(tries).toBeGreaterThan(15);
  expect(tries).toBeLessThan(25);
  await deliveries.stop();
});

/** As one who never answers: until it is given up. */
const silence: SendPost = (_, signal) =>
  new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error));
  });

it('why a target is not reached is told to the log alone, and so is what the store says', async () => {
  const world = new World(hook('one'));
  const deliveries = world.start();
  const words = new Set<string>();
  const reasons = ['getaddrinfo ENOTFOUND inside.example', 'connect ECONNREFUSED 10.0.0.1:22', '10.0.0.1 is not told'];
  for (const reason of reasons) {
    world.answer = () => Promise.reject(new Error(reason));
    if (words.size === 0) {
      world.happen('a');
      deliveries.poke('a');
    }
    await vi.advanceTimersByTimeAsync(300_000);
    words.add(deliveries.report('hook-00000one').lastError);
    expect(logged.filter((line) => line.includes(reason))).toHaveLength(1);
  }
  world.answer = silence;
  await vi.advanceTimersByTimeAsync(320_000);
  words.add(deliveries.report('hook-00000one').lastError);
  expect(logged.at(-1)).toContain('no answer within 10 s');
  world.readStore = () => Promise.reject(new Error('SQLITE_IOERR of /var/lib'));
  await vi.advanceTimersByTimeAsync(300_000);
  words.add(deliveries.report('hook-00000one').lastError);
  expect(logged.at(-1)).toContain('SQLITE_IOERR of /var/lib');
  expect([...words]).toEqual(['it could not be told']);
  await deliveries.stop();
});

it('those of one account that do not answer hold up no other account', async () => {
  const silent = Array.from({ length: 20 }, (_, index) => hook(`s${index}`));
  const world = new World(...silent, ...Array.from({ length: 9 }, (_, index) => hook(`h${index}`, 'b')));
  world.answer = (post, signal) => (post.url.startsWith('https://s') ? silence(post, signal) : Promise.resolve());
  const deliveries = world.start();
  world.happen('a');
  world.happen('b');
  deliveries.poke('a');
  deliveries.poke('b');
  await settle();
  for (let index = 0; index < 9; index++) expect(world.idsTold(`https://h${index}/`)).toEqual([2]);
  expect(world.sent.filter(({ url }) => url.startsWith('https://s'))).toHaveLength(2);
  // Its others have their turns.
  await vi.advanceTimersByTimeAsync(10_000);
  expect(new Set(world.sent.map(({ url }) => url)).size).toBe(9 + 4);
  await deliveries.stop();
});

it('one that answers slowly lets others have their turns, and none is told twice for that', async () => {
  const world = new World(...Array.from({ length: 20 }, (_, index) => hook(`w${index}`, `a${index}`)));
  world.answer = async () => {
    await new Promise((resolve) => setTimeout(resolve, 4000));
  };
  const deliveries = world.start();
  for (let index = 0; index < 20; index++) world.happen(`a${index}:`, 10);
  for (let index = 0; index < 20; index++) deliveries.poke(`a${index}`);
  for (let second = 0; second < 16; second++) {
    await vi.advanceTimersByTimeAsync(1000);
    await world.clock.advance(1000);
  }
  for (let index = 0; index < 20; index++) {
    const told = world.idsTold(`https://w${index}/`);
    expect(told.length).toBeGreaterThan(0);
    expect(new Set(told).size).toBe(told.length);
  }
  await deliveries.stop();
});

it('what is older than a day is not told', async () => {
  const world = new World(hook('one'));
  world.happen('a');
  await world.clock.advance(25 * hour);
  world.happen('a');
  const deliveries = world.start();
  await settle();
  expect(world.idsTold('https://one/')).toEqual([2]);
  await deliveries.stop();
});

it('what became too old while it was tried leaves no trace of the tries', async () => {
  const world = new World(hook('one'));
  world.answer = () => Promise.reject(new NotTakenError(500));
  const deliveries = world.start();
  world.happen('a');
  deliveries.poke('a');
  await vi.advanceTimersByTimeAsync(300_000);
  await world.clock.advance(25 * hour);
  await vi.advanceTimersByTimeAsync(300_000);
  expect(deliveries.report('hook-00000one')).toMatchObject({ lastError: 'it answered 500', nextTryAt: null });
  world.happen('a');
  deliveries.poke('a');
  await settle();
  // As the first try of another one.
  expect(deliveries.report('hook-00000one').nextTryAt).toBe(world.clock.now() + 1000);
  await deliveries.stop();
});

describe('after a restart', () => {
  it('what was told is not told again, and what was not is', async () => {
    const world = new World(hook('one'));
    world.happen('a', 2);
    const first = world.start();
    await settle();
    await first.stop();
    world.happen('a');
    const second = world.start();
    await settle();
    expect(world.idsTold('https://one/')).toEqual([1, 2, 3]);
    await second.stop();
  });
});

it('nothing goes to a webhook that was removed, nor what waited for it, and nothing of it is kept', async () => {
  const world = new World(hook('one'));
  const deliveries = world.start();
  world.happen('a', 3);
  deliveries.poke('a');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(world.told.get('hook-00000one')).toBe(3);
  world.answer = () => Promise.reject(new NotTakenError(500));
  world.happen('a');
  deliveries.poke('a');
  await settle();
  deliveries.removed('hook-00000one');
  expect(deliveries.report('hook-00000one').lastError).toBe('it answered 500');
  world.webhooks.clear();
  deliveries.removed('hook-00000one');
  await settle();
  expect(world.told.size).toBe(0);
  expect(deliveries.report('hook-00000one')).toEqual({ lastDeliveredAt: null, lastError: '', nextTryAt: null });
  world.answer = () => Promise.resolve();
  await vi.advanceTimersByTimeAsync(hour);
  expect(world.idsTold('https://one/')).toEqual([1, 2, 3, 4]);
  await deliveries.stop();
});
