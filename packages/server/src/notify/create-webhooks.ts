import { toldKinds } from '../domain/operator/event.ts';
import { publicRanges, type Uplink } from '../domain/operator/uplink.ts';
import type { Rows } from '../image/rows.ts';
import type { Clock } from '../platform/clock.ts';
import type { Logger } from '../platform/logger.ts';
import type { ToldWebhooks } from '../services/told-webhooks.ts';
import type { Secrets } from '../store/secrets.ts';
import type { Store } from '../store/store.ts';
import { guardedPost } from './post.ts';
import { WebhookDeliveries } from './webhook-deliveries.ts';
import { WebhookTargets } from './webhook-targets.ts';

export interface WebhooksOptions {
  readonly rows: Rows;
  readonly secrets: Pick<Secrets, 'webhookSecret'>;
  readonly store: Pick<Store, 'events' | 'webhookProgress'>;
  readonly uplink: Uplink | null;
  readonly allowedNetworks: readonly string[];
  readonly clock: Clock;
  readonly logger: Logger;
}

/** Tells webhooks from the rows and the log of events, once it has begun. */
export function createWebhooks(
  options: WebhooksOptions,
): ToldWebhooks & Pick<WebhookDeliveries, 'stop'> & { begin(): Promise<void> } {
  const { rows, secrets, store, uplink, allowedNetworks, clock, logger } = options;
  const targets = new WebhookTargets({
    allowedNetworks,
    gatewayAddresses: uplink === null ? [] : publicRanges(uplink),
  });
  const deliveries = new WebhookDeliveries({
    webhook: (id) => rows.webhooks.get(id),
    webhooksOf: (accountId) => rows.webhooks.of('account', accountId),
    allWebhooks: () => rows.webhooks.all(),
    secretOf: (id) => secrets.webhookSecret(id),
    eventsAfter: (accountId, id, limit) => store.events.after(accountId, { id, kinds: toldKinds, limit }),
    progress: store.webhookProgress,
    send: guardedPost(targets),
    ...{ clock, logger },
  });
  return {
    checkUrl: (url) => targets.check(url),
    report: (id) => deliveries.report(id),
    poke: (accountId) => deliveries.poke(accountId),
    removed: (id) => deliveries.removed(id),
    begin: async () => {
      await store.webhookProgress.keepOnly(new Set(rows.webhooks.all().map(({ id }) => id)));
      deliveries.begin();
    },
    stop: () => deliveries.stop(),
  };
}
