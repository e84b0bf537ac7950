import type { RecordedEvent } from '../domain/operator/event.ts';
import type { Webhook, WebhookId } from '../domain/operator/webhook.ts';
import type { DeliveryReport } from '../services/told-webhooks.ts';
import type { Clock } from '../platform/clock.ts';
import { describeError } from '../platform/describe-error.ts';
import { Later } from '../platform/later.ts';
import type { Logger } from '../platform/logger.ts';
import { notificationOf, signatureOf } from './notification.ts';
import { NotTakenError, type SendPost } from './post.ts';

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
    forget(id: WebhookId): Promise<void>;
  };
  readonly send: SendPost;
  readonly clock: Pick<Clock, 'now' | 'elapsed'>;
  readonly logger: Logger;
}

const eventsAtOnce = 50;
/** Of all webhooks together, and of those of one account: the next ones wait. */
const mostAtOnce = { all: 16, ofAccount: 2 };
/** Whoever has its turn lets others have theirs after so long. */
const turnMs = 10_000;
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
  /** As its account hears it. */
  lastError: string;
  /** As the log has it. */
  lastLogged: string;
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
  /** In the order in which they have their turns. */
  readonly #waiting = new Set<WebhookId>();
  readonly #stopped = new AbortController();
  #underWay = 0;
  readonly #underWayOf = new Map<string, number>();
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

  /** One that is there no more. */
  removed(id: WebhookId): void {
    if (this.#options.webhook(id) !== undefined || this.#deliveries.get(id)?.isUnderWay === true) return;
    this.#forget(id);
  }

  async stop(): Promise<void> {
    this.#stopped.abort(new Error('the service ends'));
    for (const { retry } of this.#deliveries.values()) retry.cancel();
    this.#writing.cancel();
    await this.#writeProgress();
  }

  #wake(id: WebhookId): void {
    const delivery = this.#deliveries.get(id) ?? this.#newDelivery(id);
    if (delivery.isUnderWay || delivery.retry.isWaiting) return;
    this.#waiting.add(id);
    this.#beginWaiting();
  }

  #newDelivery(id: WebhookId): Delivery {
    const delivery: Delivery = {
      ...{ toldUpTo: null, isUnderWay: false, failures: 0, lastDeliveredAt: null, nextTryAt: null },
      ...{ lastError: '', lastLogged: '' },
      retry: new Later(() => this.#wake(id)),
    };
    this.#deliveries.set(id, delivery);
    return delivery;
  }

  #beginWaiting(): void {
    for (const id of this.#waiting) {
      if (this.#underWay >= mostAtOnce.all || this.#stopped.signal.aborted) return;
      const [webhook, delivery] = [this.#options.webhook(id), this.#deliveries.get(id)];
      if (webhook === undefined || delivery === undefined) this.#forget(id);
      else if ((this.#underWayOf.get(webhook.accountId) ?? 0) < mostAtOnce.ofAccount) {
        this.#waiting.delete(id);
        void this.#deliver(webhook, delivery);
      }
    }
  }

  async #deliver({ id, accountId }: Webhook, delivery: Delivery): Promise<void> {
    this.#count(accountId, 1);
    delivery.isUnderWay = true;
    let isMore = false;
    const turn = new AbortController();
    const end = new Later(() => turn.abort(new Error(`no answer within ${turnMs / 1000} s`)));
    end.in(turnMs);
    try {
      isMore = await this.#tellSome(id, delivery, AbortSignal.any([this.#stopped.signal, turn.signal]));
    } catch (error) {
      if (!this.#stopped.signal.aborted) this.#retryLater(id, delivery, error);
    } finally {
      end.cancel();
      this.#count(accountId, -1);
      delivery.isUnderWay = false;
      if (this.#options.webhook(id) === undefined) this.#forget(id);
      else if (isMore) this.#wake(id);
      this.#beginWaiting();
    }
  }

  #count(accountId: string, change: 1 | -1): void {
    this.#underWay += change;
    const ofAccount = (this.#underWayOf.get(accountId) ?? 0) + change;
    if (ofAccount === 0) this.#underWayOf.delete(accountId);
    else this.#underWayOf.set(accountId, ofAccount);
  }

  /** True when there may be more. */
  async #tellSome(id: WebhookId, delivery: Delivery, signal: AbortSignal): Promise<boolean> {
    const { webhook: find, eventsAfter, progress, clock } = this.#options;
    const webhook = find(id);
    if (webhook === undefined) return false;
    delivery.toldUpTo ??= await progress.read(id);
    const events = await eventsAfter(webhook.accountId, delivery.toldUpTo, eventsAtOnce);
    const until = clock.elapsed() + turnMs;
    let longestMs = 0;
    for (const event of events) {
      const startedAt = clock.elapsed();
      // One that would be cut off would be told twice.
      if (startedAt + longestMs > until) return true;
      if (clock.now() - event.at <= oldestToldMs) await this.#tell(webhook, delivery, event, signal);
      else Object.assign(delivery, { failures: 0, nextTryAt: null });
      longestMs = Math.max(longestMs, clock.elapsed() - startedAt);
      delivery.toldUpTo = event.id;
      this.#unwritten.set(id, event.id);
      this.#writing.in(progressDelayMs);
      if (find(id) === undefined) return false;
    }
    return events.length > 0;
  }

  async #tell({ id, url }: Webhook, delivery: Delivery, event: RecordedEvent, signal: AbortSignal): Promise<void> {
    const { secretOf, send, clock, logger } = this.#options;
    const secret = secretOf(id);
    if (secret === undefined) return;
    const body = notificationOf(event);
    const headers = {
      'Content-Type': 'application/json',
      'User-Agent': 'Landbridge',
      'Landbridge-Webhook': id,
      'Landbridge-Signature': signatureOf(body, secret, clock.now()),
    };
    await send({ url, body, headers }, signal);
    logger.debug({ webhook: id, event: event.id }, 'webhook told');
    const lastDeliveredAt = clock.now();
    Object.assign(delivery, { failures: 0, lastError: '', lastLogged: '', nextTryAt: null, lastDeliveredAt });
  }

  #retryLater(id: WebhookId, delivery: Delivery, error: unknown): void {
    const { clock, logger } = this.#options;
    const waitMs = Math.min(longestRetryMs, firstRetryMs * 2 ** delivery.failures);
    delivery.failures++;
    delivery.lastError = wordsFor(error);
    delivery.nextTryAt = clock.now() + waitMs;
    const logged = describeError(error);
    if (logged !== delivery.lastLogged) logger.warn({ webhook: id, error: logged }, 'webhook not told');
    delivery.lastLogged = logged;
    delivery.retry.in(waitMs);
  }

  #forget(id: WebhookId): void {
    this.#deliveries.get(id)?.retry.cancel();
    this.#deliveries.delete(id);
    this.#waiting.delete(id);
    this.#unwritten.delete(id);
    this.#options.progress.forget(id).catch((error: unknown) => {
      const message = 'what a webhook that is gone was told is kept until the next start';
      this.#options.logger.warn({ webhook: id, error: describeError(error) }, message);
    });
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

/**
 * For the account, who chose the URL: which names resolve here, which ports are open and what the store says is not theirs to know, so
 * that all of it is one answer.
 */
function wordsFor(error: unknown): string {
  return error instanceof NotTakenError ? error.message : 'it could not be told';
}
