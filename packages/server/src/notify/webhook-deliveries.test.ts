import { createHmac } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { pino } from 'pino';
import { FakeClock } from '../../testing/fake-clock.ts';
import type { RecordedEvent } from '../domain/operator/event.ts';
import type { Webhook, WebhookId } from '../domain/operator/webhook.ts';
import type { Post, SendPost } from './post.ts';
import { WebhookDeliveries } from './webhook-deliveries.ts';

const logger = pino({ level: 'silent' });
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

  constructor(...webhooks: Webhook[]) {
    for (const webhook of webhooks) this.webhooks.set(webhook.id, webhook);
  }

  start(): WebhookDeliveries {
    const deliveries = new WebhookDeliveries({
      webhook: (id) => this.webhooks.get(id),
      webhooksOf: (accountId) => [...this.webhooks.values()].filter((one) => one.accountId === accountId),
      allWebhooks: () => [...this.webhooks.values()],
      secretOf: (id) => `secret of ${id}`,
      eventsAfter: (accountId, id, limit) =>
        Promise.resolve(
          this.events.filter((event) => event.message.startsWith(accountId) && event.id > id).slice(0, limit),
        ),
      progress: {
        read: (id) => Promise.resolve(this.told.get(id) ?? 0),
        write: (told) => {
          for (const [id, upTo] of told) this.told.set(id, upTo);
          return Promise.resolve();
        },
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

beforeEach(() => void vi.useFakeTimers());
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
  world.answer = () => Promise.reject(new Error('it answered 500'));
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

it('one that does not answer holds up no other', async () => {
  const world = new World(hook('one'), ...Array.from({ length: 9 }, (_, index) => hook(`h${index}`)));
  world.answer = ({ url }) => (url === 'https://one/' ? new Promise(() => undefined) : Promise.resolve());
  const deliveries = world.start();
  world.happen('a');
  deliveries.poke('a');
  await settle();
  for (let index = 0; index < 9; index++) expect(world.idsTold(`https://h${index}/`)).toEqual([1]);
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

it('nothing goes to a webhook that was removed, nor what waited for it', async () => {
  const world = new World(hook('one'));
  world.answer = () => Promise.reject(new Error('no'));
  const deliveries = world.start();
  world.happen('a', 3);
  deliveries.poke('a');
  await settle();
  world.webhooks.clear();
  world.answer = () => Promise.resolve();
  await vi.advanceTimersByTimeAsync(hour);
  expect(world.idsTold('https://one/')).toEqual([1]);
  await deliveries.stop();
});
