import type { WebhookId } from '../domain/operator/webhook.ts';

/** How it goes with what is told to a webhook. Instants are milliseconds since the epoch. */
export interface DeliveryReport {
  /** Null: nothing yet, or not since the service started. */
  readonly lastDeliveredAt: number | null;
  /** Of the newest try; empty when it did not fail. Tells nothing about this host and its network. */
  readonly lastError: string;
  /** Null: nothing waits for another try. */
  readonly nextTryAt: number | null;
}

/** Who tells them. */
export interface ToldWebhooks {
  /** Refuses a URL that can never be told. */
  checkUrl(url: string): void;
  report(id: WebhookId): DeliveryReport;
  /** There is something to tell to those of the account. */
  poke(accountId: string): void;
  /** One that is there no more is forgotten, with what waits for it. */
  removed(id: WebhookId): void;
}
