import type { RecordedEvent } from '../domain/operator/event.ts';
import type { Webhook, WebhookId } from '../domain/operator/webhook.ts';
import type { DeliveryReport } from '../services/told-webhooks.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import { Later } from '../platform/later.ts';
import type { Logger } from '../platform/logger.ts';
import { notificationOf, signatureOf } from './notification.ts';
import type { SendPost } from './post.ts';

export interface WebhookDeliveriesOptions {
  readonly webhook: (id: WebhookId) => Webhook | undefined;
  readonly webhooksOf: (accountId: string) => readonly Webhook[];
  readonly allWebhooks: () => readonly Webhook[];
  readonly secretOf: (id: WebhookId) => string | undefined;
  /** What an account is told, the oldest first, after an event. */
  readonly eventsAfter: (accountId: string, eventId: number, limit: number) => Promise<readonly RecordedEvent[]>;
  /** How far each was told; those that are in no file begin now. */
  readonly progress: {
    read(id: WebhookId): Promise<number>;
    write(told: ReadonlyMap<WebhookId, number>): Promise<void>;
  };
  readonly send: SendPost;
  readonly clock: Pick<Clock, 'now' | 'elapsed'>;
  readonly logger: Logger;
}

const eventsAtOnce = 50;
/** Of all webhooks together: the next ones wait. */
const mostAtOnce = 16;
const firstRetryMs = 1000;
const longestRetryMs = 300_000;
/** Nobody wants to hear what is older. */
const oldestToldMs = 24 * 3600 * 1000;
const progressDelayMs = 5000;

/** One webhook: what was told, and what came of it. */
interface Delivery {
  toldUpTo: number | null;
  isUnderWay: boolean;
  failures: number;
  lastDeliveredAt: number | null;
  lastError: string;
  nextTryAt: number | null;
  readonly retry: Later;
}

/**
 * Tells webhooks what happens to the tunnels and gateways of their account, in order, each event until it is taken or a day old: at
 * least once, by its EventId whoever is told knows one that comes again. The log of events is the queue, so nothing waits in memory, and
 * one that does not answer holds up no other.
 */
export class WebhookDeliveries {
  readonly #options: WebhookDeliveriesOptions;
  readonly #deliveries = new Map<WebhookId, Delivery>();
  readonly #waiting: WebhookId[] = [];
  readonly #stopped = new AbortController();
  #underWay = 0;
  readonly #unwritten = new Map<WebhookId, number>();
  readonly #writing = new Later(() => void this.#writeProgress());

  constructor(options: WebhookDeliveriesOptions) {
    this.#options = options;
  }

  /** What was not told before the last stop. */
  begin(): void {
    for (const { id } of this.#options.allWebhooks()) this.#wake(id);
  }

  /** Something happened to a tunnel or gateway of the account, or it has another webhook. */
  poke(accountId: string): void {
    for (const { id } of this.#options.webhooksOf(accountId)) this.#wake(id);
  }

  report(id: WebhookId): DeliveryReport {
    const { lastDeliveredAt = null, lastError = '', nextTryAt = null } = this.#deliveries.get(id) ?? {};
    return { lastDeliveredAt, lastError, nextTryAt };
  }

  async stop(): Promise<void> {
    this.#stopped.abort(new Error('the service ends'));
    for (const { retry } of this.#deliveries.values()) retry.cancel();
    this.#writing.cancel();
    await this.#writeProgress();
  }

  #wake(id: WebhookId): void {
    const delivery = this.#deliveries.get(id) ?? this.#newDelivery(id);
    if (delivery.isUnderWay || delivery.retry.isWaiting || this.#waiting.includes(id)) return;
    this.#waiting.push(id);
    this.#beginWaiting();
  }

  #newDelivery(id: WebhookId): Delivery {
    const delivery: Delivery = {
      ...{ toldUpTo: null, isUnderWay: false, failures: 0, lastDeliveredAt: null, lastError: '', nextTryAt: null },
      retry: new Later(() => this.#wake(id)),
    };
    this.#deliveries.set(id, delivery);
    return delivery;
  }

  #beginWaiting(): void {
    while (this.#underWay < mostAtOnce && !this.#stopped.signal.aborted) {
      const id = this.#waiting.shift();
      const delivery = id === undefined ? undefined : this.#deliveries.get(id);
      if (id === undefined || delivery === undefined) return;
      void this.#deliver(id, delivery);
    }
  }

  async #deliver(id: WebhookId, delivery: Delivery): Promise<void> {
    this.#underWay++;
    delivery.isUnderWay = true;
    let isMore = false;
    try {
      isMore = await this.#tellSome(id, delivery);
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#retryLater(id, delivery, error);
    } finally {
      this.#underWay--;
      delivery.isUnderWay = false;
      if (this.#options.webhook(id) === undefined) this.#forget(id);
      else if (isMore) this.#wake(id);
      this.#beginWaiting();
    }
  }

  /** True when there may be more. */
  async #tellSome(id: WebhookId, delivery: Delivery): Promise<boolean> {
    const { webhook: find, eventsAfter, progress, clock } = this.#options;
    const webhook = find(id);
    if (webhook === undefined) return false;
    delivery.toldUpTo ??= await progress.read(id);
    const events = await eventsAfter(webhook.accountId, delivery.toldUpTo, eventsAtOnce);
    for (const event of events) {
      if (clock.now() - event.at <= oldestToldMs) await this.#tell(webhook, delivery, event);
      delivery.toldUpTo = event.id;
      this.#unwritten.set(id, event.id);
      this.#writing.in(progressDelayMs);
      if (find(id) === undefined) return false;
    }
    return events.length > 0;
  }

  async #tell({ id, url }: Webhook, delivery: Delivery, event: RecordedEvent): Promise<void> {
    const { secretOf, send, clock } = this.#options;
    const secret = secretOf(id);
    if (secret === undefined) return;
    const body = notificationOf(event);
    const headers = {
      'Content-Type': 'application/json',
      'User-Agent': 'Landbridge',
      'Landbridge-Webhook': id,
      'Landbridge-Signature': signatureOf(body, secret, clock.now()),
    };
    await send({ url, body, headers }, this.#stopped.signal);
    Object.assign(delivery, { failures: 0, lastError: '', nextTryAt: null, lastDeliveredAt: clock.now() });
  }

  #retryLater(id: WebhookId, delivery: Delivery, error: unknown): void {
    const { clock, logger } = this.#options;
    const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** delivery.failures);
    delivery.failures++;
    delivery.lastError = describeError(error);
    delivery.nextTryAt = clock.now() + waitMs;
    if (delivery.failures === 1) logger.warn({ webhook: id, error: delivery.lastError }, 'webhook not told');
    delivery.retry.in(waitMs);
  }

  #forget(id: WebhookId): void {
    this.#deliveries.get(id)?.retry.cancel();
    this.#deliveries.delete(id);
    this.#unwritten.delete(id);
  }

  async #writeProgress(): Promise<void> {
    const told = new Map(this.#unwritten);
    this.#unwritten.clear();
    if (told.size === 0) return;
    try {
      await this.#options.progress.write(told);
    } catch (error) {
      this.#options.logger.warn(
        { error: describeError(error) },
        'what webhooks were told is not kept: they may hear it again',
      );
    }
  }
}
